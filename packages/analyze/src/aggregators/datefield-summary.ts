import type { DateHistogramAggregation } from '@timeskein/query'
import type { Aggregator, AggregatorRun, RowsAnswer } from './aggregator.ts'
import { askForField } from './field-question.ts'
import { TIME_FIELDS, textField } from './form-field.ts'
import { readText, readTimeRange, refuse, requireField } from './parameters.ts'

interface Clock {
  /** The histogram's name. */
  readonly name: string
  readonly unit: 'year' | 'month' | 'day' | 'hour'
  readonly read: (date: Date) => number
  /** Keys that are there also without events; undefined: from the first to the last. */
  readonly bounds?: readonly [first: number, last: number]
}

/** What a clock or calendar says, by interval; week days count from Sunday, 0. */
const CLOCKS: ReadonlyMap<string, Clock> = new Map([
  ['year', { name: 'year_histogram', unit: 'year', read: (date) => date.getUTCFullYear() }],
  [
    'month',
    { name: 'month_histogram', unit: 'month', read: (date) => date.getUTCMonth() + 1, bounds: [1, 12] },
  ],
  ['day', { name: 'day_histogram', unit: 'day', read: (date) => date.getUTCDay(), bounds: [0, 6] }],
  ['hour', { name: 'hour_histogram', unit: 'hour', read: (date) => date.getUTCHours(), bounds: [0, 23] }],
  [
    'hour-day',
    {
      name: 'hour_of_week_histogram',
      unit: 'hour',
      read: (date) => date.getUTCDay() * 24 + date.getUTCHours(),
      bounds: [0, 167],
    },
  ],
])

/** At which years, months, week days or hours the events are that have a field. One row, shaped as OpenSearch's histograms. */
export const datefieldSummary: Aggregator = {
  name: 'datefield_summary',
  displayName: 'Date field summary aggregations',
  description: 'Date field statistics for a user supplied field.',
  family: 'legacy',
  isListed: false,
  formFields: [
    textField('field', 'What field to aggregate on', 'Enter a field to aggregate'),
    textField('field_query_string', 'The filter query to narrow down the result set', 'Query', {
      defaultValue: '*',
    }),
    ...TIME_FIELDS,
  ],
  parameters: ['field', 'field_query_string', 'start_time', 'end_time', 'date_interval'],
  run: countByClock,
}

async function countByClock(asked: AggregatorRun): Promise<RowsAnswer> {
  const { parameters } = asked
  const field = requireField(parameters)
  const name = readText(parameters, 'date_interval', 'year')
  const clock =
    CLOCKS.get(name.toLowerCase()) ??
    refuse('date_interval', 'one of Year, Month, Day, Hour, Hour-Day', parameters['date_interval'])
  const interval: DateHistogramAggregation['interval'] = { calendar: clock.unit }
  const result = await asked.store.search({
    scope: asked.scope,
    query: {
      kind: 'and',
      of: [askForField(field, readText(parameters, 'field_query_string', '*')), readTimeRange(parameters)],
    },
    sort: 'asc',
    size: 0,
    aggregations: { times: { kind: 'date_histogram', field: 'datetime', interval, minCount: 1 } },
    ...(asked.signal === undefined ? {} : { signal: asked.signal }),
  })
  const counts = new Map<number, number>()
  const found = result.aggregations['times']
  for (const bucket of found?.kind === 'buckets' ? found.buckets : []) {
    const key = clock.read(new Date(Number(bucket.key)))
    counts.set(key, (counts.get(key) ?? 0) + bucket.count)
  }
  const keys = [...counts.keys()].sort((a, b) => a - b)
  const [first, last] = clock.bounds ?? [keys[0] ?? 0, keys.at(-1) ?? -1]
  const buckets = Array.from({ length: last - first + 1 }, (_, index) => ({
    key: first + index,
    doc_count: counts.get(first + index) ?? 0,
  }))
  return {
    kind: 'rows',
    rows: [{ [clock.name]: { buckets } }],
    title: `Date field summary aggregations for "${field}"`,
    chart: undefined,
    tookMs: result.tookMs,
  }
}
