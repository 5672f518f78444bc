import { expect, it } from 'vitest'
import { RowSet } from './row-set.ts'
import { uniteRows } from './unite-rows.ts'

const UNIVERSE = 10_000

/** Every `step`th row from `start` on. */
function every(step: number, start: number): RowSet {
  const count = Math.ceil((UNIVERSE - start) / step)
  return RowSet.fromSorted(
    Uint32Array.from({ length: count }, (_, n) => start + n * step),
    UNIVERSE,
  )
}

it.each([
  ['no set', []],
  ['one', [every(3, 0)]],
  ['two', [every(900, 5), every(2, 1)]],
  ['few rows each', [every(1000, 1), every(700, 3), every(1000, 1)]],
  ['many rows each', [every(2, 0), every(3, 0), every(5, 1)]],
  ['few and many', [every(1000, 999), every(2, 0), every(500, 1), every(3, 2)]],
])('puts together %s', (_, sets) => {
  const wanted = [...new Set(sets.flatMap((set) => [...set]))].sort((a, b) => a - b)
  const before = sets.map((set) => [...set])
  const united = uniteRows(sets, UNIVERSE)
  expect([...united]).toEqual(wanted)
  expect(united.count).toBe(wanted.length)
  expect(sets.map((set) => [...set])).toEqual(before)
})
