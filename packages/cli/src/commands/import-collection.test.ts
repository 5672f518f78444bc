import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packFolder } from '@timeskein/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { openPlace, type PlaceKind, type TestPlace } from '../testing/open-place.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

const CSV = 'datetime,message\n2026-03-01T10:00:00Z,one\n2026-03-01T11:00:00Z,two\n'
const FILES: Readonly<Record<string, string | Buffer>> = {
  'client_info.json': '{"Hostname":"FS02","Fqdn":"FS02.corp.example"}',
  'picture.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
  'results/lines.jsonl': '{"datetime":"2026-03-02T10:00:00Z","message":"x"}\n'.repeat(3),
  'results/more.csv.gz': gzipSync(CSV.replaceAll('2026-03', '2026-04')),
  'results/table.csv': CSV,
}

describe.each<PlaceKind>(['data directory', 'server'])('a collection imported into a %s', (kind) => {
  let folder: string
  let place: TestPlace
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-collection-'))
    for (const [name, content] of Object.entries(FILES)) {
      const path = join(folder, 'triage', name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, content)
    }
    await symlink('/etc/passwd', join(folder, 'triage', 'link.csv'))
    execFileSync('mkfifo', [join(folder, 'triage', 'a pipe')])
    const { bytes } = await packFolder(join(folder, 'triage'), () => {})
    const tar = Buffer.concat(await Array.fromAsync(bytes))
    await writeFile(join(folder, 'triage.tar.gz'), gzipSync(tar))
    await writeFile(join(folder, 'cut.tar'), tar.subarray(0, -1506))
    place = await openPlace(kind, join(folder, 'data'))
  })
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function skein(...args: readonly string[]): Promise<SkeinRun> {
    return await runSkein([...args, ...place.where])
  }

  async function listTimelines(sketch: string): Promise<readonly (readonly [string, number])[]> {
    const { out } = await skein('timeline', 'list', '-s', sketch, '--json')
    const rows: { name: string; events: number }[] = JSON.parse(out)
    return rows.map(({ name, events }) => [name, events] as const)
  }

  test.each([
    ['triage', 'triage/'],
    ['triage.tar.gz', 'triage.tar.gz!'],
  ])('as %s has a timeline for each kind of source, and each file in the account', async (name, prefix) => {
    const run = await skein('import', join(folder, name), '-s', name, '--json')
    expect(run.exitCode, run.err).toBe(EXIT.ok)
    const { files, refused } = JSON.parse(run.out)
    const inside = join(folder, prefix)
    expect(
      files.map(({ path, stored, host, timeline }: Record<string, { name: string }>) => [
        path,
        stored,
        host,
        timeline?.name,
      ]),
    ).toEqual([
      [`${inside}results/lines.jsonl`, 3, 'FS02', 'FS02 jsonl'],
      [`${inside}results/more.csv.gz`, 2, 'FS02', 'FS02 csv'],
      [`${inside}results/table.csv`, 2, 'FS02', 'FS02 csv'],
    ])
    const named = refused.toSorted((a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1))
    // The folder was packed without what is no file.
    const special = ['a pipe', 'link.csv']
      .filter(() => name === 'triage')
      .map((each) => ({ path: `${inside}${each}`, refusal: 'not-understood' }))
    expect(named).toMatchObject([
      ...special.slice(0, 1),
      { path: `${inside}client_info.json`, refusal: 'not-understood' },
      ...special.slice(1),
      {
        path: `${inside}picture.jpg`,
        refusal: 'not-understood',
        reason: expect.stringContaining('a JPEG picture') as string,
      },
    ])
    const timelines = [
      ['FS02 jsonl', 3],
      ['FS02 csv', 4],
    ]
    expect(await listTimelines(name)).toEqual(timelines)
    const again = await skein('import', join(folder, name), '-s', name, '--json')
    expect(JSON.parse(again.out).files.map((file: { duplicates: number }) => file.duplicates)).toEqual([
      3, 2, 2,
    ])
    expect(await listTimelines(name)).toEqual(timelines)
    expect((await skein('count', 'hostname:FS02', '-s', name, '--json')).out).toContain('{"count":7}')
  })

  test('goes into one timeline when asked to', async () => {
    await skein('import', join(folder, 'triage.tar.gz'), '-s', 'one', '--one-timeline')
    await skein('import', join(folder, 'triage'), '-s', 'named', '--timeline', 'all of it')
    expect(await listTimelines('one')).toEqual([['triage', 7]])
    expect(await listTimelines('named')).toEqual([['all of it', 7]])
  })

  test('that is cut off is in as far as it goes, and the end says that something is lost', async () => {
    const run = await skein('import', join(folder, 'cut.tar'), '-s', 'cut', '--json')
    expect(run.exitCode).toBe(EXIT.badInput)
    const { files, refused } = JSON.parse(run.out)
    expect(files.map(({ stored }: { stored: number }) => stored)).toEqual([3, 2, 0])
    expect(files.at(-1).reasons).toMatchObject({ truncated: 1 })
    expect(refused.at(-1)).toMatchObject({
      path: expect.stringContaining('(rest of the archive)') as string,
      refusal: 'unreadable',
    })
  })

  test('is looked at file by file, and nothing is stored', async () => {
    const run = await skein('import', join(folder, 'triage'), '--dry-run', '--json')
    const { files, refused } = JSON.parse(run.out)
    expect(files).toHaveLength(3)
    expect(files[0].reason).toContain('is part of a Velociraptor collection of the host FS02')
    expect(refused).toHaveLength(4)
  })
})
