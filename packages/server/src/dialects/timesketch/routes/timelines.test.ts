import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from '../testing/test-server.ts'

let server: TestServer
let owner: TestClient
let stranger: TestClient
let mine: number

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  stranger = await server.signIn('stranger')
  const sketchId = (await owner.post('/sketches/', { name: 'first' })).json.objects[0].id
  const events = JSON.stringify({ message: 'm', datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'x' })
  mine = (await owner.upload({ sketch_id: sketchId, name: 'mine', events })).json.objects[0].id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

test('a timeline of a sketch that the caller may not read is as one that is not there', async () => {
  const theirs = (await stranger.post('/sketches/', { name: 'theirs' })).json.objects[0].id
  const foreign = await stranger.get(`/sketches/${theirs}/timelines/${mine}/`)
  const unknown = await stranger.get(`/sketches/${theirs}/timelines/999999/`)
  expect(foreign.status).toBe(404)
  expect(foreign.json).toEqual(unknown.json)
  const second = (await owner.post('/sketches/', { name: 'second' })).json.objects[0].id
  expect((await owner.get(`/sketches/${second}/timelines/${mine}/`)).json.message).toContain('does not match')
})
