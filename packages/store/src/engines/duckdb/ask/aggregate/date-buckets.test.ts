import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RowSet } from '../../../../text/terms/row-set.ts'
import type { AskContext } from '../ask-context.ts'
import type { SegmentHits } from '../page/event-page.ts'
import { countByTime, makeRounding } from './date-buckets.ts'

const MINUTE = makeRounding({ calendar: 'minute' }, undefined)

it('counts the same whether a segment is hit whole or row by row, in whatever order its rows stand', async () => {
  const times = fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 1, maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(times, fc.boolean(), async (drawn, isOrdered) => {
      const ms = isOrdered ? drawn.toSorted((a, b) => a - b) : drawn
      const order = isOrdered
        ? undefined
        : Uint32Array.from(ms.map((_, row) => row).sort((a, b) => ms[a]! - ms[b]!))
      const timesUs = BigInt64Array.from(ms, (one) => BigInt(one) * 1000n)
      const segment = {
        rowCount: ms.length,
        readTimes: async () => ({ timesUs, nanos: undefined, order }),
      } as SegmentHits['segment']
      const context = { signal: undefined } as AskContext
      const count = async (rows: RowSet): Promise<[number, number][]> =>
        [...(await countByTime([{ index: 'i', segment, rows, context }], MINUTE))].sort(([a], [b]) => a - b)
      const countPlainly = (some: readonly number[]): [number, number][] =>
        [...Map.groupBy(some, (one) => Math.floor(one / 60_000) * 60_000)]
          .map(([key, of]): [number, number] => [key, of.length])
          .sort(([a], [b]) => a - b)
      expect(await count(RowSet.all(ms.length))).toEqual(countPlainly(ms))
      for (const isHit of [(row: number) => row < ms.length - 1, (row: number) => row % 3 === 1]) {
        const rows = Uint32Array.from(ms.keys().filter(isHit))
        const found = await count(RowSet.fromSorted(rows, ms.length))
        expect(found).toEqual(countPlainly(ms.filter((_, row) => isHit(row))))
      }
    }),
  )
})

it('cuts time that is nowhere shifted as it cuts time that is shifted by nothing', () => {
  const intervals = [
    { fixedMs: 1 },
    { fixedMs: 1000 },
    { fixedMs: 86_400_000 * 2.5 },
    { calendar: 'minute' },
    { calendar: 'hour' },
    { calendar: 'day' },
  ] as const
  fc.assert(
    fc.property(fc.integer({ min: -4e12, max: 4e12 }), fc.constantFrom(...intervals), (ms, interval) => {
      const [even, local] = [makeRounding(interval, undefined), makeRounding(interval, '+00:00')]
      const key = even.round(ms)
      expect([key, even.next(key)]).toEqual([local.round(ms), local.next(key)])
      expect(even.next(key) - key).toBe(even.lengthMs)
    }),
  )
})
