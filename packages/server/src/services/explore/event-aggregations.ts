import { formatIsoTime } from '@timeskein/model'
import type { Aggregation, AggregationResult } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import type { ExploreQuestion, ExploreService } from './explore-service.ts'
import { chooseInterval } from './histogram-interval.ts'

/** Buckets that a histogram aims at when nobody names an interval. */
const AUTO_BUCKETS = 50

/** How many events there are from time to time. */
export interface TimeHistogram {
  /** As it was asked for; one that was chosen as OpenSearch writes it: `1d`, `3h`. */
  readonly interval: string
  /** `time` is the ISO 8601 begin of a bucket; in the order of time. */
  readonly buckets: { readonly time: string; readonly count: number }[]
}

/** A field's commonest values, the commonest first. */
export interface TopValues {
  readonly buckets: { readonly value: string | number | boolean; readonly count: number }[]
  /** Events in values beyond those listed. */
  readonly otherCount: number
}

/**
 * Events over time; buckets without events are left out.
 *
 * @param interval - As people type it (`chooseInterval`); what fits when left out.
 * @throws {DomainError} `invalid` (`bad-interval`, `no-timelines`).
 */
export async function countOverTime(
  explore: ExploreService,
  principal: Principal,
  question: ExploreQuestion,
  interval?: string,
): Promise<TimeHistogram> {
  const aggregations = { time: aggregateTimes(interval) }
  const result = await explore.search(principal, { ...question, size: 0, aggregations })
  const histogram = readTimes(result.aggregations['time'])
  return {
    interval: histogram.interval === '' ? (interval ?? '') : histogram.interval,
    buckets: histogram.buckets.filter((bucket) => bucket.count > 0),
  }
}

/** A field's commonest values among the events that answer. @throws {DomainError} `invalid` (`no-timelines`). */
export async function countValues(
  explore: ExploreService,
  principal: Principal,
  question: ExploreQuestion,
  field: string,
  size: number,
): Promise<TopValues> {
  const aggregations = { top: aggregateValues(field, size) }
  const result = await explore.search(principal, { ...question, size: 0, aggregations })
  return readValues(result.aggregations['top'])
}

/** Asks for a histogram beside a page of events. @throws {DomainError} `invalid` (`bad-interval`). */
export function aggregateTimes(interval?: string): Aggregation {
  return interval === undefined
    ? { kind: 'auto_date_histogram', field: 'datetime', buckets: AUTO_BUCKETS }
    : { kind: 'date_histogram', field: 'datetime', interval: chooseInterval(interval), minCount: 1 }
}

/** Asks for a field's commonest values beside a page of events. */
export function aggregateValues(field: string, size: number): Aggregation {
  return { kind: 'terms', field, size, order: { by: '_count', direction: 'desc' }, minCount: 1 }
}

/** Reads what `aggregateTimes` asked for. */
export function readTimes(found: AggregationResult | undefined): TimeHistogram {
  if (found?.kind !== 'buckets') throw new Error('a histogram did not come back as buckets')
  return {
    interval: found.interval ?? '',
    buckets: found.buckets.map((bucket) => ({
      time: formatIsoTime(BigInt(bucket.key) * 1000n),
      count: bucket.count,
    })),
  }
}

/** Reads what `aggregateValues` asked for. */
export function readValues(found: AggregationResult | undefined): TopValues {
  if (found?.kind !== 'buckets') throw new Error('the values of a field did not come back as buckets')
  return {
    buckets: found.buckets.map((bucket) => ({ value: bucket.key, count: bucket.count })),
    otherCount: found.otherCount,
  }
}
