import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isApiError, isConnectionError, SkeinClient } from '@timeskein/sdk'
import { createApp, mountSkein, openSystem, type ServerApp, type System } from '@timeskein/server'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The SDK's client against the application itself, without a port: the SDK's package must not know the server's.

const EVENTS = 120
const BASE = 'http://skein.test'

let folder: string
let system: System
let app: ServerApp
let client: SkeinClient
let reader: SkeinClient
let sketchId: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-api-'))
  system = await openSystem({ dataDirectory: folder })
  app = createApp(system, { dialects: [mountSkein] })
  client = await makeClient('admin', 'admin')
  reader = await makeClient('admin', 'read')
  sketchId = (await client.createSketch({ name: 'case', description: 'why' })).id
  const lines = Array.from({ length: EVENTS }, (_, number) =>
    JSON.stringify({
      datetime: new Date(Date.UTC(2026, 2, 1, 0, number)).toISOString(),
      message: `event ${number}`,
      parity: number % 2 === 0 ? 'even' : 'odd',
    }),
  )
  lines.splice(7, 0, '{"message":"no time"}', '{broken')
  const job = await client.importBytes(sketchId, encode(lines.join('\n')), {
    timeline: 'one',
    name: 'x.jsonl',
  })
  expect(job).toMatchObject({ status: 'done', hasRejects: true })
  expect(job.files[0]).toMatchObject({ read: EVENTS + 2, stored: EVENTS, rejected: 2 })
})
afterAll(async () => {
  await system.close({ deadlineMs: 0 })
  await rm(folder, { recursive: true, force: true })
})

async function makeClient(username: string, scope: 'read' | 'write' | 'admin'): Promise<SkeinClient> {
  const principal = await system.services.auth.localPrincipal(username)
  const { key } = await system.services.auth.createApiKey(principal, { name: scope, scopes: [scope] })
  return new SkeinClient({
    baseUrl: BASE,
    apiKey: key,
    fetch: async (url, init) => await app.fetch(new Request(url, init)),
  })
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

async function refusalOf(work: Promise<unknown>): Promise<{ status: number; code: string; column?: number }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isApiError(error)) throw new Error(`expected a refusal, found ${String(error)}`)
  return {
    status: error.status,
    code: error.code,
    ...(error.column === undefined ? {} : { column: error.column }),
  }
}

test('a search answers in lines, with count, histogram and facets, and ends with done', async () => {
  const lines = await Array.fromAsync(
    client.search(sketchId, { query: 'parity:even', size: 5, facets: ['parity'], histogram: true }),
  )
  const byType = Object.fromEntries(lines.map((line) => [line.type, line]))
  expect(byType['rows']).toMatchObject({ rows: { length: 5 } })
  expect(byType['count']).toEqual({ type: 'count', total: EVENTS / 2, byTimeline: { one: EVENTS / 2 } })
  expect(byType['facets']).toMatchObject({
    facets: { parity: { buckets: [{ value: 'even', count: EVENTS / 2 }], otherCount: 0 } },
  })
  expect(byType['histogram']).toMatchObject({ interval: expect.any(String), buckets: expect.any(Array) })
  expect(lines.at(-1)).toMatchObject({ type: 'done', complete: true })
})

test('pages follow one another by their cursors until there is none', async () => {
  const messages: unknown[] = []
  let after: string | undefined
  do {
    const lines = await Array.fromAsync(
      client.search(sketchId, { size: 50, sort: 'desc', ...(after === undefined ? {} : { after }) }),
    )
    for (const line of lines)
      if (line.type === 'rows') messages.push(...line.rows.map((row) => row.event['message']))
    const done = lines.at(-1)
    after = done?.type === 'done' ? done.next : undefined
  } while (after !== undefined)
  expect(messages).toEqual(Array.from({ length: EVENTS }, (_, place) => `event ${EVENTS - 1 - place}`))
  expect(await refusalOf(Array.fromAsync(client.search(sketchId, { after: 'made up' })))).toEqual({
    status: 400,
    code: 'bad-cursor',
  })
})

