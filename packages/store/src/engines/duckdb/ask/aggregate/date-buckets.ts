import type { DateHistogramAggregation } from '@timeskein/query'
import { findTimeZone, localToUtcMs, type OffsetAt, QueryError } from '@timeskein/query'
import type { SegmentTimes } from '../../index-handle.ts'
import type { SegmentHits } from '../page/event-page.ts'
import { Turns } from '../turns.ts'

/** Buckets that one histogram may have: OpenSearch's `search.max_buckets`. */
export const MAX_BUCKETS = 65_535

/** How time is cut into stretches. Keys and times are milliseconds since 1970. */
export interface DateRounding {
  /** Key of the stretch a time lies in: its first millisecond. */
  round(ms: number): number
  /** Key of the next stretch. */
  next(key: number): number
  /** Of stretches that are all of one length. */
  readonly lengthMs?: number
}

/** One row in so many must be hit for counting between places to beat looking at each hit's time. */
const MIN_DENSITY = 64

const CALENDAR_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const

/**
 * The rounding of a histogram's interval.
 *
 * @throws {RangeError} When the zone is unknown or the fixed length is not positive.
 */
export function makeRounding(
  interval: DateHistogramAggregation['interval'],
  timeZone: string | undefined,
): DateRounding {
  const offsetAt = findTimeZone(timeZone ?? 'UTC')
  if (!offsetAt) throw new RangeError(`date histogram: time zone expected, found ${JSON.stringify(timeZone)}`)
  const isUtc = timeZone === undefined || timeZone === 'UTC'
  if ('fixedMs' in interval) {
    const { fixedMs } = interval
    if (!(fixedMs >= 1))
      throw new RangeError(`date histogram: interval of 1 ms or more expected, found ${fixedMs}`)
    if (isUtc) return evenRounding(fixedMs)
    return localRounding(
      offsetAt,
      (local) => Math.floor(local / fixedMs) * fixedMs,
      (local) => local + fixedMs,
    )
  }
  const { calendar } = interval
  if (isUtc && (calendar === 'minute' || calendar === 'hour' || calendar === 'day'))
    return evenRounding(CALENDAR_MS[calendar])
  switch (calendar) {
    case 'minute':
    case 'hour': {
      const length = CALENDAR_MS[calendar]
      return {
        round: (ms) => {
          const local = ms + offsetAt(ms)
          return ms - (local - Math.floor(local / length) * length)
        },
        next: (key) => key + length,
      }
    }
    case 'day':
      return localRounding(
        offsetAt,
        (local) => Math.floor(local / 86_400_000) * 86_400_000,
        (local) => local + 86_400_000,
      )
    case 'week': {
      // 1970-01-01 was a Thursday; weeks begin on Monday (ISO 8601).
      const shift = 3 * CALENDAR_MS.day
      return localRounding(
        offsetAt,
        (local) => Math.floor((local + shift) / CALENDAR_MS.week) * CALENDAR_MS.week - shift,
        (local) => local + CALENDAR_MS.week,
      )
    }
    case 'month':
      return monthRounding(offsetAt, 1)
    case 'quarter':
      return monthRounding(offsetAt, 3)
    case 'year':
      return monthRounding(offsetAt, 12)
  }
}

function evenRounding(lengthMs: number): DateRounding {
  return {
    round: (ms) => Math.floor(ms / lengthMs) * lengthMs,
    next: (key) => key + lengthMs,
    lengthMs,
  }
}

function monthRounding(offsetAt: OffsetAt, months: number): DateRounding {
  const monthOf = (local: number): number => {
    const date = new Date(local)
    return date.getUTCFullYear() * 12 + date.getUTCMonth()
  }
  const startOf = (month: number): number => {
    const date = new Date(0)
    date.setUTCFullYear(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1)
    return date.getTime()
  }
  return localRounding(
    offsetAt,
    (local) => startOf(Math.floor(monthOf(local) / months) * months),
    (local) => startOf(monthOf(local) + months),
  )
}

function localRounding(
  offsetAt: OffsetAt,
  floor: (local: number) => number,
  next: (local: number) => number,
): DateRounding {
  return {
    round: (ms) => localToUtcMs(floor(ms + offsetAt(ms)), offsetAt),
    next: (key) => localToUtcMs(next(key + offsetAt(key)), offsetAt),
  }
}

