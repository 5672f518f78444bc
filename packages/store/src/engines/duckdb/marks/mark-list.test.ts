import { expect, it } from 'vitest'
import { MarkList } from './mark-list.ts'
import type { MarkRecord } from './mark-record.ts'

const record = (operationId: string): MarkRecord => ({ operationId }) as MarkRecord
const idsOf = (list: MarkList, start = 0): string[] => [...list.from(start)].map((one) => one.operationId)

it('goes on without changing what was there', () => {
  const one = MarkList.of([record('a')])
  const two = one.append([record('b')])
  const three = two.append([record('c'), record('d')])
  expect([idsOf(one), idsOf(two), idsOf(three, 1)]).toEqual([['a'], ['a', 'b'], ['b', 'c', 'd']])
  expect(three.continues(one)).toBe(true)
  expect(one.continues(three)).toBe(false)
  expect(one.append([])).toBe(one)
  expect(three.last?.operationId).toBe('d')
})

it('parts from a list that goes on elsewhere', () => {
  const one = MarkList.of([record('a')])
  const left = one.append([record('b')])
  const right = one.append([record('c')])
  expect([idsOf(left), idsOf(right)]).toEqual([
    ['a', 'b'],
    ['a', 'c'],
  ])
  expect(right.continues(left)).toBe(false)
  expect(right.continues(one)).toBe(false)
})
