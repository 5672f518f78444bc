import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type Listening, listen, mountSkein, openSystem } from '@timeskein/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

/** More than the reader looks at before it decides what is what. */
const ROWS = 600
const OWN =
  '"Hostname":"WS1","EventID":4624,"Message":"logged on","big":123456789012345678901234567890,"one":1.0'

function makeWindowsRow(number: number): string {
  const time = new Date(Date.UTC(2026, 2, 1) + number * 1000).toISOString()
  return `{"@timestamp":"${time}",${OWN},"number":${number}}`
}

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let folder: string
  let where: string[]
  let server: Listening | undefined

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-export-'))
    const windows = Array.from({ length: ROWS }, (_, number) => `${makeWindowsRow(number)}\n`).join('')
    const doors = Array.from({ length: ROWS }, (_, number) => `2026-03-02 09:00,door ${number} opened,ana\n`)
    await writeFile(join(folder, 'windows.jsonl'), windows)
    await writeFile(join(folder, 'doors.csv'), `When,What,Who\n${doors.join('')}`)
    const data = join(folder, 'data')
    if (kind === 'data directory') where = ['--data', data]
    else {
      const system = await openSystem({ dataDirectory: data })
      const admin = await system.services.auth.localPrincipal('admin')
      const { key } = await system.services.auth.createApiKey(admin, { name: 'test', scopes: ['admin'] })
      server = await listen(createApp(system, { dialects: [mountSkein] }), system, { port: 0 })
      where = ['--server', server.url, '--api-key', key]
    }
    for (const name of ['windows.jsonl', 'doors.csv'])
      await skein(['import', join(folder, name), '--sketch', 'case'])
  })
  afterAll(async () => {
    await server?.stop(0)
    await rm(folder, { recursive: true, force: true })
  })

  async function skein(args: readonly string[]): Promise<SkeinRun> {
    const run = await runSkein([...args, ...where])
    expect(run.exitCode, run.err).toBe(0)
    return run
  }

  async function listEvents(sketch: string): Promise<string[]> {
    const fields = ['--fields', 'datetime,message', '--format', 'csv', '--limit', 'all']
    return (await skein(['search', '*', '-s', sketch, ...fields])).out.split('\r\n').toSorted()
  }

  test('a hit as JSON has the fields of its event byte for byte, and no others', async () => {
    const jsonl = await skein(['search', 'number:7', '-s', 'case', '--format', 'jsonl'])
    const hit = /^\{"_id":"[^"]+","timeline":"windows",(.*)\n$/.exec(jsonl.out)?.[1]
    expect(`{${hit}`).toBe(makeWindowsRow(7))
    const json = await skein(['search', 'number:7', '-s', 'case', '--json'])
    expect(json.out).toContain(`"hits":[${jsonl.out.trimEnd()}]`)
    const picked = await skein(['search', 'number:7', '-s', 'case', '--fields', 'message', '--json'])
    expect(picked.out).toContain('"message":"logged on"')
  })

  test('a star among the fields means those that match, and all by itself', async () => {
    const ask = ['search', 'number:7', '-s', 'case', '--format']
    const whole = await skein([...ask, 'jsonl', '--fields', '*'])
    const plain = await skein([...ask, 'jsonl'])
    expect(JSON.parse(whole.out)).toMatchObject(JSON.parse(plain.out))
    expect(JSON.parse(whole.out)).toHaveProperty('timestamp')
    const columns = async (fields: string) =>
      (await skein([...ask, 'csv', '--fields', fields])).out.split('\r\n')
    expect(await columns('message,num*')).toEqual(['message,number', 'logged on,7', ''])
    expect((await columns('*'))[0]?.split(',')).toEqual(
      expect.arrayContaining(['datetime', 'message', 'number', 'EventID']),
    )
    const none = await runSkein([...ask, 'csv', '--fields', 'nothing*', ...where])
    expect(none).toMatchObject({ exitCode: 66, err: expect.stringContaining('--fields nothing*') as string })
    const path = join(folder, 'picked.csv')
    await skein([
      'export',
      '-s',
      'case',
      '--query',
      'number:7',
      '--format',
      'csv',
      '--fields',
      'num*',
      '--out',
      path,
    ])
    expect(await readFile(path, 'utf8')).toBe('number\r\n7\r\n')
  })

  test('tags are in a hit as marks left them', async () => {
    await skein(['tag', '--query', 'number:8', '--tag', 'lure', '-s', 'case'])
    const { out } = await skein(['search', 'number:8', '-s', 'case', '--format', 'jsonl'])
    expect(out).toContain(`${OWN},"number":8,"tag":["lure"]}`)
  })

  test('an event of 3,000 levels leaves in every format, whole, beside the others', async () => {
    const path = join(folder, 'deep.jsonl')
    const deep = `${'{"a":'.repeat(3000)}"bottom"${'}'.repeat(3000)}`
    const head = '{"datetime":"2026-03-01T10:00:00Z","message"'
    await writeFile(path, `${head}:"down","deep":${deep}}\n${head}:"flat","x":{"y":5}}\n`)
    await skein(['import', path, '-s', 'deep'])
    for (const format of ['csv', 'jsonl', 'arrow', 'parquet']) {
      const out = join(folder, `deep-out.${format}`)
      await skein(['export', '-s', 'deep', '--format', format, '--out', out])
      expect((await readFile(out)).includes(format === 'csv' ? '""bottom""' : '"bottom"'), format).toBe(true)
    }
    for (const format of ['csv', 'arrow']) {
      const { bytes } = await skein(['search', '*', '-s', 'deep', '--format', format])
      expect(bytes.includes('bottom'), format).toBe(true)
      expect(bytes.includes('flat'), format).toBe(true)
    }
  })

  test.each(['csv', 'jsonl', 'parquet', 'arrow'])('a file of %s is moved into its place', async (format) => {
    const path = join(folder, `whole.${format}`)
    await skein(['export', '-s', 'case', '--format', format, '--out', path])
    expect((await stat(path)).size).toBeGreaterThan(1000)
    if (format === 'parquet') {
      const bytes = await readFile(path)
      expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', bytes.length - 4)]).toEqual([
        'PAR1',
        'PAR1',
      ])
    }
    const run = await runSkein(['export', '-s', 'case', '--format', format, '-o', `${folder}/no/x`, ...where])
    expect([run.exitCode, run.err]).toEqual([EXIT.cannotWrite, expect.stringContaining('cannot write')])
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  test.each(['asc', 'desc'])(
    'an export of several sources (%s) gives the same events again',
    async (sort) => {
      const path = join(folder, `${sort}.jsonl`)
      await skein(['export', '-s', 'case', '--format', 'jsonl', '--out', path, '--sort', sort])
      expect(await readFile(path, 'utf8')).not.toContain('"message":"logged on"')
      const run = await skein(['import', path, '-s', `again ${sort}`])
      expect(run.out).toContain(
        `${(2 * ROWS).toLocaleString('en')} read, ${(2 * ROWS).toLocaleString('en')} stored`,
      )
      expect(await listEvents(`again ${sort}`)).toEqual(await listEvents('case'))
    },
  )
})
