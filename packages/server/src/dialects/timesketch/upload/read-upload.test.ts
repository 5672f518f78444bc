import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listDataPaths } from '../../../data-paths.ts'
import {
  openTestServer,
  type TestAnswer,
  type TestClient,
  type TestServer,
  waitForImport,
} from '../testing/test-server.ts'

const CSV = 'message,datetime,timestamp_desc\nhello,2024-01-01T00:00:00Z,x\n'

let server: TestServer
let owner: TestClient
let stranger: TestClient
let sketchId: number

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  stranger = await server.signIn('stranger')
  sketchId = (await owner.post('/sketches/', { name: 'uploads' })).json.objects[0].id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

/** A form whose file comes first. */
function sendFileFirst(client: TestClient, fields: Readonly<Record<string, string>>): Promise<TestAnswer> {
  const form = new FormData()
  form.append('file', new File([CSV], 'up.csv'))
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return client.send('POST', '/api/v1/upload/', { body: form, headers: { 'x-csrftoken': client.token } })
}

async function listUploads(): Promise<readonly string[]> {
  return await readdir(listDataPaths(server.system.dataDirectory).uploads)
}

test('a file may come before the fields that say what it is', async () => {
  const answer = await sendFileFirst(owner, {
    total_file_size: String(CSV.length),
    name: 'later named',
    sketch_id: String(sketchId),
  })
  expect([answer.status, answer.json.objects[0].name]).toEqual([201, 'later named'])
  await waitForImport(server, answer.json.meta.task_id)
  const { json } = await owner.get(`/sketches/${sketchId}/timelines/${answer.json.objects[0].id}/`)
  expect(json.meta.lines_indexed).toBe(1)
})

test('a file that came first and is refused leaves nothing behind', async () => {
  const size = { total_file_size: String(CSV.length) }
  expect(await sendFileFirst(stranger, { ...size, sketch_id: String(sketchId) })).toMatchObject({
    status: 403,
  })
  const answer = await sendFileFirst(owner, size)
  expect([answer.status, answer.json.message]).toEqual([
    400,
    expect.stringContaining('without supplying a sketch'),
  ])
  expect(await listUploads()).toEqual([])
})

const CHUNKS = {
  total_file_size: String(CSV.length),
  chunk_total_chunks: '2',
  chunk_index_name: '0123456789abcdef0123456789abcdef',
}

test.each(['first', 'last'] as const)(
  'chunks whose file comes %s in the form are put together',
  async (place) => {
    const fields = { ...CHUNKS, sketch_id: String(sketchId), name: `file ${place}` }
    const cut = 20
    const send = (index: number, text: string) => {
      const form = new FormData()
      const file = new File([text], 'up.csv')
      if (place === 'first') form.append('file', file)
      const chunk = { chunk_index: String(index), chunk_byte_offset: String(index * cut) }
      for (const [name, value] of Object.entries({ ...fields, ...chunk })) form.append(name, value)
      if (place === 'last') form.append('file', file)
      return owner.send('POST', '/api/v1/upload/', { body: form, headers: { 'x-csrftoken': owner.token } })
    }
    expect((await send(0, CSV.slice(0, cut))).json.meta).toMatchObject({ upload_complete: false })
    const last = await send(1, CSV.slice(cut))
    expect(last.json.meta).toMatchObject({ upload_complete: true })
    await waitForImport(server, last.json.meta.task_id)
    const { json } = await owner.get(`/sketches/${sketchId}/timelines/${last.json.objects[0].id}/`)
    expect(json.meta.lines_indexed).toBe(1)
    expect(await listUploads()).toEqual([])
  },
)

test('a form that breaks off in its file leaves nothing behind', async () => {
  const form = new FormData()
  form.append('sketch_id', String(sketchId))
  form.append('total_file_size', String(CSV.length))
  form.append('file', new File([CSV], 'up.csv'))
  const whole = new Request('http://localhost/', { method: 'POST', body: form })
  const bytes = new Uint8Array(await whole.arrayBuffer())
  const headers = { 'x-csrftoken': owner.token, 'content-type': whole.headers.get('content-type') ?? '' }
  const body = bytes.slice(0, bytes.length - 50)
  const answer = await owner.send('POST', '/api/v1/upload/', { body, headers })
  expect([answer.status, answer.json.message]).toEqual([
    400,
    expect.stringContaining('Unable to read the form'),
  ])
  expect(await listUploads()).toEqual([])
})

test('a form with two files is refused, and leaves nothing behind', async () => {
  const form = new FormData()
  form.append('sketch_id', String(sketchId))
  form.append('total_file_size', String(CSV.length))
  form.append('file', new File([CSV], 'one.csv'))
  form.append('file', new File([CSV], 'two.csv'))
  const headers = { 'x-csrftoken': owner.token }
  const answer = await owner.send('POST', '/api/v1/upload/', { body: form, headers })
  expect([answer.status, answer.json.message]).toEqual([
    400,
    'Unable to read the form: expected one part named file, found two',
  ])
  expect(await listUploads()).toEqual([])
})

test('events beside a file are not kept', async () => {
  const form = new FormData()
  form.append('sketch_id', String(sketchId))
  form.append('total_file_size', String(CSV.length))
  form.append('events', new File(['{}'], 'events'))
  form.append('file', new File([CSV], 'up.csv'))
  const headers = { 'x-csrftoken': owner.token }
  const answer = await owner.send('POST', '/api/v1/upload/', { body: form, headers })
  expect(answer.status).toBe(201)
  await waitForImport(server, answer.json.meta.task_id)
  expect(await listUploads()).toEqual([])
})

test.each([
  ['without a boundary', 'multipart/form-data'],
  ['with a boundary of 300 characters', `multipart/form-data; boundary=${'b'.repeat(300)}`],
])('a form %s is refused as one that cannot be read', async (_what, type) => {
  const headers = { 'x-csrftoken': owner.token, 'content-type': type }
  const answer = await owner.send('POST', '/api/v1/upload/', { body: 'x', headers })
  expect([answer.status, answer.json.message]).toEqual([
    400,
    expect.stringContaining('Unable to read the form'),
  ])
})

test('a form with too many fields is refused, none is left out', async () => {
  const fields = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`field${at}`, 'x']))
  const answer = await owner.upload({ ...fields, sketch_id: sketchId, events: '{}' })
  expect([answer.status, answer.json.message]).toEqual([
    400,
    'Unable to read the form: expected at most 100 fields, found more',
  ])
})

test('threads that read are started with the first chunk of a file that needs them, for those who may upload it', async () => {
  let started = 0
  const count = (): void => {
    started++
  }
  process.on('worker', count)
  try {
    const chunk = { ...CHUNKS, chunk_index: '0', chunk_byte_offset: '0', sketch_id: String(sketchId) }
    const large = { ...chunk, total_file_size: '20000000' }
    const sendings: [TestClient, Readonly<Record<string, string>>][] = [
      [owner, chunk],
      [stranger, large],
      [owner, large],
    ]
    const startedAfter: number[] = []
    for (const [client, fields] of sendings) {
      await client.upload(fields, { name: 'up.csv', text: CSV })
      startedAfter.push(started)
    }
    expect(startedAfter).toEqual([0, 0, expect.any(Number)])
    expect(started).toBeGreaterThan(0)
  } finally {
    process.off('worker', count)
  }
})
