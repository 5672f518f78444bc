import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp, type ServerApp } from '../../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../../testing/temporary-system.ts'
import { mountSkein } from '../mount-skein.ts'

let place: TemporarySystem
let app: ServerApp
let key: string
let sketchId: number

beforeAll(async () => {
  place = await openTemporarySystem()
  app = createApp(place.system, { dialects: [mountSkein] })
  const { auth, sketches, alerts } = place.system.services
  key = (await auth.createApiKey(place.admin, { name: 'test', scopes: ['read', 'write', 'admin'] })).key
  sketchId = (await sketches.create(place.admin, { name: 'Case' })).id
  await alerts.store(
    place.admin,
    ['one', 'two'].map((name, at) => ({
      sourceKey: name,
      source: 'api',
      sketchId,
      ruleUuid: `rule-${name}`,
      title: `Rule ${name}`,
      severity: 70,
      host: 'WS-1',
      spans: new Map([[1, { count: 3, firstUs: BigInt(at), lastUs: BigInt(at) }]]),
      evidence: [{ index: 'a'.repeat(32), id: 'aaaaaaaa_0' }],
    })),
  )
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

interface Answer {
  readonly status: number
  readonly body: ReturnType<typeof JSON.parse>
}

async function call(method: string, path: string, body?: unknown, as = key): Promise<Answer> {
  const response = await app.fetch(
    new Request(`http://localhost/api/skein/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${as}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  )
  return { status: response.status, body: await response.json() }
}

const RULE = `title: A rule
id: 0aaaaaaa-0000-4000-8000-000000000001
logsource: { product: windows }
detection: { s: { EventID: 1 }, condition: s }
`

test('rules are added a file a line, read, changed and removed', async () => {
  const lines = [
    { file: 'a.yml', text: RULE },
    { file: 'b.yml', text: 'title: [' },
  ]
  const added = await call('POST', '/rules', lines.map((line) => JSON.stringify(line)).join('\n'))
  expect(added.body).toMatchObject({ files: 2, added: 1, failed: [{ file: 'b.yml', code: 'bad-yaml' }] })
  const id = '0aaaaaaa-0000-4000-8000-000000000001'
  expect((await call('GET', '/rules?text=a+rule')).body.rules).toMatchObject([{ id, isEnabled: true }])
  expect((await call('PATCH', `/rules/${id}`, { enabled: false })).body).toMatchObject({ isEnabled: false })
  expect((await call('PUT', `/rules/${id}`, { text: `${RULE}level: low\n` })).body.version).toBe(2)
  expect((await call('GET', `/rules/${id}`)).body).toMatchObject({
    level: 'low',
    versions: [
      { version: 2, user: 'admin' },
      { version: 1, text: RULE },
    ],
  })
  expect((await call('POST', '/policies', { name: 'Some', rules: [id] })).body.rules).toEqual([id])
  expect((await call('DELETE', `/rules/${id}`)).body).toEqual({ done: true })
  expect(await call('GET', `/rules/${id}`)).toMatchObject({ status: 404, body: { code: 'rule-not-found' } })
})

test('a line that is no file of rules is refused, and says what was expected', async () => {
  expect(await call('POST', '/rules', '{"file":"a.yml"}')).toMatchObject({
    status: 400,
    body: { code: 'bad-request' },
  })
  expect((await call('POST', '/rules', 'title: x')).status).toBe(400)
})

test('a list of rules is read page by page', async () => {
  const lines = [1, 2, 3].map((number) => {
    const text = RULE.replace('A rule', `Page ${number}`).replace('-0000000', `-${number}000000`)
    return JSON.stringify({ file: `${number}.yml`, text })
  })
  await call('POST', '/rules', lines.join('\n'))
  const first = (await call('GET', '/rules?text=page&limit=2')).body
  const second = (await call('GET', `/rules?text=page&limit=2&after=${first.next}`)).body
  expect([...first.rules, ...second.rules].map(({ title }) => title)).toEqual(['Page 1', 'Page 2', 'Page 3'])
  expect(second.next).toBeUndefined()
})

test('alerts and incidents are listed, shown, decided and commented on', async () => {
  const list = (await call('GET', `/alerts?sketch=${sketchId}&status=open,closed&severity=70`)).body
  expect(list).toMatchObject({ total: 2, alerts: [{ title: 'Rule two', count: 3 }, { title: 'Rule one' }] })
  const { uid, incident } = list.alerts[0]
  expect((await call('POST', `/alerts/${uid}/comments`, { text: 'seen' })).body.user).toBe('admin')
  const closed = await call('PATCH', `/alerts/${uid}`, { status: 'closed', resolution: 'confirmed' })
  expect(closed.body).toMatchObject({ status: 'closed', closedBy: 'admin' })
  expect((await call('GET', `/alerts/${uid.slice(0, 24)}`)).body).toMatchObject({
    evidence: [{ id: 'aaaaaaaa_0' }],
    comments: [{ text: 'seen' }],
    history: [
      { action: 'created', user: '' },
      { action: 'comment' },
      { action: 'status', details: { from: 'open', to: 'closed' } },
      { action: 'resolution' },
    ],
  })
  const shown = (await call('GET', `/incidents/${incident}`)).body
  expect(shown.detections.map(({ title }: { title: string }) => title)).toEqual(['Rule one', 'Rule two'])
  expect((await call('PATCH', `/incidents/${incident}`, { assignee: 'admin' })).body.assignee).toBe('admin')
  expect((await call('GET', '/incidents?host=WS-1')).body).toMatchObject({ total: 1 })
  expect((await call('GET', '/devices')).body).toMatchObject({ devices: [{ name: 'WS-1' }], total: 1 })
  const uncounted = (await call('GET', '/devices?total=false')).body
  expect(uncounted).toMatchObject({ devices: [{ name: 'WS-1' }] })
  expect(uncounted).not.toHaveProperty('total')
  expect((await call('GET', '/alerts?status=shut')).status).toBe(400)
  expect((await call('PATCH', `/alerts/${uid}`, { status: 'shut' })).status).toBe(400)
})

test('suppressions are made, listed and taken away', async () => {
  const made = await call('POST', '/suppressions', { sketchId, rule: 'x', until: '2030-01-01T00:00:00Z' })
  expect(made.body).toMatchObject({ rule: 'x', until: '2030-01-01T00:00:00.000Z' })
  expect((await call('GET', '/suppressions')).body.suppressions).toHaveLength(1)
  await call('DELETE', `/suppressions/${made.body.id}`)
  expect((await call('GET', '/suppressions')).body.suppressions).toEqual([])
})

test('who may only read asks what a run would find, by a key that may only read', async () => {
  const { services } = place.system
  const ana = await place.addUser('ana')
  await services.access.changeSketchGrants(place.admin, sketchId, {
    grantUsers: ['ana'],
    permissions: ['read'],
  })
  const reading = (await services.auth.createApiKey(ana, { name: 'reading', scopes: ['read'] })).key
  const body = { rules: [{ file: 'a.yml', text: RULE }] }
  const path = `/sketches/${sketchId}/detect`
  expect(await call('POST', `${path}/preview`, body, reading)).toMatchObject({
    status: 200,
    body: { mode: 'dry-run', rules: 1 },
  })
  expect((await call('POST', path, { ...body, dryRun: true }, reading)).status).toBe(403)
  expect((await call('POST', `${path}/preview`, { ...body, dryRun: false }, reading)).status).toBe(400)
  expect((await call('GET', `/sketches/${sketchId}/detections`)).body.runs).toEqual([])
})
