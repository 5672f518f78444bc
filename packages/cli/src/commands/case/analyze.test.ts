import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../../exit-codes.ts'
import { openPlace, type TestPlace } from '../../testing/open-place.ts'
import { runSkein, type SkeinRun } from '../../testing/run-skein.ts'

const CSV =
  'datetime,message,url,source_short\n2026-03-01T10:00:00Z,visited,https://www.google.com/search?q=exfil,WEBHIST\n'

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let folder: string
  let place: TestPlace

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-analyze-'))
    await writeFile(join(folder, 'a.csv'), CSV)
    place = await openPlace(kind, join(folder, 'data'))
    await skein(['import', join(folder, 'a.csv'), '--sketch', 'case', '--timeline', 'web', '--quiet'])
  })
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const skein = (args: readonly string[]): Promise<SkeinRun> => runSkein([...args, ...place.where])
  const analyze = async (...args: string[]): Promise<SkeinRun> =>
    await skein(['analyze', ...args, '--sketch', 'case', '--quiet'])
  const rows = (run: SkeinRun): Record<string, unknown>[] => {
    expect(run.exitCode, run.err).toBe(EXIT.ok)
    return JSON.parse(run.out)
  }

  test('analyzers are listed, run, and told with what they found', async () => {
    expect(rows(await analyze('list', '--json')).map(({ name }) => name)).toContain('browser_search')
    const [first, ...rest] = rows(await analyze('run', 'browser_search', '--json'))
    expect(first).toMatchObject({ timeline: 'web', analyzer: 'domain', status: 'DONE' })
    expect(first?.['result']).toBe('1 domains discovered (1 TLDs) and 0 known CDN networks found.')
    expect(first?.['details']).toMatchObject({ result_priority: 'NOTE' })
    expect(rest).toMatchObject([{ result: 'Browser Search completed with 1 search results extracted.' }])
    expect((await skein(['count', 'search_string:exfil', '--sketch', 'case', '--quiet'])).out.trim()).toBe(
      '1',
    )

    expect(rows(await analyze('run', 'browser_search', '--json'))).toEqual([])
    expect(
      rows(await analyze('run', 'browser_search', '--again', '--timeline', 'web', '--json')),
    ).toHaveLength(2)
    expect(rows(await analyze('results', 'browser_search', '--json'))).toHaveLength(2)
    const status = await analyze('status', '--timeline', 'all', '--format', 'csv', '--no-header')
    expect(status.out.trim().split('\n')).toHaveLength(4)
  })

  test('an analyzer that is none is named, and nothing is run', async () => {
    const run = await analyze('run', 'browser_s*', 'nosuch', 'no*such', '--json')
    expect(run).toMatchObject({ exitCode: EXIT.notFound, out: '' })
    expect(run.err).toContain('there is no analyzer "nosuch", "no*such"; there are: ')
    expect(run.err).toContain('browser_search')
  })

  test('a rule that fails is told, and the exit code says so', async () => {
    const run = await analyze('run', 'tagger', '-p', 'tag=own', '--json')
    expect(run.exitCode).toBe(EXIT.failed)
    const own = (JSON.parse(run.out) as Record<string, unknown>[]).at(-1)
    expect(own).toMatchObject({
      of: 'own',
      status: 'ERROR',
      result: 'rule own: query_string or query_dsl is needed',
    })
  })

  test('a session that has ended is as it was when it is cancelled', async () => {
    const [session] = rows(await analyze('status', '--json')).map((row) => String(row['session']))
    const [row] = rows(await analyze('cancel', session!, '--json'))
    expect(row).toMatchObject({ status: 'DONE' })
    expect((await analyze('cancel', '999')).exitCode).toBe(EXIT.notFound)
  })

  test('what cannot be read is a wrong command line', async () => {
    for (const args of [[], ['nonsense'], ['run'], ['cancel'], ['cancel', 'x'], ['run', 'domain', '-p', 'x']])
      expect((await analyze(...args)).exitCode, args.join(' ')).toBe(EXIT.usage)
    expect((await analyze('run', 'domain', '--timeline', 'none')).exitCode).toBe(EXIT.notFound)
  })
})
