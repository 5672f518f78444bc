import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTriageArchive } from '@timeskein/server/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportReport } from '../backend/backend.ts'
import { openPlace, type TestPlace } from '../testing/open-place.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'
import { nameRejectTarget } from './reject-target.ts'

const WEB_ROW = '{"datetime":"2026-03-01T10:00:00Z","message":"x"}'

test.each([
  ['rejects.csv', 'logs/web.csv', 'rejects.web.csv'],
  ['rejects.csv', 'logs/proxy.jsonl.gz', 'rejects.proxy.jsonl'],
  ['rejects.csv', 'logs/Security.evtx', 'rejects.Security.evtx.jsonl'],
  ['out/rejects', 'a.log', 'out/rejects.a.log'],
  ['rejects.csv', 'case.zip!host1/Security.csv', 'rejects.host1-Security.csv'],
  ['rejects.csv', 'case.zip!../../etc/pass\u0000wd\n', 'rejects.etc-pass_wd_.csv'],
  ['rejects.csv', '-', 'rejects.standard-input.csv'],
  ['rejects.csv', `case.zip!${'x'.repeat(500)}.csv`, `rejects.${'x'.repeat(96)}.csv`],
])('rejects to %s of %j go to %s', (target, input, name) => {
  expect(nameRejectTarget(target, input)).toBe(name)
})

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let folder: string
  let where: string[]
  let place: TestPlace

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-rejects-'))
    await writeFile(join(folder, 'a.csv'), 'datetime,message\n2026-03-01T10:00:00Z,in\nyesterday,out\n')
    await writeFile(join(folder, 'b.jsonl'), `${WEB_ROW}\n{"broken\n`)
    await writeFile(join(folder, 'whole.jsonl'), `${WEB_ROW}\n`)
    await writeFile(join(folder, 'noise.bin'), Buffer.from([0, 1, 2, 3, 250, 251, 0, 0, 7]))
    await writeFile(join(folder, 'latin.jsonl'), Buffer.from(WEB_ROW.replace('x', '\xe9'), 'latin1'))
    await writeFile(join(folder, 'triage.zip'), await makeTriageArchive())
    place = await openPlace(kind, join(folder, 'data'))
    where = place.where
  })
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function importFiles(sketch: string, names: readonly string[], ...more: string[]): Promise<SkeinRun> {
    const paths = names.map((name) => join(folder, name))
    return await runSkein(['import', ...paths, '-s', sketch, ...more, ...where])
  }

  function listTargets(run: SkeinRun): (string | undefined)[] {
    const report: ImportReport = JSON.parse(run.out)
    return report.files.map((file) => file.rejects_file?.slice(folder.length + 1))
  }

  test('one file has its rejected rows in the file that was named', async () => {
    const target = join(folder, 'one.csv')
    const run = await importFiles('one', ['a.csv'], '--rejects', target)
    expect(run.err).toContain(`rejected rows of ${join(folder, 'a.csv')}: ${target}\n`)
    expect(await readFile(target, 'utf8')).toBe('datetime,message\nyesterday,out\n')
    const [reason = ''] = (await readFile(`${target}.reasons.jsonl`, 'utf8')).split('\n')
    expect(JSON.parse(reason)).toMatchObject({ line: 3, reason: 'bad-time' })
  })

  test('several files have one file of rejected rows each, and none is written over', async () => {
    const target = join(folder, 'all.csv')
    const names = ['a.csv', 'whole.jsonl', 'b.jsonl']
    const first = await importFiles('several', names, '--rejects', target, '--json')
    expect(listTargets(first)).toEqual(['all.a.csv', undefined, 'all.b.jsonl'])
    expect(await readFile(join(folder, 'all.a.csv'), 'utf8')).toBe('datetime,message\nyesterday,out\n')
    expect(await readFile(join(folder, 'all.b.jsonl'), 'utf8')).toBe('{"broken\n')
    await writeFile(join(folder, 'all.b.jsonl'), `${WEB_ROW}\n`)
    const again = await importFiles('several', names, '--rejects', target, '--json')
    expect(listTargets(again)).toEqual(['all.a-2.csv', undefined, 'all.b-2.jsonl'])
    expect(await readFile(join(folder, 'all.b.jsonl'), 'utf8')).toBe(`${WEB_ROW}\n`)
    expect((await readdir(folder)).includes('all.csv')).toBe(false)
    const mended = await importFiles('several', ['all.b.jsonl'], '--timeline', 'a', '--json')
    expect(JSON.parse(mended.out)).toMatchObject({ files: [{ read: 1, rejected: 0 }] })
  })

  test('so have the entries of an archive, and those that are not read are told', async () => {
    const run = await importFiles('zip', ['triage.zip'], '--rejects', join(folder, 'zip.csv'), '--json')
    expect(run.exitCode).toBe(0)
    expect(listTargets(run)).toEqual(['zip.host1-Security.csv', 'zip.host2-Security.csv', undefined])
    expect(await readFile(join(folder, 'zip.host1-Security.csv'), 'utf8')).toBe(
      'datetime,message\nyesterday,out\n',
    )
    expect(await readFile(join(folder, 'zip.host2-Security.csv'), 'utf8')).toBe('datetime;who\nnever;bob\n')
    expect(JSON.parse(run.out)).toMatchObject({
      refused: [{ path: join(folder, 'triage.zip!tool.exe'), reason: expect.any(String) }],
    })
    expect(run.err).toContain('tool.exe was not read: ')
  })

  test('what could not be read and what was changed on reading are lists, and lines for people', async () => {
    const names = ['noise.bin', 'latin.jsonl', 'noise.bin']
    const reading = ['--encoding', 'utf-8']
    const run = await importFiles('lines', names, ...reading, '--json')
    expect(run.exitCode).toBe(65)
    const report: ImportReport = JSON.parse(run.out)
    expect(report.files[0]?.remarks).toEqual([expect.stringContaining('1 line held bytes')])
    expect(report.problems).toEqual([
      expect.stringContaining('noise.bin'),
      expect.stringContaining('noise.bin'),
    ])
    for (const file of report.files) expect(file.read).toBe(file.stored + file.rejected + file.duplicates)
    const lines = run.err.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain('latin.jsonl: 1 line held bytes')
    expect(lines[1]).toContain('noise.bin')
  })

  test('rejected rows end the command with 3, unless they were saved; a strict one also then', async () => {
    const unsaved = await importFiles('codes', ['a.csv', 'whole.jsonl'])
    expect(unsaved.exitCode).toBe(3)
    expect(unsaved.err).toContain('1 row was rejected and is in no file: --rejects FILE keeps such rows')
    const saving = ['--rejects', join(folder, 'codes.csv')]
    const saved = await importFiles('codes', ['a.csv', 'whole.jsonl'], ...saving)
    expect([saved.exitCode, saved.err]).toEqual([0, expect.not.stringContaining('in no file')])
    expect((await importFiles('codes', ['a.csv'], ...saving, '--strict')).exitCode).toBe(3)
    expect((await importFiles('codes', ['whole.jsonl'], '--strict')).exitCode).toBe(0)
  })

  test('a place that cannot be written, or that is an input, is refused before anything is imported', async () => {
    const nowhere = await importFiles('never', ['a.csv'], '--rejects', join(folder, 'no', 'such', 'folder'))
    expect(nowhere).toMatchObject({ exitCode: 73, out: '' })
    expect(nowhere.err).toContain('cannot write rejected rows to')
    const itself = await importFiles('never', ['a.csv'], '--rejects', join(folder, 'a.csv'))
    expect(itself).toMatchObject({ exitCode: 2, out: '' })
    expect(itself.err).toContain('is one of the files to import')
    expect((await runSkein(['sketch', 'show', 'never', ...where])).exitCode).toBe(66)
  })
})
