import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLogins, openTestStore, type TestStore } from '../testing/open-test-store.ts'
import type { RowsAnswer, SeriesAnswer } from './aggregator.ts'
import { AGGREGATORS, findAggregator, runAggregator } from './find-aggregator.ts'

let events: TestStore
beforeAll(async () => {
  events = await openTestStore(makeLogins())
})
afterAll(async () => {
  await events[Symbol.asyncDispose]()
})

async function run(name: string, parameters: Record<string, unknown>) {
  const { store, scope } = events
  return await runAggregator(findAggregator(name), { store, scope, sketchId: 1, parameters })
}
async function rows(name: string, parameters: Record<string, unknown>): Promise<readonly unknown[]> {
  return ((await run(name, parameters)) as RowsAnswer).rows
}
async function series(name: string, field: string, type: string, options: object): Promise<SeriesAnswer> {
  const fields = [{ field, type }]
  const parameters = { fields, aggregator_options: options, chart_type: 'column', chart_options: {} }
  return (await run(name, parameters)) as SeriesAnswer
}

test('a field bucket counts whole values, the commonest first, as many as are wanted', async () => {
  expect(await rows('field_bucket', { field: 'user', limit: '2' })).toEqual([
    { user: 'user0', count: 12 },
    { user: 'user1', count: 12 },
  ])
  expect(await rows('field_bucket', { field: 'status', limit: 1 })).toEqual([{ status: 200, count: 20 }])
})

test('a field bucket heeds the time range, both ends included', async () => {
  const times = { start_time: '2024-02-01T00:00:00', end_time: '2024-02-01 04:00:00' }
  expect(await rows('field_bucket', { field: 'user', ...times })).toHaveLength(5)
  expect(
    await rows('field_bucket', { field: 'user', ...times, end_time: '2024-02-01T01:00:00' }),
  ).toHaveLength(2)
})

test('a query bucket counts among the events that answer, by words or by DSL', async () => {
  const expected = [{ user: 'user0', count: 4 }]
  const limit = 1
  expect(await rows('query_bucket', { field: 'user', query_string: 'accepted', limit })).toEqual(expected)
  const query_dsl = JSON.stringify({ query: { match: { message: 'accepted' } } })
  expect(await rows('query_bucket', { field: 'user', query_dsl, limit })).toEqual(expected)
  await expect(rows('query_bucket', { field: 'user' })).rejects.toThrow(
    'Both query_string and query_dsl are missing',
  )
})

test('a date histogram has a row for every stretch, in one list', async () => {
  const [days] = (await rows('date_histogram', { field: 'user' })) as [Record<string, unknown>[]]
  expect(days.map((row) => [row['datetime'], row['count']])).toEqual([
    ['2024-02-01T00:00:00.000Z', 24],
    ['2024-02-02T00:00:00.000Z', 24],
    ['2024-02-03T00:00:00.000Z', 12],
  ])
  // 2024-02-01 was a Thursday; Monday is 0.
  expect(days[0]).toEqual({
    timestamp: Date.UTC(2024, 1, 1),
    datetime: '2024-02-01T00:00:00.000Z',
    count: 24,
    year: 2024,
    month: 2,
    day: 1,
    dow: 3,
  })
})

test('a date histogram reaches from end to end of its time range, with nothing where nothing is', async () => {
  const [months] = (await rows('date_histogram', {
    field: 'user',
    field_query_string: 'user1',
    supported_intervals: 'month',
    start_time: '2023-12-15T00:00:00',
    end_time: '2024-03-01',
  })) as [Record<string, unknown>[]]
  expect(months.map((row) => [row['year'], row['month'], row['count']])).toEqual([
    [2023, 12, 0],
    [2024, 1, 0],
    [2024, 2, 12],
    [2024, 3, 0],
  ])
})

test('a date histogram of too many stretches is refused before it fills the memory', async () => {
  const parameters = { field: 'user', supported_intervals: 'hour' }
  const times = { start_time: '1601-01-01', end_time: '2024-01-01' }
  await expect(rows('date_histogram', { ...parameters, ...times })).rejects.toMatchObject({
    code: 'too-many-buckets',
  })
})

test('rows and charts that were made elsewhere come back', async () => {
  expect(await rows('manual_feed', { data: [{ name: 'x', count: 3 }] })).toEqual([{ name: 'x', count: 3 }])
  await expect(rows('manual_feed', { data: [] })).rejects.toThrow('Data is missing')
  const data = { mark: 'bar', datasets: { a: [{ x: 1 }], b: [{ x: 2 }] } }
  expect(await rows('manual_vega', { data })).toEqual([{ x: 1 }, { x: 2 }])
})

