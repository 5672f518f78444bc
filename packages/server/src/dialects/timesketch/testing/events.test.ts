import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MAX_AWAITED_BYTES } from '../routes/upload.ts'
import { openTestServer, type TestClient, type TestServer, waitForImport } from './test-server.ts'

const ROWS = 60
const FILTER = { from: 0, size: 40, indices: ['_all'], order: 'asc', chips: [] }

let server: TestServer
let owner: TestClient
let other: TestClient
let sketchId: number
let timelineId: number
let index: string

/** Sixty log-ins, one an hour from 2024-02-01. */
function loginLines(): string {
  return Array.from({ length: ROWS }, (_, n) =>
    JSON.stringify({
      message: `Login ${n % 3 ? 'failed' : 'accepted'} for user${n % 5}`,
      datetime: new Date(Date.UTC(2024, 1, 1, n)).toISOString().replace('.000Z', '+00:00'),
      timestamp_desc: 'Event Logged',
      user: `user${n % 5}`,
      status: 200 + (n % 3),
      big: '@',
    }).replace('"@"', `12345678901234567890${n}`),
  ).join('\n')
}

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  other = await server.signIn('other')
  sketchId = (await owner.post('/sketches/', { name: 'events' })).json.objects[0].id
  const sent = await owner.upload({
    sketch_id: sketchId,
    name: 'logins',
    events: loginLines(),
    data_label: 'generic',
  })
  expect(sent.status).toBe(201)
  timelineId = sent.json.objects[0].id
  index = sent.json.objects[0].searchindex.index_name
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function explore(body: Record<string, unknown>, path = 'explore') {
  return owner.post(`/sketches/${sketchId}/${path}/`, body)
}

test('tags of a table are tags: found one by one, and taken away', async () => {
  const id = (await owner.post('/sketches/', { name: 'tagged table' })).json.objects[0].id
  const rows = ['"a,b"', '-', '"[""c""]"', '']
  const cells = rows.map((tag) => `m,2024-01-01T00:00:00Z,x,${tag}\n`).join('')
  const text = `message,datetime,timestamp_desc,tag\n${cells}`
  const fields = { sketch_id: id, total_file_size: text.length }
  const sent = await owner.upload(fields, { name: 'tags.csv', text })
  await waitForImport(server, sent.json.meta.task_id)
  const find = async (query: string) =>
    (await owner.post(`/sketches/${id}/explore/`, { query, filter: { size: 10 }, fields: 'tag' })).json
      .objects
  const tags = async (query: string) =>
    (await find(query)).map((hit: { _source: { tag?: unknown } }) => hit._source.tag)
  expect(await tags('tag.keyword:a')).toEqual([['a', 'b']])
  expect(await tags('_exists_:tag')).toEqual([['a', 'b'], ['c']])
  const events = (await find('*')).map(({ _id, _index }: Record<string, string>) => ({ _id, _index }))
  await owner.post(`/sketches/${id}/event/untag/`, { events, tags_to_remove: ['a', 'c'] })
  expect(await tags('_exists_:tag')).toEqual([['b']])
})

describe('events that were exported before', () => {
  const OLD = {
    message: 'exported',
    datetime: '2024-01-01T00:00:00+00:00',
    timestamp_desc: 'x',
    _id: 'old-id',
    _index: 'old-index',
    __ts_timeline_id: 99,
    label: "['__ts_star']",
    timesketch_label: [{ name: '__ts_star', user_id: 1, sketch_id: 1 }],
  }
  let id: number
  beforeAll(async () => {
    id = (await owner.post('/sketches/', { name: 'again' })).json.objects[0].id
    await owner.upload({ sketch_id: id, name: 'exported', events: JSON.stringify(OLD) })
  })

  test('are those that they are now, and say so once', async () => {
    const question = { query: '*', filter: {}, fields: '*' }
    const found = await owner.post(`/sketches/${id}/explore/`, question)
    const [hit] = found.json.objects
    expect(hit._id).not.toBe('old-id')
    expect(hit._source).toMatchObject({ label: [], __ts_timeline_id: expect.any(Number) })
    expect(hit._source.__ts_timeline_id).not.toBe(99)
    const names = ['"_id"', '"_index"', '"__ts_timeline_id"', '"label"', '"timesketch_label"']
    const count = (text: string) => names.map((name) => text.split(name).length - 1)
    expect(count(JSON.stringify(hit))).toEqual([1, 1, 1, 1, 0])
    expect(count(found.text.slice(found.text.indexOf('"objects"')))).toEqual([1, 1, 1, 1, 0])
    const line = (await owner.post(`/sketches/${id}/exportstream/`, question)).text
    expect(count(line)).toEqual([1, 1, 1, 1, 0])
    const event = await owner.get(`/sketches/${id}/event/?searchindex_id=${hit._index}&event_id=${hit._id}`)
    expect(count(event.text)).toEqual([1, 1, 1, 1, 0])
    expect(event.json.objects._id).toBe(hit._id)
  })
})