test('a question that cannot be read is refused with its place', async () => {
  expect(await refusalOf(client.count(sketchId, { query: 'a AND (' }))).toEqual({
    status: 400,
    code: 'bad-query',
    column: 8,
  })
  expect(await refusalOf(Array.fromAsync(client.search(sketchId, { query: '"open' })))).toMatchObject({
    code: 'bad-query',
  })
  expect(await refusalOf(client.top(sketchId, { field: '' }))).toMatchObject({ code: 'bad-request' })
  expect(await refusalOf(client.histogram(sketchId, { interval: 'fortnight' }))).toMatchObject({
    code: 'bad-interval',
  })
})

test('counts, values, fields and the way to an answer', async () => {
  expect(await client.count(sketchId, {})).toBe(EVENTS)
  expect(await client.top(sketchId, { field: 'parity', size: 1 })).toMatchObject({
    buckets: [{ count: EVENTS / 2 }],
    otherCount: EVENTS / 2,
  })
  const { buckets } = await client.histogram(sketchId, { interval: 'hour' })
  expect(buckets.map((bucket) => bucket.count)).toEqual([60, 60])
  const fields = await client.listFields(sketchId)
  expect(fields.find((field) => field.name === 'parity')).toMatchObject({ events: EVENTS, share: 1 })
  expect((await client.explain(sketchId, { query: 'parity:odd' })).length).toBeGreaterThan(0)
})

test('rows around a row, a time and an event are the same rows', async () => {
  const ask = async (
    around: unknown,
  ): Promise<{ rows: { id: string }[]; firstRow: number; total: number }> => {
    const response = await askApp('POST', `/sketches/${sketchId}/rows`, { around, before: 2, after: 3 })
    expect(response.status).toBe(200)
    return await readJson(response)
  }
  const byRow = await ask({ row: 10 })
  expect(byRow).toMatchObject({ firstRow: 8, total: EVENTS, rows: { length: 5 } })
  expect(await ask({ time: '2026-03-01T00:10:00Z' })).toEqual(byRow)
  expect(await ask({ event: byRow.rows[2]?.id })).toEqual(byRow)
})

test('an export gives every event, and stopping early stops it', async () => {
  expect(await Array.fromAsync(client.exportEvents(sketchId, {}))).toHaveLength(EVENTS)
  for await (const line of client.exportEvents(sketchId, { sort: 'asc' })) {
    expect(JSON.parse(line)).toMatchObject({ timeline: 'one', event: { message: 'event 0' } })
    break
  }
  const csv = await (await askApp('POST', `/sketches/${sketchId}/export`, { format: 'csv' })).text()
  expect(csv.trimEnd().split('\r\n')).toHaveLength(EVENTS + 1)
})

test('a client that goes away ends the work behind its answer', async () => {
  const { explore } = system.services
  const scan = explore.scan
  let signal: AbortSignal | undefined
  explore.scan = (principal, question) => {
    signal = question.signal
    return scan.call(explore, principal, { ...question, pageSize: 10 })
  }
  try {
    for await (const _line of client.exportEvents(sketchId, {})) break
    expect(signal?.aborted).toBe(true)
  } finally {
    explore.scan = scan
  }
  await expect(client.count(sketchId, {}, { signal: AbortSignal.abort() })).rejects.toThrow()
  expect(await client.count(sketchId, {})).toBe(EVENTS)
})

test('marks are operations that are told, taken back and put in force again', async () => {
  const report = await client.mark(sketchId, {
    kind: 'tag',
    value: 'seen',
    target: { question: { query: 'parity:odd' } },
  })
  expect(report).toMatchObject({ matched: EVENTS / 2, changed: EVENTS / 2, unknownIds: [] })
  const count = async (): Promise<number> => await client.count(sketchId, { query: 'tag:seen' })
  expect(await count()).toBe(EVENTS / 2)
  expect((await client.listOperations(sketchId))[0]).toMatchObject({
    id: report.operationId,
    kind: 'tag',
    value: 'seen',
    query: 'parity:odd',
    user: 'admin',
    state: 'done',
  })
  expect(await client.undo(report.operationId)).toMatchObject({ state: 'undone' })
  expect(await count()).toBe(0)
  expect((await refusalOf(client.undo(report.operationId))).status).toBe(409)
  expect((await askApp('POST', `/marks/${report.operationId}/redo`, {})).status).toBe(200)
  expect(await count()).toBe(EVENTS / 2)
  const { revision } = await client.findSketch('case')
  const star = { kind: 'star', target: { question: { query: 'message:event' } } } as const
  expect((await refusalOf(client.mark(sketchId, { ...star, atRevision: revision - 1 }))).code).toBe(
    'revision-passed',
  )
  expect(await client.mark(sketchId, { ...star, atRevision: revision })).toMatchObject({ changed: EVENTS })
  expect((await refusalOf(client.mark(sketchId, { kind: 'tag', target: { ids: ['x'] } }))).code).toBe(
    'no-value',
  )
})