test('a field summary tells values, times and percentiles', async () => {
  const [summary] = (await rows('field_summary', { field: 'user', field_query_string: 'user1' })) as [
    Record<string, never>,
  ]
  expect(summary).toMatchObject({
    value_count: { value: 12 },
    value_cardinality: { value: 1 },
    datetime_min: { value: Date.UTC(2024, 1, 1, 1), value_as_string: '2024-02-01T01:00:00.000Z' },
    datetime_max: { value_as_string: '2024-02-03T08:00:00.000Z' },
    all_values: { doc_count: 60, field_count: { value: 60 }, field_cardinality: { value: 5 } },
  })
  // The events are 5 hours apart; between the 3rd and the 4th is the quarter, between the 6th and the 7th the middle.
  expect(summary['datetime_percentiles']).toMatchObject({
    values: {
      '1.0': Date.UTC(2024, 1, 1, 1),
      '25.0_as_string': '2024-02-01T13:30:00.000Z',
      '50.0_as_string': '2024-02-02T04:30:00.000Z',
      '99.0': Date.UTC(2024, 1, 3, 8),
    },
  })
})

test('a field summary of a field that no event has is all nothing', async () => {
  const [summary] = await rows('field_summary', { field: 'nobody' })
  expect(summary).toMatchObject({
    value_count: { value: 0 },
    datetime_min: { value: null },
    datetime_percentiles: { values: { '50.0': null } },
  })
})

test('a summary of dates counts by the clock', async () => {
  const [hours] = (await rows('datefield_summary', { field: 'user', date_interval: 'Hour' })) as [
    { hour_histogram: { buckets: { key: number; doc_count: number }[] } },
  ]
  expect(hours.hour_histogram.buckets).toHaveLength(24)
  expect(hours.hour_histogram.buckets[0]).toEqual({ key: 0, doc_count: 3 })
  expect(hours.hour_histogram.buckets[23]).toEqual({ key: 23, doc_count: 2 })
})

test('histograms give events and a figure beside the begins of their stretches', async () => {
  const calendar = await series('calendar_date_histogram', 'status', 'long', {
    calendar_interval: 'day',
    metric: 'max',
  })
  expect(calendar).toMatchObject({
    series: { doc_count: [24, 24, 12], max: [202, 202, 202] },
    labels: ['2024-02-01T00:00:00.000Z', '2024-02-02T00:00:00.000Z', '2024-02-03T00:00:00.000Z'],
    raw: { buckets: [{ doc_count: 24, max: { value: 202 } }, {}, {}] },
    total: 60,
  })
  const auto = await series('auto_date_histogram', 'datetime', 'datetime', { max_items: 5 })
  expect(auto).toMatchObject({ raw: { interval: '12h' }, series: { value_count: [12, 12, 12, 12, 12] } })
})

test('terms, rare ones and a single figure', async () => {
  expect(await series('top_terms', 'user', 'text', { max_items: 2 })).toMatchObject({
    labels: ['user0', 'user1'],
    series: { value_count: [12, 12] },
    raw: { sum_other_doc_count: 36 },
  })
  expect(await series('rare_terms', 'rare', 'text', { max_items: 1 })).toMatchObject({
    labels: ['r1', 'r2'],
    series: { value_count: [1, 1] },
  })
  expect(await series('single_metric', 'user', 'text', { metric: 'cardinality' })).toMatchObject({
    labels: ['cardinality'],
    series: { user: [5] },
    raw: { value: 5 },
  })
})

test('timelines, words and chips narrow what is counted', async () => {
  const chip = { type: 'term', field: 'user', value: 'user1', operator: 'must' }
  const count = async (options: object) => (await series('top_terms', 'user', 'text', options)).total
  expect(await count({ timeline_ids: [1] })).toBe(60)
  expect(await count({ timeline_ids: [2] })).toBe(0)
  expect(await count({ query_string: 'accepted' })).toBe(20)
  expect(await count({ query_chips: [chip] })).toBe(12)
  expect(await count({ query_chips: [{ ...chip, active: false }] })).toBe(60)
})

test.each([
  ['field_bucket', { nonsense: 1 }, 'no parameter "nonsense"'],
  ['field_bucket', {}, 'a field is needed'],
  ['field_bucket', { field: 'user', limit: 'many' }, 'limit: a number above 0'],
  ['field_bucket', { field: 'user', start_time: 'x' }, 'Start time is not ISO formatted [x]'],
  ['date_histogram', { field: 'user', supported_intervals: 'fortnight' }, 'fortnight'],
  ['datefield_summary', { field: 'user', date_interval: 'Century' }, 'Century'],
  ['manual_feed', { data: 'x' }, 'a list of rows'],
  ['manual_vega', { data: 'x' }, 'a Vega-Lite specification'],
  ['top_terms', { fields: [] }, 'aggregator_options: a value (it is needed)'],
  [
    'top_terms',
    { fields: [{ field: 'user' }], aggregator_options: {}, chart_type: 'pie', chart_options: {} },
    'chart_type: one of',
  ],
])('%s refuses %j and says why', async (name, parameters, message) => {
  await expect(run(name, parameters)).rejects.toThrow(message)
})

test('names are found in any case, and one that nothing has is told with those there are', () => {
  expect(findAggregator('Field_Bucket').name).toBe('field_bucket')
  expect(() => findAggregator('nonsense')).toThrow(/no aggregator "nonsense"; there are field_bucket,/)
  expect(AGGREGATORS.filter((aggregator) => aggregator.isListed).map(({ name }) => name)).toEqual([
    'field_bucket',
    'date_histogram',
    'query_bucket',
  ])
})
