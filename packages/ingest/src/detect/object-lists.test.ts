import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { detectJson } from './detect-json.ts'
import { describeObjectLists } from './object-lists.ts'

function describe(text: string, isWhole = true): string | undefined {
  const sample = Buffer.from(text)
  return describeObjectLists(sample, detectJson(sample, isWhole)!)
}

it('tells of one object with several lists of objects, on one line or on several', () => {
  const told =
    'The file is one object with several lists of objects ("A", "B"), and was read as one event; to have the elements of each as events, make a file of each list.'
  const lists = { note: 'x', A: [{ time: '2024-01-01', in: [{ deep: 1 }] }], B: [{ time: '2024-01-02' }] }
  expect(describe(JSON.stringify(lists))).toBe(told)
  expect(describe(`${JSON.stringify(lists, null, 2)}\n`)).toBe(told)
  expect(describe(JSON.stringify(lists).slice(0, -10), false)).toBe(told)
})

it('tells of lists beside the one that holds the events', () => {
  expect(describe('{"events":[{"time":"2024-01-01"}],"alerts":[{"a":1}]}')).toBe(
    'The elements of "events" were read as events; what else the file\'s object has was not, among it lists of objects ("alerts"); to have the elements of each as events, make a file of each list.',
  )
})

it('shows a few of very many names', () => {
  const lists = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${i}`, [{ a: 1 }]]))
  expect(describe(JSON.stringify(lists))).toContain('("l0", "l1", "l2", "l3", "l4" and 4 more)')
})

it.each([
  ['one list', '{"A":[{"a":1}],"B":[1,2],"c":{"D":[{}]}}'],
  ['events line by line', '{"A":[{"a":1}],"B":[{"b":1}]}\n{"A":[{"a":1}],"B":[{"b":1}]}\n'],
  ['an array', '[{"A":[{"a":1}],"B":[{"b":1}]}]'],
  ['a broken object', '{"A":[{"a":1}],"B'],
])('says nothing of %s', (_name, text) => {
  expect(describe(text)).toBeUndefined()
})
