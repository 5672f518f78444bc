import { expect, it } from 'vitest'
import { makeBatch } from '../../../contract/make-batch.ts'
import { selectRows } from './select-rows.ts'

it('makes the batch that the kept rows alone would have made', () => {
  const rows = [
    { n: 1, tag: ['a', 'b'], only: 'dropped' },
    { n: 2.5, flag: true },
    { n: 3, tag: ['c', 'd', 'e'], text: '' },
    { datetime: '2020-01-01T00:00:00.000000007Z', tag: 'é'.repeat(20) },
  ]
  const whole = makeBatch(rows)
  const kept = Uint32Array.of(1, 3)
  const expected = makeBatch([rows[1]!, rows[3]!])
  const selected = selectRows(whole, kept)
  expect(selected.source).toEqual(expected.source)
  expect(selected.nanos).toEqual(expected.nanos)
  expect([...selected.lines]).toEqual([2, 4])
  expect(selected.timesUs).toEqual(BigInt64Array.of(whole.timesUs[1]!, whole.timesUs[3]!))
  const byName = (batch: typeof whole) =>
    batch.columns.toSorted((a, b) => (a.field + a.kind < b.field + b.kind ? -1 : 1))
  expect(byName(selected)).toEqual(byName(expected))
})
