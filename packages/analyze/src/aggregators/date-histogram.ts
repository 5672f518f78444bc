import { resolveDate } from '@timeskein/query'
import { AnalyzeError } from '../analyze-error.ts'
import type { Aggregator, AggregatorRun, RowsAnswer } from './aggregator.ts'
import { askForField } from './field-question.ts'
import { chartField, fieldField, TIME_FIELDS, textField } from './form-field.ts'
import { MAX_BUCKETS, readText, readTimeRange, refuse, requireField } from './parameters.ts'
import type { TimeInterval } from './time-interval.ts'

type CalendarUnit = 'hour' | 'day' | 'month' | 'year'

/** By what each interval is counted. */
const UNITS: ReadonlyMap<TimeInterval, CalendarUnit> = new Map([
  ['year', 'year'],
  ['month', 'month'],
  ['day', 'day'],
  ['day_of_week', 'day'],
  ['hour', 'hour'],
])

/**
 * Events with a field, or with words in it, over time. The rows are one list in a list, as in Timesketch. Every stretch from the
 * first to the last has a row, also those without events; with `start_time` and `end_time` all between them do.
 */
export const dateHistogram: Aggregator = {
  name: 'date_histogram',
  displayName: 'Date Histogram Aggregation',
  description: 'Aggregates values of a field into a time interval bucket.',
  family: 'legacy',
  isListed: true,
  formFields: [
    chartField(['table', 'heatmap', 'date_histogram']),
    {
      type: 'ts-dynamic-form-select-input',
      name: 'supported_intervals',
      label: 'Time interval',
      options: [...UNITS.keys()],
      default_value: 'day',
      display: true,
    },
    fieldField('What field to aggregate on'),
    textField('field_query_string', 'The filter query to narrow down the result set', 'Query', {
      defaultValue: '*',
    }),
    ...TIME_FIELDS,
  ],
  parameters: ['field', 'field_query_string', 'supported_intervals', 'start_time', 'end_time'],
  run: countOverTime,
}

async function countOverTime(asked: AggregatorRun): Promise<RowsAnswer> {
  const { parameters } = asked
  const field = requireField(parameters)
  const interval = readInterval(readText(parameters, 'supported_intervals', 'day'))
  const unit = UNITS.get(interval)!
  const range = readTimeRange(parameters)
  const bounds = range.kind === 'range' ? readBounds(range.gte, range.lte, unit) : undefined
  const words = readText(parameters, 'field_query_string', '*')
  const result = await asked.store.search({
    scope: asked.scope,
    query: { kind: 'and', of: [askForField(field, words), range] },
    sort: 'asc',
    size: 0,
    aggregations: {
      times: { kind: 'date_histogram', field: 'datetime', interval: { calendar: unit }, minCount: 1 },
    },
    ...(asked.signal === undefined ? {} : { signal: asked.signal }),
  })
  const found = result.aggregations['times']
  const counts = new Map(
    (found?.kind === 'buckets' ? found.buckets : []).map((bucket) => [Number(bucket.key), bucket.count]),
  )
  const starts = listStarts([...counts.keys(), ...(bounds ?? [])], unit)
  return {
    kind: 'rows',
    rows: [starts.map((start) => toRow(start, counts.get(start) ?? 0, interval))],
    title: `Date History Aggregation for ${field}`,
    chart: { kind: 'times', interval },
    tookMs: result.tookMs,
  }
}

function readInterval(name: string): TimeInterval {
  for (const interval of UNITS.keys()) if (interval === name) return interval
  return refuse('supported_intervals', `one of ${[...UNITS.keys()].join(', ')}`, name)
}

/** The stretches in which a closed range begins and ends; undefined when an end is open. */
function readBounds(
  gte: string | number | undefined,
  lte: string | number | undefined,
  unit: CalendarUnit,
): readonly number[] | undefined {
  if (gte === undefined || lte === undefined) return undefined
  const nowUs = BigInt(Date.now()) * 1000n
  const start = resolveDate(gte, { roundUp: false, nowUs })
  const end = resolveDate(lte, { roundUp: true, nowUs })
  if (!start || !end || start.us > end.us) return undefined
  return [floor(Number(start.us) / 1000, unit), floor(Number(end.us) / 1000, unit)]
}

function floor(atMs: number, unit: CalendarUnit): number {
  const date = new Date(Math.floor(atMs))
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  switch (unit) {
    case 'year':
      return Date.UTC(year, 0)
    case 'month':
      return Date.UTC(year, month)
    case 'day':
      return Date.UTC(year, month, day)
    case 'hour':
      return Date.UTC(year, month, day, date.getUTCHours())
    default:
      return unit satisfies never
  }
}

function next(atMs: number, unit: CalendarUnit): number {
  const date = new Date(atMs)
  if (unit === 'hour') return atMs + 3_600_000
  if (unit === 'day') return atMs + 86_400_000
  if (unit === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
  return Date.UTC(date.getUTCFullYear() + 1, 0)
}

/** Begins of all stretches from the first to the last of these. */
function listStarts(some: readonly number[], unit: CalendarUnit): number[] {
  if (some.length === 0) return []
  const first = some.reduce((a, b) => Math.min(a, b))
  const last = some.reduce((a, b) => Math.max(a, b))
  const starts: number[] = []
  for (let start = first; start <= last; start = next(start, unit)) {
    if (starts.length === MAX_BUCKETS)
      throw new AnalyzeError(
        'too-many-buckets',
        `From ${new Date(first).toISOString()} to ${new Date(last).toISOString()} there are more than ${MAX_BUCKETS} intervals of one ${unit}; take a longer interval or a shorter time range.`,
        'supported_intervals',
      )
    starts.push(start)
  }
  return starts
}

function toRow(atMs: number, count: number, interval: TimeInterval): Record<string, unknown> {
  const date = new Date(atMs)
  const isDaily = interval === 'day' || interval === 'day_of_week' || interval === 'hour'
  return {
    timestamp: atMs,
    datetime: date.toISOString(),
    count,
    year: date.getUTCFullYear(),
    ...(interval === 'year' ? {} : { month: date.getUTCMonth() + 1 }),
    // Monday is 0, as in Python.
    ...(isDaily ? { day: date.getUTCDate(), dow: (date.getUTCDay() + 6) % 7 } : {}),
    ...(interval === 'hour' ? { hour: date.getUTCHours() } : {}),
  }
}
