import { Turns } from '../turns.ts'
import {
  countByTime,
  type DateRounding,
  fillGaps,
  makeRounding,
  timesInMs,
  visitStretches,
} from './date-buckets.ts'
import type { HitGroup } from './hit-groups.ts'

/**
 * The roundings of OpenSearch's `auto_date_histogram`, finest first, with the multiples in which their stretches may be
 * put together (`AutoDateHistogramAggregationBuilder.buildRoundings`, 2.19).
 */
const ROUNDINGS: readonly {
  readonly unit: string
  readonly multiples: readonly number[]
  readonly rounding: DateRounding
}[] = [
  { unit: 's', multiples: [1, 5, 10, 30], rounding: makeRounding({ fixedMs: 1000 }, undefined) },
  { unit: 'm', multiples: [1, 5, 10, 30], rounding: makeRounding({ calendar: 'minute' }, undefined) },
  { unit: 'h', multiples: [1, 3, 12], rounding: makeRounding({ calendar: 'hour' }, undefined) },
  { unit: 'd', multiples: [1, 7], rounding: makeRounding({ calendar: 'day' }, undefined) },
  { unit: 'M', multiples: [1, 3], rounding: makeRounding({ calendar: 'month' }, undefined) },
  { unit: 'y', multiples: [1, 5, 10, 20, 50, 100], rounding: makeRounding({ calendar: 'year' }, undefined) },
]

/** Buckets of an automatic histogram: key and count, and for each the key that follows it. */
export interface AutoBuckets {
  readonly buckets: readonly { readonly key: number; readonly end: number; readonly count: number }[]
  /** E.g. `5s`, `1d`. */
  readonly interval: string
}

/**
 * Cuts time as OpenSearch does: each index takes the finest rounding whose non-empty stretches are not too many; then the
 * finest at least as coarse whose stretches, gaps included, fit; then neighbours are put together until `most` suffice,
 * counted from the first event's stretch on.
 */
export async function makeAutoBuckets(groups: readonly HitGroup[], most: number): Promise<AutoBuckets> {
  const span = await findSpan(groups)
  if (!span) return { buckets: [], interval: '1s' }
  let at = 0
  for (const group of groups) at = Math.max(at, await findGroupRounding(group, most))
  if (span.firstMs !== span.lastMs) at = findJointRounding(span, at, most)
  const hits = groups.flatMap((group) => group.hits)
  let filled = fillGaps(await countByTime(hits, ROUNDINGS[at]!.rounding), ROUNDINGS[at]!.rounding)
  // With the gaps, and the last stretch, there may be one too many (`mergeBucketsIfNeeded`).
  while (at < ROUNDINGS.length - 1 && filled.length > most * ROUNDINGS[at]!.multiples.at(-1)!) {
    at++
    filled = fillGaps(await countByTime(hits, ROUNDINGS[at]!.rounding), ROUNDINGS[at]!.rounding)
  }
  const { rounding, unit, multiples } = ROUNDINGS[at]!
  const multiple = multiples.find((one) => Math.ceil(filled.length / one) <= most) ?? multiples.at(-1)!
  const buckets: { key: number; end: number; count: number }[] = []
  for (let i = 0; i < filled.length; i += multiple) {
    const joined = filled.slice(i, i + multiple)
    buckets.push({
      key: joined[0]![0],
      end: rounding.next(joined.at(-1)![0]),
      count: joined.reduce((sum, [, count]) => sum + count, 0),
    })
  }
  return { buckets, interval: `${multiple}${unit}` }
}

async function findSpan(
  groups: readonly HitGroup[],
): Promise<{ readonly firstMs: number; readonly lastMs: number } | undefined> {
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  const turns = new Turns()
  for (const { hits } of groups) {
    for (const { segment, rows } of hits) {
      if (turns.isDue) await turns.giveWay()
      if (rows.count === segment.rowCount) {
        firstMs = Math.min(firstMs, toMs(segment.minUs))
        lastMs = Math.max(lastMs, toMs(segment.maxUs))
        continue
      }
      const times = await segment.readTimes()
      const readMs = timesInMs(times)
      if (!times.order) {
        firstMs = Math.min(firstMs, readMs(rows.nextFrom(0)))
        lastMs = Math.max(lastMs, readMs(rows.last))
        continue
      }
      rows.forEach((row) => {
        const ms = readMs(row)
        if (ms < firstMs) firstMs = ms
        if (ms > lastMs) lastMs = ms
      })
    }
  }
  return firstMs <= lastMs ? { firstMs, lastMs } : undefined
}

function toMs(us: bigint): number {
  return Math.floor(Number(us) / 1000)
}

/** The finest rounding whose non-empty stretches in one index are at most `most` times its greatest multiple. */
async function findGroupRounding({ hits }: HitGroup, most: number): Promise<number> {
  for (let at = 0; at < ROUNDINGS.length - 1; at++) {
    const { rounding, multiples } = ROUNDINGS[at]!
    if (await hasAtMost(hits, rounding, most * multiples.at(-1)!)) return at
  }
  return ROUNDINGS.length - 1
}

async function hasAtMost(hits: HitGroup['hits'], rounding: DateRounding, limit: number): Promise<boolean> {
  const seen = new Set<number>()
  for (const one of hits) {
    visitStretches(one, await one.segment.readTimes(), rounding, (key) => seen.add(key).size <= limit)
    if (seen.size > limit) return false
  }
  return true
}

/** `InternalAutoDateHistogram.getAppropriateRounding`: gaps count too. */
function findJointRounding(
  span: { readonly firstMs: number; readonly lastMs: number },
  from: number,
  most: number,
): number {
  const finest = ROUNDINGS[from]!.rounding
  const firstKey = finest.round(span.firstMs)
  const lastKey = finest.round(span.lastMs)
  if (firstKey === lastKey) return from
  for (let at = from; at < ROUNDINGS.length - 1; at++) {
    const { rounding, multiples } = ROUNDINGS[at]!
    const { lengthMs } = rounding
    const limit = most * multiples.at(-1)!
    const start = rounding.round(firstKey)
    const needed =
      lengthMs === undefined
        ? countStretches(rounding, start, lastKey, limit)
        : Math.ceil((lastKey - start) / lengthMs)
    if (needed <= limit) return at
  }
  return ROUNDINGS.length - 1
}

/** Stretches from one that begins at `startKey` up to `endKey` (exclusive), or more than `limit`. */
function countStretches(rounding: DateRounding, startKey: number, endKey: number, limit: number): number {
  let count = 0
  for (let key = startKey; key < endKey && count <= limit; key = rounding.next(key)) count++
  return count
}
