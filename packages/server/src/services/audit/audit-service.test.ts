import { rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import type { Query } from '@timeskein/query'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listDataPaths } from '../../data-paths.ts'
import { mountSkein } from '../../dialects/skein/mount-skein.ts'
import { mountTimesketch } from '../../dialects/timesketch/mount.ts'
import { createApp } from '../../http/create-app.ts'
import { createLogger } from '../../log.ts'
import { openSystem } from '../../open-system.ts'
import {
  makeTemporaryDirectory,
  openTemporarySystem,
  type TemporarySystem,
} from '../../testing/temporary-system.ts'
import { aggregateValues } from '../explore/event-aggregations.ts'
import type { AuditEntry, AuditFilter } from './audit-service.ts'
import { readAudit } from './read-audit.ts'

let temporary: TemporarySystem
let sketchId: number
let nowMs: number

beforeEach(async () => {
  nowMs = Date.parse('2026-01-01T12:00:00Z')
  temporary = await openTemporarySystem({ now: () => nowMs })
  const { events, sketches } = temporary.system.services
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  await events.create(temporary.admin, sketchId, {
    timeUs: 1n,
    source: { message: 'the content', user: 'eve' },
  })
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function list(filter: AuditFilter): Promise<readonly AuditEntry[]> {
  return (await temporary.system.services.audit.list(temporary.admin, filter)).toReversed()
}

const EVE: Query = { kind: 'match', field: 'user', text: 'eve', operator: 'and' }

it('tells who asked what of which sketch, and nothing of what was found', async () => {
  const { explore } = temporary.system.services
  const question = { sketchId, query: EVE }
  const aggregations = { top: aggregateValues('user', 3) }
  const { events } = await explore.search(temporary.admin, { ...question, size: 10, aggregations })
  await explore.count(temporary.admin, { ...question, selection: { entries: ['manual events'] } })
  for await (const _page of explore.scan(temporary.admin, question));
  await explore.explain(temporary.admin, { ...question, size: 10 })
  await explore.getEvents(temporary.admin, sketchId, [events[0]!.id])
  const entries = await list({ action: 'event.*' })
  expect(entries.map(({ action, details }) => [action, details])).toEqual([
    ['event.create', {}],
    ['event.search', { query: 'user:eve', aggregations: ['terms user'] }],
    ['event.count', { query: 'user:eve', timelines: [events[0]!.timelineId] }],
    ['event.scan', { query: 'user:eve' }],
    ['event.explain', { query: 'user:eve' }],
    ['event.read', { count: 1, ids: [events[0]!.id] }],
  ])
  expect(entries[1]).toMatchObject({
    username: 'admin',
    via: 'local',
    dialect: undefined,
    subject: `sketch/${sketchId}`,
    sketchId,
    result: 'ok',
  })
  expect(JSON.stringify(entries)).not.toContain('the content')
})

it('tells the API and the key that a question came by, one entry a request', async () => {
  const { auth } = temporary.system.services
  const { key, apiKey } = await auth.createApiKey(temporary.admin, { name: 'k', scopes: ['read'] })
  const app = createApp(temporary.system, { dialects: [mountTimesketch, mountSkein] })
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await app.fetch(
      new Request(`http://localhost${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-request-id': path },
        body: JSON.stringify(body),
      }),
    )
    expect(answer.status, path).toBe(200)
    await answer.arrayBuffer()
  }
  const skein = `/api/skein/v1/sketches/${sketchId}`
  const around = { time: '2026-01-01' }
  await post(`${skein}/search`, { query: 'user:eve' })
  await post(`${skein}/rows`, { query: 'user:eve', around, before: 1, after: 1 })
  await post(`${skein}/fields`, {})
  await post(`/api/v1/sketches/${sketchId}/explore/`, { query: 'user:eve', filter: {} })
  const entries = await list({ action: 'event.search' })
  expect(
    entries.map(({ dialect, apiKeyId, via, details }) => [dialect, apiKeyId, via, details['query']]),
  ).toEqual([
    ['skein', apiKey.id, 'api-key', 'user:eve'],
    ['skein', apiKey.id, 'api-key', 'user:eve'],
    ['timesketch', apiKey.id, 'api-key', expect.stringContaining('user:eve')],
  ])
  expect(await list({ action: 'event.count' })).toEqual([])
})

it('keeps the beginning of a very long question', async () => {
  const { explore } = temporary.system.services
  const text = 'x'.repeat(5000)
  await explore.count(temporary.admin, { sketchId, query: { kind: 'term', field: 'user', value: text } })
  const [entry] = await list({ action: 'event.count' })
  expect(entry!.details['query']).toHaveLength(2000)
  expect(entry!.details['queryLength']).toBeGreaterThan(5000)
})

it('keeps the beginning also of a question that is long only as JSON', async () => {
  const { explore } = temporary.system.services
  const field = `user\u0001${'\u0001'.repeat(1990)}`
  const aggregations = Object.fromEntries(
    Array.from({ length: 10 }, (_, place) => [`${place}`, aggregateValues('\u0001'.repeat(100), 3)]),
  )
  await explore.search(temporary.admin, {
    sketchId,
    query: { kind: 'term', field: 'user', value: field },
    size: 0,
    aggregations,
  })
  const [{ details }] = (await list({ action: 'event.search' })) as [AuditEntry]
  expect(details['query']).toContain('user')
  expect(details['aggregations']).toContain(`terms ${'\u0001'.repeat(94)}`)
})

it('is read by filters, page by page, which is an act too', async () => {
  const { audit, sketches } = temporary.system.services
  const ana = await temporary.addUser('ana')
  nowMs += 86_400_000
  const other = await sketches.create(ana, { name: 'other' })
  await sketches.update(ana, other.id, { description: 'more' })
  expect((await list({ username: 'ana' })).map(({ action }) => action)).toEqual([
    'sketch.create',
    'sketch.update',
  ])
  expect((await list({ sketchId, action: 'sketch.*' })).map(({ subject }) => subject)).toEqual([
    `sketch/${sketchId}`,
  ])
  const page = async (filter: object) => await readAudit(audit, temporary.admin, filter, nowMs)
  const first = await page({ user: 'ana', limit: 1 })
  expect(first.entries.map(({ action }) => action)).toEqual(['sketch.update'])
  const second = await page({ user: 'ana', limit: 1, before: first.next })
  expect(second.entries.map(({ action }) => action)).toEqual(['sketch.create'])
  expect((await page({ user: 'ana', limit: 1, before: second.next })).entries).toEqual([])

  const actionsOf = async (filter: object): Promise<string[]> =>
    (await page({ action: 'sketch.*', ...filter })).entries.map(({ action, sketch }) => `${action} ${sketch}`)
  expect(await actionsOf({ to: '2026-01-01' })).toEqual([`sketch.create ${sketchId}`])
  expect(await actionsOf({ from: '2026-01-02' })).toEqual([
    `sketch.update ${other.id}`,
    `sketch.create ${other.id}`,
  ])
  expect(await actionsOf({ from: 'now-1h', action: 'sketch.update' })).toEqual([`sketch.update ${other.id}`])
  await expect(page({ from: 'someday' })).rejects.toMatchObject({ kind: 'invalid', code: 'bad-time' })
  const [read] = await list({ action: 'audit.read' })
  expect(read).toMatchObject({ username: 'admin', details: { username: 'ana' } })
})

it('is for administrators', async () => {
  const ana = await temporary.addUser('ana')
  await expect(temporary.system.services.audit.list(ana, { username: 'ana' })).rejects.toMatchObject({
    code: 'not-an-admin',
  })
})

it('tells of logins that were not even tried, once for each that was', async () => {
  const { auth } = temporary.system.services
  const attempt = { username: 'admin', password: 'wrong', address: '192.0.2.1' }
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => auth.login(attempt)))
  const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
  const tried = codes.filter((code) => code === 'bad-credentials').length
  const entries = await list({ action: 'login' })
  expect(entries.filter(({ details }) => !details['isThrottled'])).toHaveLength(tried)
  expect(entries.filter(({ details }) => details['isThrottled'])).toHaveLength(1)
  expect(entries.every(({ result, username }) => result === 'refused' && username === 'admin')).toBe(true)
})

it('has what was asked just before a stop', async () => {
  const directory = await makeTemporaryDirectory()
  const before = await openSystem({ dataDirectory: directory })
  const admin = await before.services.auth.localPrincipal('admin')
  const sketch = await before.services.sketches.create(admin, { name: 'case' })
  await before.services.explore.count(admin, { sketchId: sketch.id, query: EVE })
  await before.close()
  const after = await openSystem({ dataDirectory: directory })
  expect(await after.services.audit.list(admin, { action: 'event.count' })).toHaveLength(1)
  await after.close()
  await rm(directory, { recursive: true })
})

it('is read when its latest entries cannot be written, which the server’s log says, and has them later', async () => {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  await using other = await openTemporarySystem({ logger: createLogger({ level: 'warn', destination }) })
  const { audit } = other.system.services
  using file = new DatabaseSync(listDataPaths(other.directory).database)
  file.exec("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no room'); END")
  await audit.note(other.admin, { action: 'event.search', subject: 'api' })
  expect(await audit.list(other.admin, { action: 'event.search' })).toEqual([])
  expect(lines.filter(({ level }) => level === 'warn')).toEqual([
    expect.objectContaining({
      level: 'warn',
      msg: 'the audit log is read without its latest entries: they could not be written',
      err: expect.objectContaining({ message: expect.stringContaining('no room') }),
    }),
  ])
  file.exec('DROP TRIGGER full')
  expect(await audit.list(other.admin, { action: 'event.search' })).toHaveLength(1)
})