describe('uploads', () => {
  test('a few events are durable and searchable when they are acknowledged', async () => {
    const timeline = (await owner.get(`/sketches/${sketchId}/timelines/${timelineId}/`)).json
    expect(timeline.objects[0].status[0].status).toBe('ready')
    expect(timeline.meta.lines_indexed).toBe(ROWS)
    expect((await explore({ query: '*', filter: FILTER, count: true })).json).toEqual({
      meta: { total_count: ROWS },
      objects: [],
    })
  })

  test('events that the disk has no room for are refused as that', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const begin = vi.spyOn(server.system.services.store, 'beginImport').mockRejectedValueOnce(full)
    const sketch = (await owner.post('/sketches/', { name: 'no room' })).json.objects[0].id
    const fields = { sketch_id: sketch, name: 'logins', events: loginLines() }
    expect((await owner.upload(fields)).status).toBe(507)
    begin.mockRestore()
    expect((await owner.upload(fields)).status).toBe(201)
  })

  test('a file in chunks is put together; the task ends with SUCCESS', async () => {
    const sketch = (await owner.post('/sketches/', { name: 'chunks' })).json.objects[0].id
    const text = 'message,datetime,timestamp_desc\nä,2024-01-01T00:00:00,x\nb,2024-01-02T00:00:00,x\n'
    const bytes = Buffer.byteLength(text)
    const fields = {
      sketch_id: sketch,
      name: 'chunked',
      total_file_size: bytes,
      chunk_total_chunks: 2,
      chunk_index_name: '0123456789abcdef0123456789abcdef',
    }
    const first = await owner.upload(
      { ...fields, chunk_index: 0, chunk_byte_offset: 0 },
      { name: 'a.csv', text: text.slice(0, 20) },
    )
    expect(first.json).toEqual({
      meta: { file_upload: true, upload_complete: false, total_chunks: 2, chunk_index: 0, file_size: bytes },
      objects: [],
    })
    const last = await owner.upload(
      { ...fields, chunk_index: 1, chunk_byte_offset: 20 },
      { name: 'a.csv', text: text.slice(20) },
    )
    expect(last.status).toBe(201)
    expect(last.json.objects[0].status[0].status).toBe('processing')
    await waitForImport(server, last.json.meta.task_id)
    expect((await owner.get(`/tasks/?job_id=${last.json.meta.task_id}`)).json.objects[0]).toMatchObject({
      state: 'SUCCESS',
      successful: true,
    })
    expect((await owner.get(`/sketches/${sketch}/count/`)).json.meta.count).toBe(2)
  })

  test.each([
    [{}, undefined, 400, 'Unable to upload data without supplying a sketch to associated it with.'],
    [{ sketch_id: 999_999, events: '{}' }, undefined, 404, 'The requested URL was not found on the server.'],
    [{ sketch_id: 'S' }, undefined, 400, 'Unable to upload data, no file uploaded nor any events.'],
    [{ sketch_id: 'S', total_file_size: 0 }, 'a.csv', 400, 'Unable to upload file. File is empty'],
    [{ sketch_id: 'S', total_file_size: 9 }, 'a.exe', 400, '.exe'],
    [{ sketch_id: 'S', total_file_size: 9, name: 'null' }, 'a.csv', 400, 'Timeline name cannot be empty.'],
  ] as const)('refuses %j', async (fields, fileName, status, message) => {
    const filled = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, value === 'S' ? sketchId : value]),
    )
    const answer = await owner.upload(filled, fileName ? { name: fileName, text: 'a,b' } : undefined)
    expect(answer.status).toBe(status)
    expect(answer.json.message).toContain(message)
  })

  test('many events are acknowledged before they are imported, and searchable when their timeline is ready', async () => {
    const sketch = (await owner.post('/sketches/', { name: 'many' })).json.objects[0].id
    const copies = Math.ceil(MAX_AWAITED_BYTES / loginLines().length)
    const events = Array.from({ length: copies }, loginLines).join('\n')
    const pieces = [await owner.upload({ sketch_id: sketch, name: 'much', events })]
    pieces.push(await owner.upload({ sketch_id: sketch, name: 'much', events }))
    for (const { status, json } of pieces) {
      expect(status).toBe(201)
      expect(json.objects[0].status[0].status).toBe('processing')
      expect(json.meta.task_id).toMatch(/^[0-9a-f]{32}$/)
    }
    expect(pieces[1]?.json.objects[0].id).toBe(pieces[0]?.json.objects[0].id)
    for (const { json } of pieces) await waitForImport(server, json.meta.task_id)
    const path = `/sketches/${sketch}/timelines/${pieces[0]?.json.objects[0].id}/`
    const { objects, meta } = (await owner.get(path)).json
    expect(objects[0].status[0].status).toBe('ready')
    expect(meta.lines_indexed).toBe(2 * copies * ROWS)
    expect(
      objects[0].datasources.map((source: { total_file_events: number }) => source.total_file_events),
    ).toEqual([copies * ROWS, copies * ROWS])
    expect(await readdir(join(server.system.dataDirectory, 'uploads'))).toEqual([])
  })

  test('what is wrong with many events their timeline says', async () => {
    const sketch = (await owner.post('/sketches/', { name: 'nonsense' })).json.objects[0].id
    const events = 'no rows at all\n'.repeat(MAX_AWAITED_BYTES / 15 + 1)
    const answer = await owner.upload({ sketch_id: sketch, name: 'none', events })
    expect(answer.status).toBe(201)
    await waitForImport(server, answer.json.meta.task_id)
    const [timeline] = (await owner.get(`/sketches/${sketch}/timelines/${answer.json.objects[0].id}/`)).json
      .objects
    expect(timeline.status[0].status).toBe('fail')
    expect(timeline.datasources[0].status[0].status).toBe('fail')
    expect(timeline.datasources[0].error_message).not.toBe('')
  })

  test('events that cannot be stored are not acknowledged, and leave no timeline behind', async () => {
    const list = async (): Promise<unknown> =>
      (await owner.get(`/sketches/${sketchId}/`)).json.objects[0].timelines.map(
        ({ name }: { name: string }) => name,
      )
    const before = await list()
    const answer = await owner.upload({ sketch_id: sketchId, name: 'none', events: 'no rows at all' })
    expect(answer.status).toBe(400)
    expect(answer.json.message).toContain('Unable to upload the events.')
    expect(await list()).toEqual(before)
  })

  test('nobody else may upload', async () => {
    expect((await other.upload({ sketch_id: sketchId, events: '{}' })).status).toBe(403)
  })
})

