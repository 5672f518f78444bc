import { type Aggregation, parseLucene, type Query } from '@timeskein/query'
import { abort } from '../errors.ts'
import { text } from '../request.ts'
import { type AggregatorAnswer, type AggregatorCall, requireField } from './aggregator-call.ts'

type CalendarUnit = 'hour' | 'day' | 'month' | 'year'

/** What an interval of the aggregator is counted by and which parts of the date its rows carry. */
const INTERVALS: ReadonlyMap<string, { unit: CalendarUnit; parts: readonly string[] }> = new Map([
  ['year', { unit: 'year', parts: [] }],
  ['month', { unit: 'month', parts: ['month'] }],
  ['day', { unit: 'day', parts: ['month', 'day'] }],
  ['day_of_week', { unit: 'day', parts: ['dow'] }],
  ['hour', { unit: 'hour', parts: ['month', 'day', 'hour'] }],
])

/** Events with a field, or with words in it, over time (reference, section 7.1). The rows are a list in a list. */
export async function dateHistogram(asked: AggregatorCall): Promise<AggregatorAnswer> {
  const { call, parameters } = asked
  const field = requireField(parameters)
  const name = text(parameters, 'supported_intervals') || 'day'
  const interval = INTERVALS.get(name)
  if (!interval) {
    abort(
      400,
      `Unable to run the aggregation, with error: the interval needs to be one of ${[...INTERVALS.keys()].join(', ')}, found ${name}`,
    )
  }
  const words = text(parameters, 'field_query_string') || '*'
  const query: Query =
    words === '*'
      ? { kind: 'exists', field }
      : parseLucene(`${field}:"${words.replaceAll(/["\\]/g, '\\$&')}"`, { defaultOperator: 'and' })
  const aggregation: Aggregation = {
    kind: 'date_histogram',
    field: 'datetime',
    interval: { calendar: interval.unit },
    minCount: 0,
  }
  const result = await call.services.explore.search(call.principal, {
    sketchId: call.sketch.id,
    selection: asked.selection,
    query: { kind: 'and', of: [query, asked.range] },
    size: 0,
    aggregations: { histogram: aggregation },
    signal: call.signal,
  })
  const found = result.aggregations['histogram']
  const buckets = found?.kind === 'buckets' ? found.buckets : []
  const rows = buckets.map((bucket) => row(Number(bucket.key), bucket.count, interval.parts))
  return { buckets: [rows], tookMs: result.tookMs }
}

function row(atMs: number, count: number, parts: readonly string[]): Record<string, unknown> {
  const date = new Date(atMs)
  const all: Readonly<Record<string, number>> = {
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    // Monday is 1, as in ISO 8601.
    dow: date.getUTCDay() || 7,
    hour: date.getUTCHours(),
  }
  return {
    timestamp: atMs,
    datetime: date.toISOString(),
    count,
    year: date.getUTCFullYear(),
    ...Object.fromEntries(parts.map((part) => [part, all[part]])),
  }
}
