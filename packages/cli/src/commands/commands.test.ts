import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSystem } from '@timeskein/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPlace, type TestPlace } from '../testing/open-place.ts'
import { type RunOptions, runSkein, type SkeinRun } from '../testing/run-skein.ts'

const ROWS = [
  '2026-03-01T10:00:00Z,opened the letter,ana,1',
  '2026-03-01T10:05:00Z,"=HYPERLINK(""evil"")",ana,2',
  'yesterday,no such time,bob,3',
  '2026-03-02T00:00:00Z,closed,bob,4',
]
const CSV = `datetime,message,user,n\n${ROWS.join('\n')}\n`
/** A hostile event: names of ours, a prototype, numbers no double holds, control codes. */
const EVENT =
  '{"datetime":"2026-03-03T00:00:00Z","message":"red \\u001b[31m \\u0000","__proto__":{"a":1},"timeline":"own","_id":"own","big":123456789012345678901234567890,"one":1.0,"list":[1,"x"],"deep":{"er":{"est":true}}}'

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let folder: string
  let where: string[]
  let place: TestPlace

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-cli-'))
    await writeFile(join(folder, 'a.csv'), CSV)
    await writeFile(join(folder, 'longer.csv'), `${CSV}2026-03-04T00:00:00Z,later,cy,5\n`)
    await writeFile(join(folder, 'evil.jsonl'), `${EVENT}\n`)
    await writeFile(join(folder, 'noise.bin'), Buffer.from([0, 1, 2, 3, 250, 251, 0, 0, 7]))
    await writeFile(join(folder, 'empty.csv'), '')
    await mkdir(join(folder, 'empty folder'))
    place = await openPlace(kind, join(folder, 'data'))
    where = place.where
  })
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function skein(args: readonly string[], options?: RunOptions): Promise<SkeinRun> {
    const dashes = args.indexOf('--')
    const at = dashes < 0 ? args.length : dashes
    return await runSkein([...args.slice(0, at), ...where, ...args.slice(at)], options)
  }

  async function json<Answer>(args: readonly string[]): Promise<Answer> {
    const run = await skein([...args, '--json', '--quiet'])
    expect(run.exitCode, run.err).toBe(0)
    return JSON.parse(run.out)
  }

  test('an import accounts for every row, and a second one adds only what is new', async () => {
    const rejects = join(folder, `rejects-${kind.length}.csv`)
    const first = await json<Record<string, unknown>>([
      'import',
      join(folder, 'a.csv'),
      '--sketch',
      'case',
      '--rejects',
      rejects,
    ])
    expect(first).toMatchObject({
      files: [{ path: join(folder, 'a.csv'), format: 'csv', read: 4, stored: 3, rejected: 1, duplicates: 0 }],
      timeline_id: expect.any(Number),
      sketch_id: expect.any(Number),
      searchable_seconds: expect.any(Number),
      indexed_seconds: expect.any(Number),
    })
    expect(first).toHaveProperty('files.0.reasons', { 'bad-time': 1 })
    expect(first).toHaveProperty('files.0.sha256', expect.stringMatching(/^[0-9a-f]{64}$/))
    expect(await readFile(rejects, 'utf8')).toBe(`datetime,message,user,n\n${ROWS[2]}\n`)

    const longer = await skein(['import', join(folder, 'longer.csv'), '-s', 'case', '--timeline', 'a'])
    expect(longer.out).toContain('5 read, 1 stored, 1 rejected, 3 known already')

    await writeFile(rejects, (await readFile(rejects, 'utf8')).replace('yesterday', '2026-03-01T12:00:00Z'))
    const mended = await skein(['import', rejects, '-s', 'case', '--timeline', 'a', '--strict'])
    expect(mended).toMatchObject({ exitCode: 0 })
    expect(mended.out).toContain('1 read, 1 stored, 0 rejected')
    expect(await json(['count', '-s', 'case'])).toEqual({ count: 5 })
  })

  test('standard input is a file too, and --strict tells of rejected rows', async () => {
    const run = await skein(['import', '-', '-s', 'case', '--timeline', 'piped', '--strict'], { stdin: CSV })
    expect(run.exitCode).toBe(3)
    expect(run.out).toContain('- (csv): 4 read, 3 stored, 1 rejected')
    expect((await skein(['timeline', 'delete', 'piped', '-s', 'case'])).exitCode).toBe(0)
  })

  test('a dry run shows mapping and rows, and stores nothing', async () => {
    const before = await json(['sketch', 'list'])
    const { exitCode, out } = await skein(['import', join(folder, 'a.csv'), '--dry-run'])
    expect(exitCode).toBe(0)
    expect(out).toContain('time: datetime')
    expect(out).toContain('opened the letter')
    expect(out).toContain('would be rejected (bad-time)')
    expect(await json(['sketch', 'list'])).toEqual(before)
  })

  test.each([
    ['noise.bin', 65, 'cannot read'],
    ['empty.csv', 65, 'an empty file'],
    ['missing.csv', 66, 'there is no such file'],
    ['empty folder', 65, 'found a folder with nothing'],
  ])('%s is refused with a sentence, and leaves no sketch behind', async (name, code, sentence) => {
    const run = await skein(['import', join(folder, name), '-s', 'never'])
    expect(run.exitCode).toBe(code)
    expect(run.err).toContain(sentence)
    expect((await skein(['sketch', 'show', 'never'])).exitCode).toBe(66)
  })

  test('a search gives hits with their own fields, values as they came', async () => {
    await json(['import', join(folder, 'evil.jsonl'), '-s', 'case'])
    const run = await skein(['search', '_exists_:big', '-s', 'case', '--json'])
    expect(run.out).toContain('"big":123456789012345678901234567890')
    expect(run.out).toContain('"one":1.0')
    const answer = JSON.parse(run.out)
    expect(answer).toMatchObject({ total: 1, complete: true, took_ms: expect.any(Number) })
    expect(answer.hits[0]).toMatchObject({ timeline: 'evil', '_source.timeline': 'own', list: [1, 'x'] })
    expect(answer.hits[0]._id).not.toBe('own')
  })

  test('order, number and fields of hits are chosen', async () => {
    const { hits } = await json<{ hits: Record<string, unknown>[] }>([
      'search',
      'user:ana',
      '-s',
      'case',
      '--sort',
      'desc',
      '--limit',
      '1',
      '--fields',
      'n',
    ])
    expect(hits).toEqual([{ _id: expect.any(String), timeline: 'a', n: '2' }])
    const all = await json<{ total: number; hits: unknown[] }>([
      'search',
      '*',
      '-s',
      'case',
      '--limit',
      'all',
    ])
    expect(all.hits).toHaveLength(all.total)
    const day = await json(['count', '-s', 'case', '--from', '2026-03-01', '--to', '2026-03-01'])
    expect(day).toEqual({ count: 3 })
    expect((await skein(['count', '-s', 'case', '--json', '--', '-user:ana'])).out).toBe('{"count":4}\n')
  })

  test('a table shows control codes and sends none, also to a terminal', async () => {
    for (const format of ['table', 'csv', 'jsonl']) {
      const args = ['search', '_exists_:big', '-s', 'case', '--format', format]
      const { out } = await skein(args, { isTerminal: true, env: { NO_COLOR: '1' } })
      expect(out).not.toContain('\u001b')
      expect(out).toContain('red')
    }
  })

  test('CSV has a column for each field, and formulas are neutralised', async () => {
    const { out } = await skein(['search', '*', '-s', 'case', '--format', 'csv', '--limit', 'all'])
    const [header = '', ...lines] = out.trimEnd().split('\r\n')
    expect(header.split(',')).toEqual(expect.arrayContaining(['_id', 'timeline', 'user', 'n', 'deep.er.est']))
    expect(header.endsWith(',other_fields')).toBe(true)
    expect(out).toContain(`"'=HYPERLINK(""evil"")"`)
    expect(lines).toHaveLength(6)
  })

  test('counts over time and by value', async () => {
    expect(await json(['histogram', '-s', 'case', '--timeline', 'a', '--interval', 'day'])).toMatchObject([
      { count: 3 },
      { count: 1 },
      { count: 1 },
    ])
    expect(await json(['top', 'user', '-s', 'case', '-n', '1'])).toEqual([{ value: 'ana', count: 2 }])
    expect((await skein(['top', 'usre', '-s', 'case'])).err).toBe('no event has a value of usre\n')
    expect((await skein(['histogram', 'nowhere', '-s', 'case'])).err).toBe('no events\n')
    expect((await skein(['histogram', '-s', 'case', '--interval', 'fortnight'])).exitCode).toBe(2)
  })

  test('marks are told by the history and can be taken back', async () => {
    const tagged = await json<{ operation_id: string }>([
      'tag',
      '--query',
      'user:ana',
      '--tag',
      'lure',
      '-s',
      'case',
    ])
    expect(tagged).toMatchObject({ matched: 2, changed: 2, unknown_ids: [] })
    expect(await json(['count', 'tag:lure', '-s', 'case'])).toEqual({ count: 2 })
    const { hits } = await json<{ hits: { _id: string }[] }>(['search', 'user:ana', '-s', 'case'])
    const id = hits[0]?._id ?? ''
    expect(await json(['star', id, '-s', 'case'])).toMatchObject({ changed: 1 })
    expect(await json(['comment', id, '--text', 'look', '-s', 'case'])).toMatchObject({ changed: 1 })
    const history = await json<{ kind: string; user: string }[]>(['history', '-s', 'case'])
    expect(history.map((one) => one.kind)).toEqual(['comment', 'star', 'tag'])
    expect(history[0]?.user).toBe('admin')
    expect(await json(['undo', tagged.operation_id])).toMatchObject({ state: 'undone' })
    expect(await json(['count', 'tag:lure', '-s', 'case'])).toEqual({ count: 0 })
    const unknown = await skein(['star', 'nothing_1', '-s', 'case'])
    expect(unknown).toMatchObject({ exitCode: 66 })
    expect(unknown.err).toContain('not in this sketch: nothing_1')
  })

  test.each(['csv', 'jsonl', 'parquet', 'arrow'])(
    'an export to %s is whole, or not there',
    async (format) => {
      const path = join(folder, `out.${format}`)
      expect(await json(['export', '-s', 'case', '--format', format, '--out', path])).toMatchObject({
        events: 6,
      })
      expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
      const bytes = await readFile(path)
      if (format === 'jsonl') expect(bytes.toString().trimEnd().split('\n')).toHaveLength(6)
      if (format === 'parquet') {
        expect(bytes.subarray(0, 4).toString()).toBe('PAR1')
        expect(bytes.subarray(-4).toString()).toBe('PAR1')
      }
      const refused = await skein([
        'export',
        '-s',
        'case',
        '--format',
        format,
        '--out',
        join(folder, 'no', 'x'),
      ])
      expect(refused.exitCode).toBe(73)
    },
  )

  test('an Arrow stream is read by an Arrow reader', async () => {
    const { tableFromIPC } = await import('@uwdata/flechette')
    const { bytes } = await skein(['search', '*', '-s', 'case', '--limit', 'all', '--format', 'arrow'])
    const table = tableFromIPC(bytes)
    expect(table.numRows).toBe(6)
    expect(table.getChild('user')?.toArray()).toContain('ana')
  })

  test('sketches and timelines are made, shown, renamed and deleted', async () => {
    const made = await json<{ id: number }>(['sketch', 'create', 'other', '--description', 'why'])
    expect(await json(['sketch', 'rename', 'other', 'new name'])).toMatchObject({ name: 'new name' })
    expect(await json(['sketch', 'show', String(made.id)])).toMatchObject({
      name: 'new name',
      description: 'why',
      timelines: [],
    })
    expect((await skein(['sketch', 'delete', 'new name'])).exitCode).toBe(0)
    expect((await skein(['sketch', 'show', String(made.id)])).exitCode).toBe(66)
    expect(await json(['timeline', 'rename', 'a', 'alpha', '-s', 'case'])).toMatchObject({ name: 'alpha' })
    expect(await json(['timeline', 'show', 'alpha', '-s', 'case'])).toMatchObject({ events: 5 })
    await json(['timeline', 'rename', 'alpha', 'a', '-s', 'case'])
    expect((await skein(['timeline', 'show', 'nope', '-s', 'case'])).exitCode).toBe(66)
  })

  test('users and keys are managed, and secrets told once', async () => {
    const run = await skein(['user', 'add', 'ana', '--password-stdin', '--json'], { stdin: 'a password\n' })
    expect(run.out).toBe('{"name":"ana"}\n')
    expect((await skein(['user', 'add', 'bob'])).out).toMatch(/^password of bob: \S{15,}\n$/)
    const short = await skein(['user', 'passwd', 'ana', '--password-stdin'], { stdin: 'seven77\n' })
    expect([short.exitCode, short.err]).toEqual([
      0,
      expect.stringContaining('this password has 7 characters'),
    ])
    expect((await skein(['user', 'disable', 'bob'])).exitCode).toBe(0)
    expect(await json(['user', 'list'])).toMatchObject([
      { name: 'admin', isAdmin: true, isActive: true },
      { name: 'ana', isAdmin: false, isActive: true },
      { name: 'bob', isAdmin: false, isActive: false },
    ])
    const key = await json<{ id: number; key: string }>(['key', 'create', '--user', 'ana', '--scope', 'read'])
    expect(key.key).toMatch(/^sk_/)
    expect((await skein(['key', 'revoke', String(key.id)])).exitCode).toBe(0)
    const keys = await json<{ id: number; isRevoked: boolean }[]>(['key', 'list'])
    expect(keys.find((one) => one.id === key.id)).toMatchObject({ user: 'ana', isRevoked: true })
    expect((await skein(['user', 'passwd', 'nobody'])).exitCode).toBe(66)
  })

  test('a query that cannot be read gets a caret under its place', async () => {
    const { exitCode, err } = await skein(['search', 'user:ana AND (', '-s', 'case'])
    expect(exitCode).toBe(65)
    expect(err).toMatch(/\n {2}user:ana AND \(\n {2} +\^\n$/)
    expect((await skein(['count', '-s', 'nowhere'])).exitCode).toBe(66)
  })

  test('the way to an answer and the state of things can be asked', async () => {
    const more = ['-s', 'case', '--from', '2026-03-01', '--to', '2026-03-02', '--timeline', 'a', '--explain']
    const plans = new Set<string>()
    for (const args of [['search'], ['count'], ['histogram', '--interval', 'day'], ['top', 'n', '-n', '3']]) {
      const plan = await skein([...args, 'user:ana', ...more])
      expect(plan.exitCode, plan.err).toBe(0)
      expect(plan.out).toMatch(/^\S/)
      const steps = await json<string[]>([...args, 'user:ana', ...more])
      expect(`${steps.join('\n')}\n`).toBe(plan.out)
      plans.add(plan.out)
    }
    expect(plans.size).toBe(4)
    expect((await skein(['histogram', '--interval', 'fortnight', ...more])).exitCode).toBe(2)
    const findings = await json<{ severity: string; subject: string }[]>(['doctor'])
    expect(findings.map((one) => one.subject)).toEqual(
      expect.arrayContaining(['version', 'data directory', 'metadata database', 'disk']),
    )
    expect(findings.filter((one) => one.severity === 'error')).toEqual([])
  })

  test('an interrupted command says so and exits with 130', async () => {
    const run = await skein(['export', '-s', 'case', '--format', 'csv', '--out', join(folder, 'cut.csv')], {
      signal: AbortSignal.abort(),
    })
    expect(run.exitCode).toBe(130)
    expect((await readdir(folder)).filter((name) => name.startsWith('cut'))).toEqual([])
  })
})

test('a second process on a data directory is told who has it and to ask over HTTP', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skein-cli-'))
  try {
    await using _system = await openSystem({ dataDirectory: folder })
    const run = await runSkein(['sketch', 'list', '--data', folder])
    expect(run.exitCode).toBe(69)
    expect(run.err).toContain(`process ${process.pid}`)
    expect(run.err).toContain('--server')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a server that does not answer, a wrong key and a missing profile have codes of their own', async () => {
  const key = ['--api-key', 'sk_x']
  const silent = await runSkein(['sketch', 'list', '--server', 'http://127.0.0.1:1', ...key])
  expect(silent).toMatchObject({ exitCode: 69 })
  expect((await runSkein(['sketch', 'list', '--server', 'nonsense', ...key])).exitCode).toBe(2)
  expect((await runSkein(['sketch', 'list', '--server', 'http://127.0.0.1:1'])).exitCode).toBe(77)
  expect((await runSkein(['sketch', 'list', '--profile', 'lab'])).exitCode).toBe(78)
})