describe('explore', () => {
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
    expect(events).toHaveLength(ROWS)
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
})

describe('marks', () => {
  async function someEvents(count: number) {
    const answer = await explore({ query: 'user:user4', filter: { size: count } })
    return answer.json.objects.map((hit: { _id: string; _index: string }) => ({
      _id: hit._id,
      _index: hit._index,
    }))
  }
  const path = (name: string) => `/sketches/${sketchId}/event/${name}/`

  test('tags are kept, counted, and two right after each other both stay', async () => {
    const events = await someEvents(2)
    const first = await owner.post(path('tagging'), { tag_string: '["bad","review"]', events })
    expect(first.json.meta).toMatchObject({ number_of_events_with_added_tags: 2, tags_applied: 4 })
    const again = await owner.post(path('tagging'), { tag_string: '["bad"]', events })
    expect(again.json.meta).toMatchObject({ number_of_events_with_added_tags: 0, events_processed_by_api: 2 })
    await owner.post(path('untag'), { tags_to_remove: ['review'], events: events.slice(0, 1) })
    const read = await owner.get(`${path('').slice(0, -1)}?searchindex_id=${index}&event_id=${events[0]._id}`)
    expect(read.json.objects.tag).toEqual(['bad'])
  })

  test.each([
    [{ tag_string: 'bad', events: [] }, 400, 'Unable to read the tags'],
    [{ tag_string: '"bad"', events: [] }, 400, 'Tags need to be a list'],
    [{ tag_string: '[1]', events: [] }, 400, 'Tags need to be a list of strings'],
    [{ tag_string: '["a"]', events: [{ _index: 'x' }] }, 400, 'Events need to have a [_id] field'],
    [{ tag_string: '["a"]', events: [{ _id: 'x', _index: 'nosuch' }] }, 403, 'Search index ID (nosuch)'],
  ])('refuses tagging with %j', async (body, status, message) => {
    const answer = await owner.post(path('tagging'), body)
    expect(answer.status).toBe(status)
    expect(answer.json.message).toContain(message)
  })

  test('a star is switched on and off, a label only on', async () => {
    const events = await someEvents(1)
    const star = { annotation: '__ts_star', annotation_type: 'label', events }
    const chips = [{ type: 'label', field: '', value: '__ts_star', operator: 'must', active: true }]
    const starred = async () => (await explore({ query: '*', filter: { chips } })).json.meta.es_total_count
    expect((await owner.post(path('annotate'), star)).status).toBe(201)
    expect(await starred()).toBe(1)
    await owner.post(path('annotate'), star)
    expect(await starred()).toBe(0)
  })

  test('a comment comes back with the event, and only its writer may change it', async () => {
    await owner.post(`/sketches/${sketchId}/collaborators/`, { users: ['other'] })
    const events = await someEvents(1)
    const made = await owner.post(path('annotate'), { annotation: 'odd', annotation_type: 'comment', events })
    const { id } = made.json.objects[0][0]
    const change = { annotation: { id, comment: 'mine' }, annotation_type: 'comment', events }
    expect((await other.post(path('annotate'), change, 'PUT')).status).toBe(403)
    expect((await owner.post(path('annotate'), change, 'PUT')).json.objects[0][0].comment).toBe('mine')
    const query = `annotation_type=comment&annotation_id=${id}&event_id=${events[0]._id}&searchindex_id=${index}`
    expect((await owner.delete(`${path('annotate')}?${query}`)).text).toBe('200\n')
    expect((await owner.delete(`${path('annotate')}?${query}`)).status).toBe(404)
    await owner.post(`/sketches/${sketchId}/collaborators/`, { remove_users: ['other'] })
  })

  test('attributes are added once; an unknown event is told', async () => {
    const [event] = await someEvents(1)
    const add = (attributes: unknown, id = event._id) =>
      owner.post(path('attributes'), { events: [{ _id: id, _index: index, attributes }] })
    const good = [{ attr_name: 'verdict', attr_value: 'bad' }]
    expect((await add(good)).json.meta).toMatchObject({ attributes_added: 1, error_count: 0 })
    expect((await add(good)).json.meta.last_10_errors).toEqual([
      `Attribute 'verdict' already exists for event_id '${event._id}'.`,
    ])
    expect((await add(good, 'nosuch')).json.meta.last_10_errors).toEqual(['Event ID nosuch not found.'])
  })

  test('an event made by hand is found at once', async () => {
    const body = {
      date_string: '2024-02-15T12:00:00Z',
      message: 'by hand',
      tag: ['manual'],
      attributes: { a: 1 },
    }
    const made = await owner.post(path('create'), body)
    expect(made.status).toBe(201)
    expect(made.json.objects[0].name).toBe('Manual events')
    expect((await explore({ query: 'tag:manual AND a:1', filter: FILTER })).json.meta.es_total_count).toBe(1)
    expect((await owner.post(path('create'), { ...body, date_string: 'not a date' })).status).toBe(400)
  })
})

describe('aggregations', () => {
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
})
