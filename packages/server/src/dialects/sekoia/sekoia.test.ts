import { type Sekoia as Client, Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApp, type ServerApp } from '../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { findReplyProblem, type OpenApiDocument } from '../platform/testing/check-reply.ts'
import { mountSekoia } from './mount-sekoia.ts'

let place: TemporarySystem
let app: ServerApp
let document: OpenApiDocument
let client: Client
let key: string
const problems: string[] = []

beforeEach(async () => {
  place = await openTemporarySystem()
  app = createApp(place.system, { dialects: [mountSekoia] })
  document = (await (
    await app.fetch(new Request('http://skein.test/sekoia/openapi.json'))
  ).json()) as OpenApiDocument
  key = await makeKey()
  client = connect(key)
  problems.length = 0
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
  // Every reply of every test is as the API's document says.
  expect(problems).toEqual([])
})

async function makeKey(scopes: readonly string[] = []): Promise<string> {
  const { credentials } = await place.system.services.platformKeys.create(place.admin, {
    kind: 'sekoia',
    name: 'test',
    scopes,
  })
  return (credentials as { readonly key: string }).key
}

function connect(apiKey: string): Client {
  return new Sekoia({ apiKey, url: 'http://skein.test/sekoia', fetch: ask, retryCount: 0 })
}

const ask: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const { method, url } = request
  const reply = await app.fetch(request)
  const path = new URL(url).pathname.replace(
    /^\/sekoia\/(batch|array|jsons|plain.*)?$/,
    '/sekoia/api/v1/intake-http/$1',
  )
  const problem = await findReplyProblem(document, method, path.replace(/\/$/, ''), reply)
  if (problem !== undefined) problems.push(problem)
  return reply
}

/** An intake of a new entity, with the client that sends to it. */
async function makeIntake(): Promise<{ readonly key: string; readonly entity: string }> {
  const entity = await client.entities.create({ name: 'Paris', entity_id: '1001' })
  const [format] = await client.intakes.listFormats().toArray()
  const intake = await client.intakes.create({
    name: 'endpoint',
    entity_uuid: entity.uuid,
    format_uuid: format!.uuid,
  })
  return { key: intake.intake_key, entity: entity.uuid }
}

test('events that are pushed land on a timeline, and a search finds them, newest first', async () => {
  const intake = await makeIntake()
  const events = Array.from({ length: 1500 }, (_, place) => ({
    '@timestamp': new Date(Date.UTC(2026, 0, 1) + place * 1000).toISOString(),
    message: `line ${place}`,
    source: { ip: place % 2 === 0 ? '1.2.3.4' : '5.6.7.8' },
    'event.code': place,
  }))
  const ids = (await Array.fromAsync(client.intake(intake.key).sendAll(events))).flat()
  expect(new Set(ids).size).toBe(1500)
  const search = client.search('source.ip: "1.2.3.4"', { earliest: '2026-01-01', latest: '2026-01-02' })
  const found = await search.toArray()
  expect(found.length).toBe(750)
  expect(found.map((event) => event['event.code'])).toEqual(
    Array.from({ length: 750 }, (_, place) => 1498 - place * 2),
  )
  expect(found[0]).toMatchObject({
    timestamp: '2026-01-01T00:24:58.000Z',
    message: 'line 1498',
    'source.ip': '1.2.3.4',
    'event.id': ids[1498],
    'sekoiaio.intake.key': intake.key,
    'sekoiaio.entity.uuid': intake.entity,
    'sekoiaio.entity.id': '1001',
  })
  expect((await client.search(`event.id: "${ids[3]}"`, { earliest: '2026-01-01' }).toArray()).length).toBe(1)
  const all = await client.search('*', { earliest: '2026-01-01', latest: '2026-01-02' }).toArray()
  expect(all.length).toBe(1500)
  const newest = client.search('', { earliest: '2026-01-01', latest: '2026-01-02', maxEvents: 3 })
  expect((await newest.toArray()).map((event) => event['event.code'])).toEqual([1499, 1498, 1497])
})
