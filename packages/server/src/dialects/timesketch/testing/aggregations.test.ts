import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let owner: TestClient
let reader: TestClient
let sketchId: number
let timelineId: number

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  reader = await server.signIn('reader')
  sketchId = (await owner.post('/sketches/', { name: 'counts' })).json.objects[0].id
  await owner.post(`/sketches/${sketchId}/collaborators/`, { users: ['reader'], permissions: '["read"]' })
  const events = Array.from({ length: 60 }, (_, n) =>
    JSON.stringify({
      message: `Login ${n % 3 ? 'failed' : 'accepted'}`,
      datetime: new Date(Date.UTC(2024, 1, 1, n)).toISOString(),
      timestamp_desc: 'Event Logged',
      user: `user${n % 5}`,
    }),
  ).join('\n')
  const sent = await owner.upload({ sketch_id: sketchId, name: 'logins', events, data_label: 'generic' })
  timelineId = sent.json.objects[0].id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const path = (rest = '') => `/sketches/${sketchId}/aggregation/${rest}`
const run = (aggregator_name: string, aggregator_parameters: object) =>
  owner.post(path('explore/'), { aggregator_name, aggregator_parameters })

describe('aggregators', () => {
  test('a chart comes with its specification and title when a type is asked for', async () => {
    const parameters = { field: 'user', limit: '3', supported_charts: 'barchart', chart_color: 'red' }
    const { meta } = (await run('field_bucket', parameters)).json
    expect(meta).toMatchObject({
      chart_type: 'barchart',
      description: 'Aggregating values of a particular field',
      vega_chart_title: 'Top results for "user"',
      vega_spec: { mark: { type: 'bar' }, encoding: { color: { value: 'red' } } },
    })
    expect(meta.vega_spec.data.values).toHaveLength(3)
  })

  test('without a type there is none', async () => {
    const { meta } = (await run('field_bucket', { field: 'user' })).json
    expect(meta.chart_type).toBeNull()
    expect(meta).not.toHaveProperty('vega_spec')
  })

  test('raw filters are answered as OpenSearch does: one without a list, those of a list in a list', async () => {
    const alice = { term: { 'user.keyword': 'user1' } }
    const hours = { max: { field: 'timestamp' } }
    const aggs = {
      one: { filter: alice, aggs: { last: hours } },
      listed: { filters: { filters: [alice] } },
      named: { filters: { filters: { alice } } },
    }
    const { objects } = (await owner.post(path('explore/'), { aggregation_dsl: { aggs } })).json
    expect(objects).toEqual([
      {
        one: { doc_count: 12, last: { value: Date.UTC(2024, 1, 1, 56) * 1000 } },
        listed: { buckets: [{ doc_count: 12 }] },
        named: { buckets: { alice: { doc_count: 12 } } },
      },
    ])
  })

  test('an aggregator of the apex family answers with series and what the store said', async () => {
    const parameters = {
      fields: [{ field: 'user', type: 'text' }],
      aggregator_options: { max_items: 5, timeline_ids: [timelineId] },
      chart_type: 'column',
      chart_options: {},
    }
    const { meta, objects } = (await run('top_terms', parameters)).json
    expect(meta).toMatchObject({ aggregator_class: 'apex', chart_type: null, name: 'top_terms' })
    expect(objects).toEqual([
      {
        top_terms: {
          buckets: { value_count: [12, 12, 12, 12, 12] },
          labels: ['user0', 'user1', 'user2', 'user3', 'user4'],
          chart_type: 'column',
          chart_options: {},
          spec: {
            _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
            aggregations: {
              aggregation: {
                buckets: [0, 1, 2, 3, 4].map((n) => ({ key: `user${n}`, doc_count: 12 })),
                doc_count_error_upper_bound: 0,
                sum_other_doc_count: 0,
              },
            },
            hits: { hits: [], max_score: null, total: { value: 60, relation: 'eq' } },
            timed_out: false,
            took: expect.any(Number),
          },
        },
      },
    ])
  })

  test('what is no parameter of an aggregator is refused by its name', async () => {
    const answer = await run('field_bucket', { field: 'user', nonsense: 1 })
    expect([answer.status, answer.json.message]).toEqual([
      400,
      expect.stringContaining(
        'Unable to run the aggregation, with error: field_bucket has no parameter "nonsense"',
      ),
    ])
  })

  test('timelines that mean none are told', async () => {
    expect(await run('field_bucket', { field: 'user', index: ['nosuch'] })).toMatchObject({ status: 404 })
  })
})

