import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp, type ServerApp } from '../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import { mountSkein } from './skein/mount-skein.ts'
import { mountTimesketch } from './timesketch/mount.ts'

const DEEP = '['.repeat(200_000) + ']'.repeat(200_000)

let temporary: TemporarySystem
let app: ServerApp
let key: string
let sketchId: number
let event: { id: string; index: string }

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { auth, events, explore, sketches } = temporary.system.services
  app = createApp(temporary.system, { dialects: [mountTimesketch, mountSkein] })
  key = (await auth.createApiKey(temporary.admin, { name: 'k', scopes: ['write'] })).key
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  await events.create(temporary.admin, sketchId, { timeUs: 1n, source: { message: 'm' } })
  const found = await explore.search(temporary.admin, { sketchId, query: { kind: 'all' }, size: 1 })
  event = found.events[0]!
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function post(path: string, body: string): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const answer = await app.fetch(new Request(`http://localhost${path}`, { method: 'POST', headers, body }))
  return { status: answer.status, text: await answer.text() }
}

it.each([
  ['a DSL', 'explore', `{"dsl":{"query":{"bool":{"filter":${DEEP}}}}}`],
  ['a DSL in text', 'explore', JSON.stringify({ dsl: `{"query":{"bool":{"filter":${DEEP}}}}` })],
  ['a filter', 'explore', `{"query":"*","filter":{"chips":${DEEP}}}`],
  ['an aggregation', 'aggregation/explore', `{"aggregation_dsl":${DEEP}}`],
  ['an aggregation in text', 'aggregation/explore', JSON.stringify({ aggregation_dsl: DEEP })],
  ['an aggregation that is kept', 'aggregation', JSON.stringify({ agg_type: 'x', parameters: DEEP })],
  ['a list in text', 'aggregation/group', JSON.stringify({ aggregations: DEEP })],
  ['a graph in text', 'graphs', JSON.stringify({ name: 'g', elements: DEEP })],
  [
    'an attribute',
    'event/attributes',
    `{"events":[{"attributes":[{"attr_name":"a","attr_value":${DEEP}}]}]}`,
  ],
])('Timesketch’s API says how deep JSON may be: %s', async (_what, route, body) => {
  const answer = await post(`/api/v1/sketches/${sketchId}/${route}/`, body)
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('200 deep')
})

it.each([
  ['a search', 'search', `{"dsl":${DEEP}}`],
  ['marks', 'marks', () => `{"kind":"attribute","value":${DEEP},"ids":["${event.id}"]}`],
])('our API says how deep JSON may be: %s', async (_what, route, body) => {
  const answer = await post(
    `/api/skein/v1/sketches/${sketchId}/${route}`,
    typeof body === 'string' ? body : body(),
  )
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'json-too-deep', limit: 200 })
})

it('nobody logs in with a body that a form of another site can send', async () => {
  const login = async (
    type: string | undefined,
    body: string,
  ): Promise<{ status: number; code: unknown }> => {
    const answer = await app.fetch(
      new Request('http://localhost/api/skein/v1/login', {
        method: 'POST',
        headers: type === undefined ? {} : { 'content-type': type },
        body,
      }),
    )
    return { status: answer.status, code: ((await answer.json()) as { code: unknown }).code }
  }
  const password = 'correct horse'
  await temporary.addUser('somebody')
  const attempt = JSON.stringify({ username: 'somebody', password })
  for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
    expect(await login(type, attempt)).toEqual({ status: 400, code: 'bad-content-type' })
  expect(await login('application/json', '{"username":')).toEqual({ status: 400, code: 'bad-json' })
  expect(await login('application/json', '{}')).toEqual({ status: 400, code: 'bad-request' })
  expect((await login('application/json; charset=utf-8', attempt)).status).toBe(200)
})
