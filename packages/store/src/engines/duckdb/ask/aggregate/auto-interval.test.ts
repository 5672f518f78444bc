import { describe, expect, it } from 'vitest'
import { RowSet } from '../../../../text/terms/row-set.ts'
import type { AskContext } from '../ask-context.ts'
import type { SegmentHits } from '../page/event-page.ts'
import { makeAutoBuckets } from './auto-interval.ts'
import { fillGaps, makeRounding } from './date-buckets.ts'

/** Hits at these milliseconds, as one segment of one index. */
function hitsAt(...times: number[]): { context: AskContext; hits: SegmentHits[] } {
  const timesUs = BigInt64Array.from(times, (ms) => BigInt(ms) * 1000n)
  const context = { signal: undefined } as AskContext
  const segment = {
    rowCount: times.length,
    minUs: BigInt(Math.min(...times)) * 1000n,
    maxUs: BigInt(Math.max(...times)) * 1000n,
    readTimes: async () => ({ timesUs, nanos: undefined, order: undefined }),
  } as SegmentHits['segment']
  return { context, hits: [{ index: 'i', segment, rows: RowSet.all(times.length), context }] }
}

const SECOND = 1000
const DAY = 86_400_000

describe('makeAutoBuckets', () => {
  it.each<[string, number[], number, string, number]>([
    ['one event', [5 * DAY + 5], 50, '1s', 1],
    ['some seconds', [0, 49 * SECOND], 50, '1s', 50],
    ['a minute', [0, 59 * SECOND], 50, '5s', 12],
    ['twenty minutes', [0, 1200 * SECOND], 50, '30s', 41],
    ['a day', [0, DAY - 1], 50, '30m', 48],
    ['a day and an hour, which are one stretch too many', [0, 25 * 3600 * SECOND], 50, '1h', 26],
    ['a month', [0, 33 * DAY], 50, '1d', 34],
    ['a century', [0, 36_524 * DAY], 50, '5y', 20],
    ['before 1970', [-33 * DAY, 0], 50, '1d', 34],
  ])('%s', async (_, times, most, interval, count) => {
    const found = await makeAutoBuckets([hitsAt(...times)], most)
    expect([found.interval, found.buckets.length]).toEqual([interval, count])
    expect(found.buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(times.length)
  })

  it('finds nothing in nothing', async () => {
    expect(await makeAutoBuckets([], 50)).toEqual({ buckets: [], interval: '1s' })
  })
})

describe('roundings', () => {
  it('keep to local days when clocks are changed', () => {
    const days = makeRounding({ calendar: 'day' }, 'Europe/Zurich')
    const key = days.round(Date.UTC(2024, 2, 31, 12))
    expect(new Date(key).toISOString()).toBe('2024-03-30T23:00:00.000Z')
    expect((days.next(key) - key) / 3_600_000).toBe(23)
  })

  it('begin weeks on Monday and quarters in January', () => {
    const time = Date.UTC(2024, 4, 15)
    expect(new Date(makeRounding({ calendar: 'week' }, undefined).round(time)).toISOString()).toBe(
      '2024-05-13T00:00:00.000Z',
    )
    expect(new Date(makeRounding({ calendar: 'quarter' }, undefined).round(time)).toISOString()).toBe(
      '2024-04-01T00:00:00.000Z',
    )
  })

  it('refuse an unknown zone, and more buckets than anyone can look at', () => {
    expect(() => makeRounding({ calendar: 'day' }, 'Mars/Olympus')).toThrow(/time zone expected/)
    expect(() => makeRounding({ fixedMs: 0 }, undefined)).toThrow(/1 ms or more/)
    const second = makeRounding({ fixedMs: 1000 }, undefined)
    const fill = (): unknown =>
      fillGaps(
        new Map([
          [0, 1],
          [DAY, 1],
        ]),
        second,
      )
    expect(fill).toThrow(/at most 65535 buckets/)
    expect(fill).toThrow(expect.objectContaining({ name: 'QueryError' }))
  })
})