describe('saved aggregations', () => {
  const body = {
    name: 'Users',
    description: 'by user',
    agg_type: 'field_bucket',
    parameters: { field: 'user', supported_charts: 'barchart' },
    chart_type: 'barchart',
    labels: '["lab"]',
  }

  test('are made, listed, read, changed and deleted', async () => {
    const made = await owner.post(path(), body)
    expect(made.status).toBe(201)
    const [saved] = made.json.objects
    expect(saved).toMatchObject({
      name: 'Users',
      agg_type: 'field_bucket',
      parameters: '{"field": "user", "supported_charts": "barchart"}',
      label_string: '["lab"]',
      aggregationgroup_id: 0,
      user: { username: 'owner' },
    })
    expect((await reader.get(path())).json.objects).toEqual([[saved]])
    expect((await reader.get(path(`${saved.id}/`))).json).toEqual({ meta: {}, objects: [saved] })
    const changed = await owner.post(path(`${saved.id}/`), { name: 'Users 2', agg_type: 'field_bucket' })
    expect([changed.status, changed.json.objects[0]]).toMatchObject([
      201,
      { name: 'Users 2', description: '', parameters: '{}', label_string: '["lab"]' },
    ])
    expect(await reader.delete(path(`${saved.id}/`))).toMatchObject({ status: 403 })
    expect((await owner.delete(path(`${saved.id}/`))).text).toBe('200\n')
    expect((await owner.get(path())).json).toEqual({ meta: {}, objects: [] })
    expect(await owner.get(path(`${saved.id}/`))).toMatchObject({ status: 404 })
  })

  test('one without a name is nobody else’s to see', async () => {
    const [draft] = (await owner.post(path(), { ...body, name: '' })).json.objects
    expect(await reader.get(path(`${draft.id}/`))).toMatchObject({ status: 403 })
    expect((await owner.get(path())).json.objects).toEqual([])
    await owner.delete(path(`${draft.id}/`))
  })

  test.each([
    [{ ...body, agg_type: '' }, 'name of its aggregator'],
    [{ ...body, parameters: '[1' }, 'parameters need to be an object'],
    [{ ...body, labels: '{' }, 'JSON text of a list'],
    [{ ...body, name: 'x'.repeat(256) }, '1 to 255 characters'],
  ])('%j is refused', async (bad, message) => {
    const answer = await owner.post(path(), bad)
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)])
  })

  test('those of one sketch are not in another', async () => {
    const [saved] = (await owner.post(path(), body)).json.objects
    const other = (await owner.post('/sketches/', { name: 'other' })).json.objects[0].id
    expect(await owner.get(`/sketches/${other}/aggregation/${saved.id}/`)).toMatchObject({ status: 404 })
    await owner.delete(path(`${saved.id}/`))
  })
})

describe('aggregation groups', () => {
  test('run their members and lay their charts together', async () => {
    const ids: number[] = []
    for (const name of ['one', 'two']) {
      const saved = { name, agg_type: 'field_bucket', parameters: { field: 'user' }, chart_type: 'barchart' }
      ids.push((await owner.post(path(), saved)).json.objects[0].id)
    }
    const made = await owner.post(path('group/'), {
      name: 'Both',
      orientation: 'horizontal',
      parameters: '{}',
      aggregations: JSON.stringify(ids),
    })
    expect(made.status).toBe(201)
    const [group] = made.json.objects
    expect(group.aggregations.map((member: { id: number }) => member.id)).toEqual(ids)
    expect((await owner.get(path())).json.objects).toEqual([])
    expect((await reader.get(path('group/'))).json).toMatchObject({
      meta: { command: 'list_groups' },
      objects: [{ name: 'Both', agg_ids: JSON.stringify(ids).replace(',', ', ') }],
    })
    const answer = (await reader.get(path(`group/${group.id}/`))).json
    expect(answer.meta).toMatchObject({
      method: 'aggregator_group',
      chart_type: 'compound: horizontal',
      vega_spec: { hconcat: [{ mark: { type: 'bar' } }, {}] },
    })
    expect(answer.objects).toMatchObject([
      { id: group.id, agg_ids: ids, aggregation_result: { one: { buckets: [{}, {}, {}, {}, {}] } } },
      { aggregation_result: { two: {} } },
    ])
    const smaller = await owner.post(path(`group/${group.id}/`), { name: 'One', aggregations: [ids[0]] })
    expect(smaller.json.objects[0].aggregations).toHaveLength(1)
    expect((await owner.get(path())).json.objects[0]).toHaveLength(1)
    expect((await owner.delete(path(`group/${group.id}/`))).status).toBe(200)
    expect((await owner.get(path())).json.objects[0]).toHaveLength(2)
  })

  test.each([
    [{ name: 'x' }, 'Unable to create an empty group.'],
    [{ name: 'x', aggregations: '[999999]' }, 'Unable to create an empty group.'],
    [{ name: 'x', aggregations: '[1]', orientation: 'diagonal' }, 'layer, horizontal, vertical'],
  ])('%j is refused, and leaves nothing', async (bad, message) => {
    const answer = await owner.post(path('group/'), bad)
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)])
    expect((await owner.get(path('group/'))).json.objects).toEqual([])
  })
})
