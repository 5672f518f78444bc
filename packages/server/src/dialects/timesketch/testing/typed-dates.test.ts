import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let owner: TestClient
let sketchId: number
beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('anna')
  sketchId = (await owner.post('/sketches/', { name: 'dates' })).json.objects[0].id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const FILTER = { from: 0, size: 40, indices: ['_all'], order: 'asc', chips: [] }

async function find(message: string): Promise<string> {
  return (await owner.post(`/sketches/${sketchId}/explore/`, { query: `message:${message}`, filter: FILTER }))
    .text
}

async function addEvent(date: string, message: string): Promise<number> {
  const body = { date_string: date, timestamp_desc: 'seen', message, attributes: {}, tag: [] }
  return (await owner.post(`/sketches/${sketchId}/event/create/`, body)).status
}

test.each([
  ['2024', 'yearalone', 1704067200000000],
  ['99', 'shortyear', 915148800000000],
])('an event of %s is of that year', async (date, message, timestamp) => {
  expect(await addEvent(date, message)).toBe(201)
  expect(JSON.parse(await find(message)).objects[0]._source).toMatchObject({
    timestamp,
    datetime: new Date(timestamp / 1000).toISOString().replace('.000Z', '+00:00'),
  })
})

test('a clock time is one of today; what is no date is refused', async () => {
  const before = Date.now()
  expect(await addEvent('00:00', 'clock')).toBe(201)
  const { timestamp } = JSON.parse(await find('clock')).objects[0]._source
  expect(Math.abs(timestamp / 1000 - before)).toBeLessThan(2 * 86_400_000)
  expect(await addEvent('12345', 'digits')).toBe(400)
})

test('the last microsecond of the year 9999 keeps its digits', async () => {
  expect(await addEvent('9999-12-31T23:59:59.999999Z', 'last')).toBe(201)
  expect(await find('last')).toContain('"timestamp":253402300799999999,')
})

test.each([
  ['2024', '20240301'],
  ['20240301', '2024'],
  ['2024', '2024-03-01T00:00:00'],
])('times of events do not hang on their neighbours: %s, %s', async (first, second) => {
  const name = `of${first}${second}`.replaceAll(/\W/g, '')
  const events = [first, second].map((datetime) => ({ datetime, message: name, timestamp_desc: 'd' }))
  const answer = await owner.upload({
    ...{ sketch_id: sketchId, name, provider: 'test', context: 'test' },
    events: events.map((event) => JSON.stringify(event)).join('\n'),
  })
  expect(answer.status).toBe(201)
  const hits: { _source: { datetime: string; timestamp?: number } }[] = JSON.parse(await find(name)).objects
  expect(hits.map(({ _source: { timestamp } }) => timestamp)).toEqual([1704067200000000, 1709251200000000])
})
