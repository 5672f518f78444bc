import { afterAll, beforeAll, expect, test } from 'vitest'
import { LOGIN_COUNT, type LoginsPlace, openLogins } from './logins.ts'
import type { TestClient } from './test-server.ts'

const FILTER = { from: 0, size: 40, indices: ['_all'], order: 'asc', chips: [] }

let place: LoginsPlace
let owner: TestClient
let other: TestClient
let sketchId: number
let timelineId: number
let index: string
let explore: LoginsPlace['explore']

beforeAll(async () => {
  place = await openLogins()
  ;({ owner, other, sketchId, timelineId, index, explore } = place)
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

test('has the hits and the meta that clients read', async () => {
  const { meta, objects } = (await explore({ query: 'failed', filter: FILTER })).json
  expect(objects).toHaveLength(40)
  expect(objects[0]).toEqual({
    _index: index,
    _id: expect.any(String),
    _score: null,
    _source: {
      datetime: '2024-02-01T01:00:00+00:00',
      message: 'Login failed for user1',
      timestamp_desc: 'Event Logged',
      timestamp: 1706749200000000,
      __ts_timeline_id: timelineId,
      comment: [],
      label: [],
    },
    selected: false,
    sort: [1706749200000],
  })
  expect(meta).toMatchObject({
    es_total_count: 40,
    es_total_count_complete: 40,
    count_per_index: { [index]: 40 },
    count_per_timeline: { [timelineId]: 40 },
    timeline_names: { [index]: 'logins' },
    scroll_id: '',
    search_node: { query_string: 'failed', query_result_count: 40, children: [] },
  })
  expect(Object.values<number>(meta.count_over_time.data).reduce((sum, n) => sum + n)).toBe(40)
})

test('numbers beyond 53 bits keep every digit', async () => {
  const answer = await explore({ query: 'status:201', filter: { size: 1 }, fields: 'big' })
  expect(answer.text).toContain('"big":123456789012345678901')
})

test('fields alone come back when asked for', async () => {
  const [hit] = (await explore({ query: '*', filter: FILTER, fields: 'user, status' })).json.objects
  expect(Object.keys(hit._source).sort()).toEqual(['label', 'status', 'user'])
})

test('chips narrow; inactive ones do not', async () => {
  const chips = [
    { type: 'term', field: 'user', value: 'user1', operator: 'must', active: true },
    { type: 'term', field: 'status', value: 202, operator: 'must_not', active: true },
    { type: 'term', field: 'user', value: 'user2', operator: 'must', active: false },
    { type: 'datetime_range', field: '', value: '2024-02-01T00:00:00,2024-02-01T23:59:59', active: true },
  ]
  const { meta } = (await explore({ query: '*', filter: { ...FILTER, chips } })).json
  expect(meta.es_total_count).toBe(4)
})

test('pages go backwards too and do not overlap', async () => {
  const first = await explore({ query: '*', filter: { ...FILTER, order: 'desc', size: 10 } })
  const second = await explore({ query: '*', filter: { ...FILTER, order: 'desc', size: 10, from: 10 } })
  const ids = [...first.json.objects, ...second.json.objects].map((hit: { _id: string }) => hit._id)
  expect(new Set(ids).size).toBe(20)
  expect(first.json.objects[0]._source.datetime).toBe('2024-02-03T11:00:00+00:00')
})

test('a scroll goes on with its first id until a page is empty', async () => {
  const body = { query: '*', filter: { ...FILTER, size: 25 }, enable_scroll: true }
  const first = (await explore(body)).json
  const sizes = [first.objects.length]
  const scroll = { ...body, scroll_id: first.meta.scroll_id }
  for (let turn = 0; turn < 3; turn++) sizes.push((await explore(scroll)).json.objects.length)
  expect(sizes).toEqual([25, 25, 10, 0])
  expect((await explore({ ...body, scroll_id: 'nonsense' })).status).toBe(400)
})

test('another user cannot go on with a scroll', async () => {
  const body = { query: '*', filter: { ...FILTER, size: 25 }, enable_scroll: true }
  const { meta } = (await explore(body)).json
  await owner.post(`/sketches/${sketchId}/collaborators/`, { users: ['other'], permissions: '["read"]' })
  const stolen = await other.post(`/sketches/${sketchId}/explore/`, { ...body, scroll_id: meta.scroll_id })
  await owner.post(`/sketches/${sketchId}/collaborators/`, { remove_users: ['other'] })
  expect(stolen.status).toBe(400)
})

test('wildcard mode holds patterns against whole values', async () => {
  expect((await explore({ query: 'user:*R1' }, 'explore_wildcard')).json.meta.es_total_count).toBe(12)
  expect((await explore({ query: 'user:ser1' }, 'explore_wildcard')).json.meta.es_total_count).toBe(0)
  expect((await explore({ query: 'nosuch:x' }, 'explore_wildcard')).status).toBe(400)
})

test('DSL replaces the question', async () => {
  const dsl = JSON.stringify({ query: { bool: { must: [{ match: { user: 'user3' } }] } } })
  expect((await explore({ query: 'ignored', filter: FILTER, dsl })).json.meta.es_total_count).toBe(12)
})

test('a question that cannot be read says where', async () => {
  const answer = await explore({ query: 'pid:[1 TO', filter: FILTER })
  expect(answer.status).toBe(400)
  expect(answer.json.message).toMatch(
    /There was an issue with your search query: .*\[pid:\[1 TO\].*column 10/,
  )
})

test.each([
  [{ query: '*', filter: { indices: [999_999] } }, 'No valid search indices were found'],
  [{ query: '*', filter: { size: 20_000 } }, 'Result window is too large'],
  [{ query: '*', filter: [] }, 'unable to validate form data'],
  [{ query: '*', dsl: '{' }, 'unable to validate form data'],
  [{ query: '*', scenario: 7 }, 'Scenario is not part of this sketch.'],
])('refuses %j', async (body, message) => {
  const answer = await explore(body)
  expect(answer.status).toBe(400)
  expect(answer.json.message).toContain(message)
})

test('the export stream has every event, one a line', async () => {
  const answer = await owner.post(`/sketches/${sketchId}/exportstream/`, { query: '*', fields: 'message' })
  expect(answer.headers.get('content-type')).toBe('application/x-json-stream')
  const events = answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events).toHaveLength(LOGIN_COUNT)
  expect(Object.keys(events[0]).sort()).toEqual(['_id', '_index', 'message'])
})

test('a file name asks for a ZIP', async () => {
  const answer = await explore({ query: '*', filter: FILTER, file_name: '../evil\r\n.zip' })
  expect(answer.headers.get('content-type')).toBe('zip')
  expect(answer.headers.get('content-disposition')).toBe('inline; filename=.._evil__.zip')
  expect(answer.text.startsWith('PK')).toBe(true)
})

test('history: newest first, the same question once', async () => {
  await explore({ query: 'asked twice', filter: FILTER })
  await explore({ query: 'asked twice', filter: FILTER })
  const { objects } = (await owner.get(`/sketches/${sketchId}/searchhistory/?limit=2`)).json
  expect(objects).toHaveLength(2)
  expect(objects[0].query_string).toBe('asked twice')
  expect(objects[1].query_string).not.toBe('asked twice')
})
