import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditRow } from '../backend/backend.ts'
import { EXIT } from '../exit-codes.ts'
import { openPlace, type TestPlace } from '../testing/open-place.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

const CSV = 'datetime,message,user\n2026-03-01T10:00:00Z,one,ana\n2026-03-02T10:00:00Z,two,bob\n'

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let folder: string
  let place: TestPlace

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-audit-'))
    await writeFile(join(folder, 'a.csv'), CSV)
    place = await openPlace(kind, join(folder, 'data'))
    await skein(['import', join(folder, 'a.csv'), '--sketch', 'case', '--quiet'])
  })
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function skein(args: readonly string[]): Promise<SkeinRun> {
    return await runSkein([...args, ...place.where])
  }

  async function audit(...args: string[]): Promise<readonly AuditRow[]> {
    const run = await skein(['audit', '--json', ...args])
    expect(run.exitCode, run.err).toBe(0)
    return JSON.parse(run.out)
  }

  test('tells who asked what of a sketch, by its name or id', async () => {
    await skein(['search', 'user:ana', '--sketch', 'case', '--quiet'])
    const [entry] = await audit('--action', 'event.search', '--sketch', 'case')
    expect(entry).toMatchObject({
      user: 'admin',
      via: kind === 'server' ? 'api-key' : 'local',
      sketch: 1,
      result: 'ok',
      details: { query: 'user:ana' },
    })
    expect([entry?.dialect, typeof entry?.key]).toEqual(
      kind === 'server' ? ['skein', 'number'] : [undefined, 'undefined'],
    )
    expect(await audit('--action', 'event.search', '--sketch', '1')).toHaveLength(1)
    expect(await audit('--action', 'event.search', '--sketch', '77')).toEqual([])
    expect(await audit('--action', 'event.search', '--to', '2001-01-01')).toEqual([])
    const { out } = await skein(['audit', '--action', 'event.search'])
    expect(out).toMatch(/event\.search +sketch\/1 +ok +user:ana/)
  })

  test('prints as many entries as wanted, newest first', async () => {
    const all = await audit('--limit', '1000')
    expect(all.length).toBeGreaterThan(3)
    const ids = all.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
    expect(await audit('--limit', '2')).toHaveLength(2)
  })

  test('says what is wrong with a time, and takes no words', async () => {
    const time = await skein(['audit', '--from', 'someday'])
    expect(time).toMatchObject({ exitCode: EXIT.badInput })
    expect(time.err).toContain('from: a date')
    expect(await skein(['audit', 'everything'])).toMatchObject({ exitCode: EXIT.usage })
  })

  test('undo takes the sketch, and refuses the operation of another', async () => {
    await skein(['sketch', 'create', 'other'])
    const star = await skein(['star', '--query', 'user:ana', '--sketch', 'case'])
    const operation = star.out.split(' ')[0]!
    const refused = await skein(['undo', operation, '--sketch', 'other'])
    expect(refused).toMatchObject({ exitCode: EXIT.notFound })
    expect(refused.err).toContain(`Operation ${operation} is not of sketch 2`)
    expect(await skein(['undo', operation, '--sketch', 'case'])).toMatchObject({ exitCode: 0 })
  })
})

test('the audit log is for administrators', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skein-audit-'))
  const where = ['--data', join(folder, 'data')]
  await runSkein(['user', 'add', 'ana', '--password-stdin', ...where], { stdin: 'a long password\n' })
  const run = await runSkein(['audit', '--as', 'ana', ...where])
  expect(run).toMatchObject({ exitCode: EXIT.noPermission })
  await rm(folder, { recursive: true, force: true })
})