test('changes are told while they happen', async () => {
  const response = await askApp('GET', `/sketches/${sketchId}/changes`)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const events = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await events.read()).value).toMatch(/^: revision \d+\n\n$/)
  const told = events.read()
  await client.mark(sketchId, { kind: 'tag', value: 'told', target: { question: { query: 'parity:odd' } } })
  expect((await told).value).toMatch(/^id: \d+\nevent: \w+\ndata: \{.*\}\n\n$/)
  await events.cancel()
})

test('who comes back after changes is told to load again', async () => {
  const { revision } = await client.findSketch(String(sketchId))
  const headers = { authorization: `Bearer ${await adminKey()}`, 'last-event-id': String(revision - 1) }
  const response = await askApp('GET', `/sketches/${sketchId}/changes`, undefined, headers)
  const events = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await events.read()).value).toBe(`: revision ${revision}\n\n`)
  expect((await events.read()).value).toBe(
    `id: ${revision}\nevent: resync\ndata: {"sketchId":${sketchId},"revision":${revision},"kind":"resync","details":{}}\n\n`,
  )
  await events.cancel()
})

test('rejected rows come back as they stood, and why', async () => {
  const { imports } = await readJson<{ imports: { id: string }[] }>(
    await askApp('GET', `/sketches/${sketchId}/imports`),
  )
  const id = imports.at(-1)?.id ?? ''
  const raw = await new Response(await client.readRejects(id)).text()
  expect(raw).toBe('{"message":"no time"}\n{broken\n')
  const reasons = await (await askApp('GET', `/imports/${id}/rejects?kind=reasons`)).text()
  expect(
    reasons
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).reason),
  ).toEqual(['no-time', 'bad-json'])
  expect(await (await askApp('GET', `/imports/${id}`)).json()).toMatchObject({ id, status: 'done' })
  expect(await (await askApp('DELETE', `/imports/${id}`)).json()).toMatchObject({ status: 'done' })
})

test('a preview stores nothing, and what is no evidence is refused', async () => {
  const preview = await client.previewImport(encode('time,msg\n2026-01-01T00:00:00Z,hello\n'), {
    name: 'p.csv',
  })
  expect(preview.files[0]).toMatchObject({ path: 'p.csv', format: 'csv', timeFields: ['time'] })
  expect((await refusalOf(client.previewImport(encode('\0\u0001\u0002'), { name: 'x' }))).status).toBe(400)
  expect(await client.count(sketchId, {})).toBe(EVENTS)
})

test('sketches, timelines, users and keys', async () => {
  const made = await client.createSketch({ name: 'second' })
  expect((await Array.fromAsync(client.listSketches())).map((sketch) => sketch.name).sort()).toEqual([
    'case',
    'second',
  ])
  expect(await client.changeSketch(made.id, { name: '2nd' })).toMatchObject({ name: '2nd' })
  await client.importBytes(made.id, encode('{"datetime":"2026-01-01T00:00:00Z","message":"m"}'), {
    timeline: 't',
    name: 'y',
  })
  const [timeline] = await client.listTimelines(made.id)
  expect(timeline).toMatchObject({ name: 't', events: 1, status: 'ready' })
  expect(await client.renameTimeline(made.id, timeline?.id ?? 0, 'u')).toMatchObject({ name: 'u' })
  await client.deleteTimeline(made.id, timeline?.id ?? 0)
  expect(await client.listTimelines(made.id)).toEqual([])
  await client.deleteSketch(made.id, { force: true })
  expect(await refusalOf(client.findSketch('2nd'))).toEqual({ status: 404, code: 'sketch-not-found' })

  expect(await client.addUser({ name: 'zoe', password: 'a long password', isAdmin: false })).toMatchObject({
    name: 'zoe',
    isActive: true,
  })
  await client.setPassword('zoe', 'another password')
  const { id } = await client.createKey({ name: 'k', scopes: ['read'], user: 'zoe' })
  expect(await client.listKeys()).toContainEqual(
    expect.objectContaining({ id, user: 'zoe', scopes: ['read'] }),
  )
  await client.revokeKey(id)
  expect(await client.disableUser('zoe')).toMatchObject({ isActive: false })
  expect((await client.listUsers()).map((user) => user.name)).toContain('zoe')
  expect((await client.diagnose()).filter((finding) => finding.severity === 'error')).toEqual([])
})

