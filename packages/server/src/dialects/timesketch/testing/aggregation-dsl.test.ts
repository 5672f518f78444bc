import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LoginsPlace, openLogins } from './logins.ts'
import type { TestClient } from './test-server.ts'

let place: LoginsPlace
let owner: TestClient
let sketchId: number
let timelineId: number

beforeAll(async () => {
  place = await openLogins()
  ;({ owner, sketchId, timelineId } = place)
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

const path = () => `/sketches/${sketchId}/aggregation/explore/`

test.each([
  [{ fixed_interval: '1h', time_zone: 'Mars/Olympus' }, 'time_zone'],
  [{ fixed_interval: '0h' }, 'fixed_interval'],
  [{ fixed_interval: '-1h' }, 'fixed_interval'],
  [{ interval: 0 }, 'interval'],
  [{ interval: -3600000 }, 'interval'],
  [{ calendar_interval: 'fortnight' }, 'calendar_interval'],
])('a histogram over %j is refused by the name of what is wrong', async (options, name) => {
  const aggregation_dsl = { aggs: { time: { date_histogram: { field: 'datetime', ...options } } } }
  const answer = await owner.post(path(), { aggregation_dsl })
  expect(answer.status).toBe(400)
  expect(answer.json.message).toContain(name)
  expect(answer.json.message).toMatch(/was expected, found/)
})

test('field_bucket counts whole values', async () => {
  const body = {
    aggregator_name: 'field_bucket',
    aggregator_parameters: { field: 'user', limit: '2', index: [timelineId] },
  }
  const { meta, objects } = (await owner.post(path(), body)).json
  expect(meta).toMatchObject({ method: 'aggregator_run', aggregator_class: 'legacy', name: 'field_bucket' })
  expect(objects).toEqual([
    {
      field_bucket: {
        buckets: [
          { user: 'user0', count: 12 },
          { user: 'user1', count: 12 },
        ],
      },
    },
  ])
})

test('raw DSL answers as OpenSearch does', async () => {
  const aggregation_dsl = { aggs: { u: { terms: { field: 'user.keyword', size: 3 } } } }
  const { meta, objects } = (await owner.post(path(), { aggregation_dsl })).json
  expect(meta.method).toBe('aggregator_query')
  expect(objects[0].u).toMatchObject({
    doc_count_error_upper_bound: 0,
    sum_other_doc_count: 24,
    buckets: [{ key: 'user0', doc_count: 12 }, {}, {}],
  })
})

test.each([
  [{}, 400, 'needs to be provided'],
  [{ aggregator_name: 'nonsense' }, 404, 'nonsense'],
  [{ aggregator_name: 'field_bucket', aggregator_parameters: {} }, 400, 'a field is needed'],
  [
    { aggregator_name: 'field_bucket', aggregator_parameters: { field: 'user', start_time: 'x' } },
    400,
    'Start time is not ISO formatted [x]',
  ],
])('refuses %j', async (body, status, message) => {
  const answer = await owner.post(path(), body)
  expect(answer.status).toBe(status)
  expect(answer.json.message).toContain(message)
})

test('ranges of numbers and of time, the whole sketch, and what spreads values', async () => {
  const aggs = {
    status: { range: { field: 'status', ranges: [{ from: 202 }, { to: 201 }, { from: 1e7, key: 'none' }] } },
    days: {
      date_range: {
        field: 'datetime',
        ranges: [{ to: '2024-02-02' }, { from: '2024-02-02', to: '2024-02-02||+1d' }],
      },
    },
    all: { global: {}, aggs: { users: { cardinality: { field: 'user.keyword' } } } },
    spread: { extended_stats: { field: 'status' } },
  }
  const query = { match: { user: 'user0' } }
  const { objects, meta } = (await owner.post(path(), { aggregation_dsl: { query, aggs } })).json
  expect(meta.es_total_count.value).toBe(12)
  expect(objects[0]).toMatchObject({
    status: {
      buckets: [
        { key: '*-201.0', to: 201, doc_count: 4 },
        { key: '202.0-*', from: 202, doc_count: 4 },
        { key: 'none', from: 1e7, doc_count: 0 },
      ],
    },
    days: {
      buckets: [
        {
          key: '*-2024-02-02T00:00:00.000Z',
          to: 1_706_832_000_000,
          to_as_string: '2024-02-02T00:00:00.000Z',
          doc_count: 5,
        },
        { key: '2024-02-02T00:00:00.000Z-2024-02-03T00:00:00.000Z', from: 1_706_832_000_000, doc_count: 5 },
      ],
    },
    all: { doc_count: 60, users: { value: 5 } },
    spread: { count: 12, min: 200, max: 202, avg: 201, sum: 2412, sum_of_squares: 484_820 },
  })
  const { spread } = objects[0]
  expect(spread.variance_population).toBeCloseTo(2 / 3)
  expect(spread.std_deviation_sampling).toBeCloseTo(Math.sqrt(8 / 11))
  expect(spread.std_deviation_bounds.upper).toBeCloseTo(201 + 2 * Math.sqrt(2 / 3))
})

test.each([
  [{ range: { field: 'status', ranges: [] } }, 'a list of ranges was expected'],
  [
    { range: { field: 'status', ranges: [{ from: 'x' }] } },
    'ranges[0].from: a number was expected, found "x"',
  ],
  [{ range: { field: 'datetime', ranges: [{ from: 1 }] } }, 'date_range takes it'],
  [{ date_range: { field: 'status', ranges: [{ from: 1 }] } }, '"datetime" was expected, the only date'],
  [{ date_range: { field: 'datetime', ranges: [{ from: 'soon' }] } }, 'a date such as'],
  [{ filter: { match_all: {} }, aggs: { all: { global: {} } } }, 'an aggregation of the first level'],
  [{ percentiles: { field: 'status' } }, 'the aggregation "percentiles" is not known'],
  [{ top_hits: {} }, 'the aggregation "top_hits" is not known'],
])('refuses %j by the name of what is wrong', async (aggregation, sentence) => {
  const answer = await owner.post(path(), { aggregation_dsl: { aggs: { a: aggregation } } })
  expect(answer.status).toBe(400)
  expect(answer.json.message).toContain(sentence)
})
