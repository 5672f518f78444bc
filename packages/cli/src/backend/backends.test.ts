import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createApp, type Listening, listen, mountSkein, openSystem, type System } from '@timeskein/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { toCliError } from '../failures.ts'
import type { Backend, FinishedImport, ImportFile, Question } from './backend.ts'
import { createLocalBackend } from './local/open-local-backend.ts'
import { openRemoteBackend } from './remote/open-remote-backend.ts'

// What commands get must not depend on where the work is done.

const GOOD =
  'datetime,message,user\n2026-03-01T10:00:00Z,one,ana\nnever,two,bob\n2026-03-02T10:00:00Z,three,ana\n'
const NOISE = Buffer.from([0, 1, 2, 3, 250, 251, 0, 0, 7])
const signal = new AbortController().signal

describe.each(['data directory', 'server'] as const)('a %s', (kind) => {
  let folder: string
  let system: System
  let server: Listening | undefined
  let admin: Backend
  let ana: Backend

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-backends-'))
    await writeFile(join(folder, 'good.csv'), GOOD)
    await writeFile(join(folder, 'good.csv.gz'), gzipSync(GOOD))
    await writeFile(join(folder, 'second.csv'), GOOD.replaceAll('2026-03', '2026-04'))
    await writeFile(join(folder, 'noise.bin'), NOISE)
    system = await openSystem({ dataDirectory: join(folder, 'data') })
    if (kind === 'server') {
      server = await listen(createApp(system, { dialects: [mountSkein] }), system, { port: 0 })
    }
    admin = await actAs('admin')
    await admin.addUser({ name: 'ana', password: 'a long password', isAdmin: false })
    ana = await actAs('ana')
  })
  afterAll(async () => {
    if (server) await server.stop(0)
    else await system.close({ deadlineMs: 0 })
    await rm(folder, { recursive: true, force: true })
  })

  async function actAs(username: string): Promise<Backend> {
    const { auth } = system.services
    const principal = await auth.localPrincipal(username)
    if (!server) return createLocalBackend(system, principal)
    const { key } = await auth.createApiKey(principal, { name: 'test', scopes: ['admin'] })
    return await openRemoteBackend({ server: server.url, apiKey: key, signal })
  }

  async function importInto(
    backend: Backend,
    sketchId: number,
    names: readonly string[],
    own: AbortSignal = signal,
  ): Promise<FinishedImport> {
    return await backend.importFiles({
      sketchId,
      timeline: 'evidence',
      files: names.map((name) => ({ path: join(folder, name) })),
      reading: {},
      signal: own,
      onProgress: () => {},
    })
  }

  function ask(sketchId: number, query = ''): Question {
    return { sketchId, query, signal }
  }

  async function exitOf(work: Promise<unknown>): Promise<{ exitCode: number; message: string }> {
    const failure = await work.then(
      () => undefined,
      (error: unknown) => toCliError(error),
    )
    if (!failure) throw new Error('expected a failure that the user can mend')
    return { exitCode: failure.exitCode, message: failure.message }
  }

  async function listStored(): Promise<readonly string[]> {
    return (await readdir(join(folder, 'data', 'indexes'))).filter((name) => /^[0-9a-f]{32}/.test(name))
  }

  test('lists every sketch to an administrator and to others those they may read', async () => {
    const own = await admin.createSketch('of admin')
    const hers = await ana.createSketch('of ana', 'why')
    expect((await ana.listSketches()).map((sketch) => sketch.name)).toEqual(['of ana'])
    expect((await admin.listSketches()).map((sketch) => sketch.name).toSorted()).toEqual([
      'of admin',
      'of ana',
    ])
    expect(await ana.findSketch('of ana')).toEqual(hers)
    expect(await ana.findSketch(String(hers.id))).toMatchObject({ description: 'why', owner: 'ana' })
    expect((await exitOf(ana.findSketch('nowhere'))).exitCode).toBe(EXIT.notFound)
    expect((await exitOf(ana.findSketch(String(own.id)))).exitCode).toBe(EXIT.noPermission)
    await admin.deleteSketch(own.id)
    await ana.deleteSketch(hers.id)
    expect(await admin.listSketches()).toEqual([])
  })

  test('refuses a name that several sketches have, naming their ids; a name of digits stands after name:', async () => {
    const first = await ana.createSketch('same')
    const second = await ana.createSketch('same')
    const number = await ana.createSketch(String(first.id))
    expect(await exitOf(ana.findSketch('same'))).toEqual({
      exitCode: EXIT.badInput,
      message: expect.stringContaining(`: ${first.id}, ${second.id}. `) as string,
    })
    expect((await ana.findSketch(String(first.id))).id).toBe(first.id)
    expect((await ana.findSketch(`name:${first.id}`)).id).toBe(number.id)
    await ana.deleteSketch(first.id)
    expect((await ana.findSketch('name:same')).id).toBe(second.id)
    expect((await ana.findSketch(String(first.id))).id).toBe(number.id)
    for (const sketch of [second, number]) await ana.deleteSketch(sketch.id)
  })

  test('a timeline that is not there is told as such', async () => {
    const sketch = await ana.createSketch('of no timeline')
    const question = { ...ask(sketch.id, '*'), timeline: 'nope' }
    const page = { derived: 'none', size: 1, sort: 'asc' } as const
    expect((await exitOf(ana.search(question, page))).exitCode).toBe(EXIT.notFound)
    expect((await exitOf(ana.count(question))).exitCode).toBe(EXIT.notFound)
    expect((await exitOf(Array.fromAsync(ana.scan(question, { sort: undefined })))).exitCode).toBe(
      EXIT.notFound,
    )
    await ana.deleteSketch(sketch.id)
  })

  test('deletes for good for an administrator, and out of sight for others', async () => {
    const before = await listStored()
    const hers = await ana.createSketch('hers')
    await importInto(ana, hers.id, ['good.csv'])
    const own = await admin.createSketch('own')
    await importInto(admin, own.id, ['good.csv'])
    const full = await listStored()
    await admin.deleteSketch(own.id)
    const withHers = await listStored()
    expect(withHers.length).toBeGreaterThan(before.length)
    expect(withHers.length).toBeLessThan(full.length)
    await ana.deleteSketch(hers.id)
    expect(await listStored()).toEqual(withHers)
    expect((await exitOf(ana.findSketch('hers'))).exitCode).toBe(EXIT.notFound)
    expect(await admin.listSketches()).toEqual([])
    await admin.deleteSketch(hers.id).catch(() => undefined)
  })

  test('imports with an account of every row, and gives the rejected ones back with their reasons', async () => {
    const sketch = await ana.createSketch('imports')
    const { report, rejects } = await importInto(ana, sketch.id, ['good.csv', 'second.csv'])
    expect(report).toMatchObject({ sketch_id: sketch.id })
    expect(report.problems).toBeUndefined()
    expect(report.files.map(({ path, read, stored, rejected }) => [path, read, stored, rejected])).toEqual([
      [join(folder, 'good.csv'), 3, 2, 1],
      [join(folder, 'second.csv'), 3, 2, 1],
    ])
    for (const source of rejects) {
      expect(await readText(await source.read('raw'))).toBe('datetime,message,user\nnever,two,bob\n')
      const reasons = (await readText(await source.read('reasons'))).trimEnd().split('\n')
      expect(reasons.map((line) => JSON.parse(line))).toEqual([
        { path: source.account.path, line: 3, reason: 'bad-time', detail: expect.any(String) },
      ])
      const { line, detail } = JSON.parse(reasons[0]!)
      expect(source.account.first_rejects).toEqual({ 'bad-time': { line, detail } })
    }
    const [timeline] = await ana.listTimelines(sketch.id)
    expect(timeline).toMatchObject({ id: report.timeline_id, name: 'evidence', events: 4, status: 'ready' })
  })

  test('tells of the files that were taken when one of them was not', async () => {
    const sketch = await ana.createSketch('partly')
    const { report } = await importInto(ana, sketch.id, ['good.csv', 'noise.bin', 'second.csv'])
    expect(report.files.map(({ path, stored }) => [path, stored])).toEqual([
      [join(folder, 'good.csv'), 2],
      [join(folder, 'second.csv'), 2],
    ])
    expect(report.problems).toEqual([expect.stringContaining('noise.bin')])
    const failure = await exitOf(importInto(ana, sketch.id, ['noise.bin']))
    expect(failure.exitCode).toBe(EXIT.badInput)
    expect(failure.message).toContain('noise.bin')
  })

  test('looks at plain and compressed files and at streams, also long ones, and stores nothing', async () => {
    const files: ImportFile[] = [
      { path: join(folder, 'good.csv') },
      { path: join(folder, 'good.csv.gz') },
      { stdin: streamRows() },
    ]
    for (const file of files) {
      const { files: found } = await ana.previewFile(file, {}, signal)
      expect(found).toHaveLength(1)
      expect(found[0]).toMatchObject({ timeFields: ['datetime'], messageField: 'message' })
      expect(found[0]?.rows[0]?.datetime).toContain('2026-03-01T10:00:00')
    }
    const joining = { map: { note: 'user+message' } }
    const { files: joined } = await ana.previewFile(files[0]!, joining, signal)
    expect(JSON.parse(joined[0]?.rows[0]?.source ?? '')).toMatchObject({ note: 'user:ana | message:one | ' })
    const noise = await exitOf(ana.previewFile({ path: join(folder, 'noise.bin') }, {}, signal))
    expect(noise.exitCode).toBe(EXIT.badInput)
  })

  test('answers the same question in every way', async () => {
    const sketch = await ana.createSketch('questions')
    await importInto(ana, sketch.id, ['good.csv'])
    const question = ask(sketch.id, 'user:ana')
    const answer = await ana.search(question, { size: 1, sort: 'desc' })
    expect(answer).toMatchObject({ total: 2, complete: true, incompleteReason: undefined })
    expect(answer.hits.map((hit) => [hit.timeline, hit.members.get('message')])).toEqual([
      ['evidence', '"three"'],
    ])
    const scanned = (await Array.fromAsync(ana.scan(question, { sort: 'asc' }))).flat()
    expect(scanned.map((row) => JSON.parse(row.json).message)).toEqual(['one', 'three'])
    expect(await ana.count(question)).toEqual({ count: 2, complete: true })
    expect(await ana.histogram(question, 'day')).toEqual({
      interval: 'day',
      buckets: [
        { time: '2026-03-01T00:00:00+00:00', count: 1 },
        { time: '2026-03-02T00:00:00+00:00', count: 1 },
      ],
    })
    expect(await ana.top(question, 'user', 1)).toEqual({
      buckets: [{ value: 'ana', count: 2 }],
      otherCount: 0,
    })
    expect(await ana.explain(question)).not.toEqual([])
    expect(await ana.listFields(question)).toContainEqual({ name: 'user', kinds: ['string'], events: 2 })
    const other = { ...question, timeline: 'nowhere' }
    expect((await exitOf(ana.count(other))).exitCode).toBe(EXIT.notFound)
  })

  test('refuses what it cannot read in the same words', async () => {
    const sketch = await ana.createSketch('refusals')
    await importInto(ana, sketch.id, ['good.csv'])
    for (const interval of ['0d', '-5m', 'soon', '99999999d'])
      expect(await exitOf(ana.histogram(ask(sketch.id), interval))).toEqual({
        exitCode: EXIT.usage,
        message: `interval: minute, hour, day, week, month, quarter, year, or a length such as 30s, 5m, 6h was expected, found "${interval}".`,
      })
    const unread = await exitOf(ana.count(ask(sketch.id, 'user:(')))
    expect(unread.exitCode).toBe(EXIT.badInput)
    expect(unread.message).toMatch(/\n {2}user:\(\n {2} +\^$/)
    const expression = await exitOf(ana.count(ask(sketch.id, 'user:ana AND message:/[a/')))
    expect(expression).toEqual({
      exitCode: EXIT.badInput,
      message: `Cannot read the query at column 25: in the regular expression, ']' expected, found the end of the expression.
  user:ana AND message:/[a/
${' '.repeat(26)}^`,
    })
    expect((await exitOf(ana.addUser({ name: 'eve', password: 'x', isAdmin: true }))).exitCode).toBe(
      EXIT.noPermission,
    )
    expect((await exitOf(ana.createKey({ name: 'k', scopes: ['all'] }))).exitCode).toBe(EXIT.usage)
    expect((await exitOf(admin.disableUser('nobody'))).exitCode).toBe(EXIT.notFound)
  })

  test('marks, tells it and takes it back', async () => {
    const sketch = await ana.createSketch('marks')
    await importInto(ana, sketch.id, ['good.csv'])
    const question = ask(sketch.id, 'user:ana')
    const tagged = await ana.mark({ sketchId: sketch.id, kind: 'tag', value: 'lure', target: { question } })
    expect(tagged).toEqual({ operation_id: expect.any(String), matched: 2, changed: 2, unknown_ids: [] })
    const starred = await ana.mark({
      sketchId: sketch.id,
      kind: 'star',
      value: '',
      target: { ids: ['nowhere'] },
    })
    expect(starred).toMatchObject({ matched: 0, unknown_ids: ['nowhere'] })
    await ana.mark({ sketchId: sketch.id, kind: 'comment', value: 'look', target: { question } })
    expect(await ana.history(sketch.id, 10)).toMatchObject([
      { kind: 'comment', value: 'look', query: 'user:ana', user: 'ana', state: 'done' },
      { kind: 'star', value: '', changed: 0 },
      { kind: 'tag', value: 'lure', query: 'user:ana', matched: 2, changed: 2 },
    ])
    expect(await ana.history(sketch.id, 5000)).toHaveLength(3)
    expect(await ana.undo(tagged.operation_id)).toMatchObject({ id: tagged.operation_id, state: 'undone' })
    expect(await ana.count(ask(sketch.id, 'tag:lure'))).toEqual({ count: 0, complete: true })
    expect((await exitOf(ana.undo(tagged.operation_id))).exitCode).toBe(EXIT.badInput)
    expect((await exitOf(ana.undo('0'.repeat(32)))).exitCode).toBe(EXIT.notFound)
  })

  test('lists more than a page of a server holds: hits and values', async () => {
    const rows = Array.from({ length: 11_000 }, (_, row) => `2026-03-01T10:00:00Z,row,user${row}\n`)
    await writeFile(join(folder, 'many.csv'), `datetime,message,user\n${rows.join('')}`)
    const sketch = await ana.createSketch('many')
    await importInto(ana, sketch.id, ['many.csv'])
    const { total, hits } = await ana.search(ask(sketch.id), { size: 10_500, sort: 'asc' })
    expect([total, hits.length, new Set(hits.map((hit) => hit.id)).size]).toEqual([11_000, 10_500, 10_500])
    const { buckets, otherCount } = await ana.top(ask(sketch.id), 'user', 10_500)
    expect([buckets.length, otherCount]).toEqual([10_500, 500])
  })

  test('makes credentials for the APIs of other platforms in their words', async () => {
    const make = async (
      kind: Parameters<Backend['createPlatformKey']>[0]['kind'],
      scopes: readonly string[] = [],
    ) => Object.keys(await ana.createPlatformKey({ name: 'script', kind, scopes })).toSorted()
    expect(await make('threatstack')).toEqual(['id', 'key'])
    expect(await make('threatstack-v2')).toEqual(['id', 'key', 'org_id', 'user_id'])
    expect(await make('elements', ['connect.api.read'])).toEqual(['client_id', 'client_secret', 'id'])
    expect(await make('sekoia', ['SIC_READ_ALERTS'])).toEqual(['id', 'key'])
    const mine = (await ana.listKeys()).filter(({ name, user }) => name === 'script' && user === 'ana')
    expect(mine.map(({ kind, permissions, scopes }) => [kind, permissions ?? scopes])).toEqual([
      ['sekoia', ['SIC_READ_ALERTS']],
      ['elements', ['connect.api.read']],
      ['threatstack-v2', ['write']],
      ['threatstack', ['read']],
    ])
    const wrong = await exitOf(
      ana.createPlatformKey({ name: 'x', kind: 'elements', scopes: ['SIC_READ_ALERTS'] }),
    )
    expect([wrong.exitCode, wrong.message]).toEqual([
      EXIT.badInput,
      expect.stringContaining('connect.api.read'),
    ])
  })

  test('makes, lists and revokes keys, and says how it is', async () => {
    const { id, key } = await ana.createKey({ name: 'laptop', scopes: ['read'] })
    expect(key).toMatch(/^sk_/)
    await ana.revokeKey(id)
    const mine = (await ana.listKeys()).filter((row) => row.id === id)
    expect(mine).toEqual([
      {
        id,
        user: 'ana',
        name: 'laptop',
        prefix: key.slice(0, 8),
        scopes: ['read'],
        kind: 'timeskein',
        isRevoked: true,
      },
    ])
    expect((await admin.listUsers()).map((user) => user.name)).toEqual(['admin', 'ana'])
    expect((await admin.diagnose()).filter((finding) => finding.severity === 'error')).toEqual([])
  })
})

/** More than any body may have that is gathered in memory; a server that has seen enough stops reading. */
const LONG_STREAM_BYTES = 24 * 1024 * 1024

async function* streamRows(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('datetime,message,user\n')
  const rows = Buffer.from('2026-03-01T10:00:00Z,one,ana\n'.repeat(2000))
  for (let sent = 0; sent < LONG_STREAM_BYTES; sent += rows.length) yield rows
}

async function readText(source: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  return Buffer.concat(await Array.fromAsync(source ?? [])).toString('utf8')
}