test('a key does what its scope says, and no more', async () => {
  expect(await reader.count(sketchId, {})).toBe(EVENTS)
  expect(await refusalOf(reader.createSketch({ name: 'no' }))).toEqual({ status: 403, code: 'key-scope' })
  const star = { kind: 'star' as const, target: { ids: ['x'] } }
  expect(await refusalOf(reader.mark(sketchId, star))).toEqual({ status: 403, code: 'key-scope' })
  expect(await refusalOf(client.count(999_999, {}))).toEqual({ status: 404, code: 'sketch-not-found' })
})

test('a session logs in, changes things with its token only, and ends', async () => {
  await client.addUser({ name: 'web', password: 'a web password', isAdmin: false })
  const login = await askApp('POST', '/login', { username: 'web', password: 'a web password' }, {})
  const { csrfToken, user } = await readJson<{ csrfToken: string; user: { name: string } }>(login)
  expect(user.name).toBe('web')
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await askApp('POST', '/sketches', { name: 'mine' }, { cookie })).status).toBe(400)
  const headers = { cookie, 'x-csrf-token': csrfToken }
  expect((await askApp('POST', '/sketches', { name: 'mine' }, headers)).status).toBe(200)
  expect((await askApp('POST', '/logout', {}, headers)).status).toBe(200)
  expect((await askApp('GET', '/session', undefined, { cookie })).status).toBe(401)
  const wrong = await askApp('POST', '/login', { username: 'web', password: 'wrong' }, {})
  expect(wrong.status).toBe(401)
  expect(wrong.headers.get('content-type')).toBe('application/problem+json')
})

test('the document at openapi.json describes every route', async () => {
  const document = await readJson<{ paths: Record<string, object> }>(
    await askApp('GET', '/openapi.json', undefined, {}),
  )
  const described = Object.values(document.paths).flatMap((methods) => Object.keys(methods))
  const declared = (await app.listRoutes()).filter((route) => route.dialect === 'skein')
  // All but the document itself.
  expect(described).toHaveLength(declared.length - 1)
})

test('no answer is a connection error, and a broken server is asked again', async () => {
  const silent = new SkeinClient({
    baseUrl: BASE,
    retryCount: 0,
    fetch: async () => {
      throw new TypeError('fetch failed')
    },
  })
  await expect(silent.listUsers()).rejects.toSatisfy(isConnectionError)
  let calls = 0
  const flaky = new SkeinClient({
    baseUrl: BASE,
    fetch: async () => {
      calls += 1
      return calls === 1
        ? new Response('', { status: 503, headers: { 'retry-after': '0' } })
        : Response.json({ users: [] })
    },
  })
  expect(await flaky.listUsers()).toEqual([])
  expect(calls).toBe(2)
})

// The server answers by its schemas; what is read of them here is asserted on.
async function readJson<Answer>(response: Response): Promise<Answer> {
  return (await response.json()) as Answer
}

async function askApp(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Response> {
  const identity = headers ?? { authorization: `Bearer ${await adminKey()}` }
  return await app.fetch(
    new Request(`${BASE}/api/skein/v1${path}`, {
      method,
      headers: { ...identity, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
}

let cachedKey: string | undefined
async function adminKey(): Promise<string> {
  cachedKey ??= (await client.createKey({ name: 'raw', scopes: ['admin'] })).key
  return cachedKey
}
