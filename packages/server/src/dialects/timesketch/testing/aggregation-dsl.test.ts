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
