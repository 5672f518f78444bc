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
