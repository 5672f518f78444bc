import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp, type ServerApp } from '../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { mountSkein } from './mount-skein.ts'

let temporary: TemporarySystem
let app: ServerApp
let key: string
let sketchId: number

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { auth, events, sketches } = temporary.system.services
  app = createApp(temporary.system, { dialects: [mountSkein] })
  key = (await auth.createApiKey(temporary.admin, { name: 'k', scopes: ['admin'] })).key
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  await events.create(temporary.admin, sketchId, { timeUs: 1n, source: { message: 'm' } })
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const answer = await app.fetch(
    new Request(`http://localhost/api/skein/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  return { status: answer.status, text: await answer.text() }
}

it.each<[string, object, string]>([
  ['count', { query: '*', timeline: ['t1'] }, 'timeline'],
  ['search', { querry: 'm' }, 'querry'],
  ['histogram', { unit: 'day' }, 'unit'],
  ['top', { field: 'message', limit: 3 }, 'limit'],
  ['fields', { timeline: ['t1'] }, 'timeline'],
  ['rows', { around: { row: 0 }, until: 3 }, 'until'],
  ['rows', { around: { rows: 0 } }, 'rows'],
  ['explain', { asks: { kind: 'count', field: 'x' } }, 'field'],
  ['export', { columns: ['message'] }, 'columns'],
  ['marks', { kind: 'star', target: { question: { timeline: ['nope'] } }, form: '2030' }, 'form'],
  ['marks', { kind: 'star', target: { question: { timeline: ['nope'] } } }, 'timeline'],
  ['marks', { kind: 'star', target: { ids: ['a'], question: {} } }, 'question'],
])('%s refuses a member that it does not know, by name: %j', async (route, body, member) => {
  const answer = await send('POST', `/sketches/${sketchId}/${route}`, body)
  expect(answer.status).toBe(400)
  const problem = JSON.parse(answer.text) as { code: string; detail: string }
  expect(problem.code).toBe('bad-request')
  expect(problem.detail).toContain(`"${member}"`)
})

it('a mark with a mistyped question changes nothing', async () => {
  const target = { question: { timeline: ['nope'], form: '2030' } }
  expect(
    (await send('POST', `/sketches/${sketchId}/marks`, { kind: 'tag', value: 'x', target })).status,
  ).toBe(400)
  const count = await send('POST', `/sketches/${sketchId}/count`, { query: 'tag:x' })
  expect(JSON.parse(count.text)).toEqual({ count: 0 })
})

it('a parameter of the query string that is not known is refused, by name', async () => {
  const answer = await send('GET', '/audit?users=somebody')
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'bad-request' })
  expect(answer.text).toContain('users')
})

it('what is wrong in one of several forms is told of the one that comes closest', async () => {
  const answer = await send('POST', `/sketches/${sketchId}/marks`, { kind: 'star', target: { ids: [1] } })
  expect(JSON.parse(answer.text).detail).toContain('target.ids.0: ')
})

it.each([
  ['count', {}],
  ['search', {}],
  ['fields', {}],
  ['rows', { around: { row: 0 } }],
  ['top', { field: 'message' }],
  ['histogram', {}],
  ['export', { format: 'csv' }],
  ['explain', { asks: { kind: 'count' } }],
])(
  '%s refuses a timeline that the sketch does not have, by name, though others are known',
  async (route, more) => {
    const [timeline] = await temporary.system.services.timelines.list(temporary.admin, sketchId)
    const timelines = [timeline!.id, 'nope']
    const answer = await send('POST', `/sketches/${sketchId}/${route}`, { timelines, ...more })
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      400,
      { code: 'unknown-timelines', detail: expect.stringContaining('"nope"') },
    ])
  },
)

it('a mark on a timeline that the sketch does not have changes nothing', async () => {
  const target = { question: { query: '*', timelines: ['nope', 'manual events'] } }
  const answer = await send('POST', `/sketches/${sketchId}/marks`, { kind: 'tag', value: 'y', target })
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'unknown-timelines'])
  const count = await send('POST', `/sketches/${sketchId}/count`, { query: 'tag:y' })
  expect(JSON.parse(count.text)).toEqual({ count: 0 })
})

it('timelines are known by name in any case and by id as number or text', async () => {
  const [timeline] = await temporary.system.services.timelines.list(temporary.admin, sketchId)
  const timelines = ['MANUAL Events', timeline!.id, String(timeline!.id)]
  const answer = await send('POST', `/sketches/${sketchId}/count`, { timelines })
  expect(JSON.parse(answer.text)).toEqual({ count: 1 })
})
