import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer, waitForImport } from './test-server.ts'

let server: TestServer
let owner: TestClient

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

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
