import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { MAX_AWAITED_BYTES } from '../routes/upload.ts'
import { LOGIN_COUNT, type LoginsPlace, loginLines, openLogins } from './logins.ts'
import { type TestClient, type TestServer, waitForImport } from './test-server.ts'

const FILTER = { from: 0, size: 40, indices: ['_all'], order: 'asc', chips: [] }

let place: LoginsPlace
let server: TestServer
let owner: TestClient
let other: TestClient
let sketchId: number
let timelineId: number
let explore: LoginsPlace['explore']

beforeAll(async () => {
  place = await openLogins()
  ;({ server, owner, other, sketchId, timelineId, explore } = place)
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

test('a few events are durable and searchable when they are acknowledged', async () => {
  const timeline = (await owner.get(`/sketches/${sketchId}/timelines/${timelineId}/`)).json
  expect(timeline.objects[0].status[0].status).toBe('ready')
  expect(timeline.meta.lines_indexed).toBe(LOGIN_COUNT)
  expect((await explore({ query: '*', filter: FILTER, count: true })).json).toEqual({
    meta: { total_count: LOGIN_COUNT },
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

test('a text of events without any is refused as that', async () => {
  for (const events of ['\n', ' \r\n\n']) {
    const answer = await owner.upload({ sketch_id: sketchId, name: 'nothing', events })
    expect([answer.status, answer.json.message]).toEqual([
      400,
      'Unable to upload the events: there are none, the text has nothing but blanks and line ends.',
    ])
  }
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
  [
    { sketch_id: 'S', total_file_size: 9 },
    'a.csv',
    400,
    '9 bytes of it were expected (total_file_size), 3 came',
  ],
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
  expect(meta.lines_indexed).toBe(2 * copies * LOGIN_COUNT)
  expect(
    objects[0].datasources.map((source: { total_file_events: number }) => source.total_file_events),
  ).toEqual([copies * LOGIN_COUNT, copies * LOGIN_COUNT])
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
  const timeless = await owner.upload({ sketch_id: sketchId, name: 'none', events: '{"a":"x"}' })
  expect(timeless.json.message).toContain('say which it is with option "map" time=FIELD')
  expect(timeless.json.message).not.toMatch(/\B--\w/)
})

test('nobody else may upload', async () => {
  expect((await other.upload({ sketch_id: sketchId, events: '{}' })).status).toBe(403)
})

const MAPPING = JSON.stringify([
  { target: 'datetime', source: ['when'], default_value: null },
  { target: 'message', source: ['host', 'what'], default_value: 'not this' },
  { target: 'timestamp_desc', source: null, default_value: 'Seen' },
])

test.each([
  ['mapped.csv', 'when,host,what\n2024-01-01T00:00:00Z,web1,someone logs on\n2024-01-02T00:00:00Z,,rests\n'],
  [
    'mapped.jsonl',
    '{"when":"2024-01-01T00:00:00Z","host":"web1","what":"someone logs on"}\n{"when":"2024-01-02T00:00:00Z","what":"rests"}\n',
  ],
])(
  'columns of %s that the form joins are found by their words, and come back as Timesketch writes them',
  async (name, text) => {
    const { sketch, source } = await uploadMapped(name, text)
    expect(source.status[0].status).toBe('ready')
    const ask = async (query: string) => {
      const answer = await owner.post(`/sketches/${sketch}/explore/`, { query, filter: FILTER })
      return answer.json.objects.map((hit: { _source: Record<string, unknown> }) => [
        hit._source['message'],
        hit._source['timestamp_desc'],
      ])
    }
    const first = ['host:web1 | what:someone logs on | ', 'Seen']
    expect(await ask('message:logs')).toEqual([first])
    expect(await ask('message:"what:someone logs on"')).toEqual([first])
    expect(await ask('"host:web1"')).toEqual([first])
    expect(await ask('message:"what:rests"')).toEqual([['what:rests | ', 'Seen']])
    expect(await ask('not')).toEqual([])
  },
)

test('events that are sent as text are joined, too', async () => {
  const sketch = (await owner.post('/sketches/', { name: 'joined events' })).json.objects[0].id
  const events = '{"when":"2024-01-01T00:00:00Z","host":"web1","what":"logon"}'
  const sent = await owner.upload({ sketch_id: sketch, name: 'e', events, headersMapping: MAPPING })
  expect(sent.status).toBe(201)
  const { json } = await owner.post(`/sketches/${sketch}/explore/`, {
    query: '"what:logon"',
    filter: FILTER,
  })
  expect(json.objects[0]._source.message).toBe('host:web1 | what:logon | ')
})

test('a column that the form names and the file does not have is told in Timesketch’s words', async () => {
  const { source } = await uploadMapped('odd.csv', 'when,host\n2024-01-01T00:00:00Z,web1\n')
  expect(source.status[0].status).toBe('fail')
  expect(source.error_message).toContain(
    'Value specified in the headers mapping not found in the CSV\nSources column/s: "what"\nAll Headers: "when", "host"',
  )
})

test('a mapping that no file could have is refused', async () => {
  const mapping = ['message', 'timestamp_desc'].map((target) => ({ target, source: ['what'] }))
  const answer = await owner.upload(
    { sketch_id: sketchId, total_file_size: 3, headersMapping: JSON.stringify(mapping) },
    { name: 'a.csv', text: 'a,b' },
  )
  expect(answer.status).toBe(400)
  expect(answer.json.message).toBe(
    'Headers mapping is wrong.\n2 or more mandatory headers are mapped to the same existing CSV headers',
  )
})

async function uploadMapped(name: string, text: string) {
  const sketch = (await owner.post('/sketches/', { name })).json.objects[0].id
  const fields = { sketch_id: sketch, total_file_size: Buffer.byteLength(text), headersMapping: MAPPING }
  const answer = await owner.upload(fields, { name, text })
  expect(answer.status).toBe(201)
  await waitForImport(server, answer.json.meta.task_id)
  const { json } = await owner.get(`/sketches/${sketch}/timelines/${answer.json.objects[0].id}/`)
  return { sketch, source: json.objects[0].datasources[0] }
}