/** How many hits each stretch of time has. */
export async function countByTime(
  hits: readonly SegmentHits[],
  rounding: DateRounding,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>()
  const turns = new Turns()
  for (const one of hits) {
    if (turns.isDue) await turns.giveWay()
    one.context.signal?.throwIfAborted()
    visitStretches(one, await one.segment.readTimes(), rounding, (key, count) => {
      counts.set(key, (counts.get(key) ?? 0) + count)
      return true
    })
  }
  return counts
}

/**
 * Tells the stretches of time in which hits of a segment are, with how many are in each; the same one may come several times. Of
 * a segment that stands in the order of time, or is hit whole, it looks at the ends of stretches only where hits are dense.
 *
 * @param visit - Returns false to end it.
 */
export function visitStretches(
  { segment, rows }: Pick<SegmentHits, 'segment' | 'rows'>,
  times: SegmentTimes,
  rounding: DateRounding,
  visit: (key: number, count: number) => boolean,
): void {
  const readMs = timesInMs(times)
  if (rows.count === segment.rowCount) {
    const { order } = times
    const readPlace = order ? (place: number): number => readMs(order[place]!) : readMs
    for (let place = 0; place < segment.rowCount; ) {
      const key = rounding.round(readPlace(place))
      const end = findPlace(readPlace, rounding.next(key), place, segment.rowCount)
      if (!visit(key, end - place)) return
      place = end
    }
    return
  }
  if (!times.order && rows.count * MIN_DENSITY >= segment.rowCount) {
    for (let row = rows.nextFrom(0); row >= 0; ) {
      const key = rounding.round(readMs(row))
      const end = findPlace(readMs, rounding.next(key), row, segment.rowCount)
      if (!visit(key, rows.countIn(row, end))) return
      row = rows.nextFrom(end)
    }
    return
  }
  let key = 0
  let end = Number.NEGATIVE_INFINITY
  let count = 0
  let goesOn = true
  rows.forEach((row) => {
    if (!goesOn) return
    const ms = readMs(row)
    if (ms < key || ms >= end) {
      if (count > 0) goesOn = visit(key, count)
      count = 0
      key = rounding.round(ms)
      end = rounding.next(key)
    }
    count++
  })
  if (goesOn && count > 0) visit(key, count)
}

/** The first place whose time is not before `endMs`, of places in the order of time: stretches are short beside a segment. */
function findPlace(readPlace: (place: number) => number, endMs: number, from: number, to: number): number {
  let low = from + 1
  for (let step = 1; low < to && readPlace(low) < endMs; step *= 2) low += step
  let high = Math.min(low, to)
  low = from + 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (readPlace(middle) < endMs) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Reads times as whole milliseconds. The 64-bit numbers are read in two halves, as a bigint for each row would cost
 * most of the time; beyond 2^53 microseconds (the year 2255) the last microsecond may be lost.
 */
export function timesInMs({ timesUs }: SegmentTimes): (row: number) => number {
  const low = new Uint32Array(timesUs.buffer, timesUs.byteOffset, timesUs.length * 2)
  const high = new Int32Array(timesUs.buffer, timesUs.byteOffset, timesUs.length * 2)
  return (row) => Math.floor((high[2 * row + 1]! * 4_294_967_296 + low[2 * row]!) / 1000)
}

/**
 * Puts counts in order, with a bucket of no events for each stretch between the first and the last.
 *
 * @throws {QueryError} When that makes more than `MAX_BUCKETS`.
 */
export function fillGaps(counts: ReadonlyMap<number, number>, rounding: DateRounding): [number, number][] {
  const keys = [...counts.keys()].sort((a, b) => a - b)
  const filled: [number, number][] = []
  const last = keys.at(-1)
  if (last === undefined) return filled
  for (let key = keys[0]!; key <= last; key = rounding.next(key)) {
    filled.push([key, counts.get(key) ?? 0])
    if (filled.length > MAX_BUCKETS) {
      throw new QueryError(
        `histogram: at most ${MAX_BUCKETS} buckets expected; choose a longer interval, or leave out empty ones (minimum count 1)`,
        'histogram',
        0,
      )
    }
  }
  return filled
}
