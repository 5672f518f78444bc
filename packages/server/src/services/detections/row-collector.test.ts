import { expect, test } from 'vitest'
import { RowCollector } from './row-collector.ts'

test('rows come back ascending and once, whether few or many', () => {
  const few = new RowCollector()
  few.add(Uint32Array.of(7, 3, 3))
  few.add(Uint32Array.of(0, 4_294_967_294))
  expect([...few.toRows()]).toEqual([0, 3, 7, 4_294_967_294])

  const many = new RowCollector()
  const even = Uint32Array.from({ length: 100_000 }, (_, row) => row * 2)
  many.add(Uint32Array.of(31, 63))
  many.add(even)
  many.add(even.slice(0, 10))
  many.add(Uint32Array.of(199_999, 1))
  const rows = many.toRows()
  expect(rows).toHaveLength(100_004)
  expect(rows.every((row, at) => at === 0 || row > rows[at - 1]!)).toBe(true)
  expect([...rows.slice(0, 3), rows.includes(31), rows.at(-1)]).toEqual([0, 1, 2, true, 199_999])
})

test('a list that is changed afterwards changes nothing', () => {
  const collector = new RowCollector()
  const rows = Uint32Array.of(1, 2)
  collector.add(rows)
  rows.fill(9)
  expect([...collector.toRows()]).toEqual([1, 2])
})
