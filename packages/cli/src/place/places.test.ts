import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTimesketchPlace, type TimesketchTestPlace } from '../testing/open-timesketch-place.ts'
import { type RunOptions, runSkein, type SkeinRun } from '../testing/run-skein.ts'

/** A machine with much else to do takes its time. */
const HOOK_MS = 120_000

let folder: string
let place: TimesketchTestPlace

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-places-'))
  place = await openTimesketchPlace(folder)
  await writeFile(
    join(folder, 'rows.csv'),
    'datetime,message,user\n2026-03-01T10:00:00Z,one,ana\n2026-03-02T10:00:00Z,two,bob\n',
  )
  expect(
    (await skein(['upload', join(folder, 'rows.csv'), '-s', 'case', '--profile', 'timesketch'])).exitCode,
  ).toBe(0)
}, HOOK_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function skein(args: readonly string[], options: RunOptions = {}): Promise<SkeinRun> {
  return await runSkein(args, { homeDirectory: place.homeDirectory, ...options })
}

test('a Timesketch server is named by its profile, by its address, and by the environment', async () => {
  for (const [args, env] of [
    [['--profile', 'timesketch'], {}],
    [['--server', `${place.url}/`], {}],
    [[], { SKEIN_PROFILE: 'timesketch' }],
  ] as const) {
    const run = await skein(['count', 'user:ana', '-s', 'case', ...args], { env })
    expect(run, run.err).toMatchObject({ exitCode: 0, out: '1\n' })
  }
})

test('a user to act as is refused where a server is asked, instead of being passed over', async () => {
  const server = ['--server', 'http://127.0.0.1:1', '--api-key', 'sk_x']
  for (const where of [server, ['--profile', 'timesketch']]) {
    const run = await skein(['count', '-s', 'case', '--as', 'ana', ...where])
    expect(run).toMatchObject({ exitCode: 2, out: '' })
    expect(run.err).toContain('--as ana is for a data directory')
  }
})

test('the verbs that both APIs have work on a Timesketch server', async () => {
  const on = ['-s', 'case', '--profile', 'timesketch']
  expect((await skein(['search', '*', '--from', '2026-03-02', ...on, '--json'])).out).toContain(
    '"message":"two"',
  )
  expect(JSON.parse((await skein(['top', 'user', ...on, '--json'])).out)).toHaveLength(2)
  expect(JSON.parse((await skein(['histogram', ...on, '--json'])).out)).toHaveLength(2)
  expect((await skein(['tag', '--query', 'user:bob', '--tag', 'b', ...on])).out).toContain(
    '1 of 1 event changed',
  )
  expect((await skein(['export', '--query', 'tag:b', '--format', 'csv', '--out', '-', ...on])).out).toContain(
    'two',
  )
  expect((await skein(['timeline', 'list', ...on])).out).toContain('rows')
  expect((await skein(['search', 'x AND (', ...on])).exitCode).toBe(65)
  expect((await skein(['count', '--timeline', 'nosuch', ...on])).exitCode).toBe(66)
})

test.each([
  ['history', '-s', 'case'],
  ['audit'],
  ['key', 'list'],
  ['histogram', '-s', 'case', '--interval', 'day'],
])('what Timesketch has no way for is refused: %s', async (...args) => {
  const run = await skein([...args, '--profile', 'timesketch'])
  expect(run).toMatchObject({
    exitCode: 65,
    err: expect.stringContaining('on a Timesketch server') as string,
  })
})

test('sketch and format are remembered for Timesketch servers, in the file of Timesketch’s own client', async () => {
  const run = await skein(['sketch', 'list', '--profile', 'timesketch', '--json'])
  const [{ id }] = JSON.parse(run.out)
  expect((await skein(['config', 'set', 'sketch', String(id)])).exitCode).toBe(0)
  expect((await skein(['config', 'set', 'output', 'csv'])).exitCode).toBe(0)
  expect(await readFile(join(place.homeDirectory, '.timesketchrc'), 'utf8')).toContain(
    `[cli]\nsketch = ${id}\noutput_format = csv`,
  )
  expect((await skein(['config', 'get', 'output-format'])).out).toBe('csv\n')
  expect((await skein(['timeline', 'list', '--profile', 'timesketch'])).out).toMatch(/^id,status/)
  expect((await skein(['count', '--profile', 'timesketch'])).out).toBe('2\n')
  const ours = await skein(['count'], { env: { SKEIN_DATA: '/dev/null/never-opened' } })
  expect(ours).toMatchObject({ exitCode: 2, err: expect.stringContaining('--sketch is needed') as string })
  await skein(['config', 'set', 'sketch', ''])
  await skein(['config', 'set', 'output', 'text'])
  for (const args of [
    ['sketch', 'x'],
    ['output', 'xml'],
    ['colour', 'red'],
  ])
    expect((await skein(['config', 'set', ...args])).exitCode).toBe(2)
})

test('profiles are listed with their kind; one of ours goes before one of Timesketch’s', async () => {
  await writeFile(
    join(place.homeDirectory, '.skeinrc'),
    '[lab]\nserver = http://127.0.0.1:1\napi_key = sk_x\n',
  )
  const { out } = await skein(['config', 'list', '--format', 'csv', '--no-header'])
  expect(out).toBe(`lab,timeskein,http://127.0.0.1:1,\r\ntimesketch,timesketch,${place.url},ana\r\n`)
  expect((await skein(['sketch', 'list', '--profile', 'lab'])).exitCode).toBe(69)
  const missing = await skein(['sketch', 'list', '--profile', 'nosuch'])
  expect(missing).toMatchObject({ exitCode: 78, err: expect.stringContaining('lab, timesketch') as string })
})

test('a password that is refused is not kept, and a second profile has a token file of its own', async () => {
  const words = [
    'config',
    'login',
    '--profile',
    'second',
    '--server',
    place.url,
    '-u',
    'ana',
    '--password-stdin',
  ]
  const wrong = await skein(words, { stdin: 'wrong\n' })
  expect(wrong.exitCode).toBe(77)
  expect(wrong.err).not.toContain('wrong\n')
  expect((await skein(['sketch', 'list', '--profile', 'second'])).exitCode).toBe(78)
  expect((await skein(words, { stdin: `${place.user.password}\n` })).exitCode).toBe(0)
  expect((await skein(['sketch', 'list', '--profile', 'second'])).exitCode).toBe(0)
  expect((await skein(['sketch', 'list', '--profile', 'timesketch'])).exitCode).toBe(0)
  const rc = await readFile(join(place.homeDirectory, '.timesketchrc'), 'utf8')
  expect(rc).not.toContain('correct horse')
  expect(rc).toContain('.timesketch.second.token')
})

test('a server without a key and without a section is told what it takes', async () => {
  const run = await skein(['sketch', 'list', '--server', 'http://127.0.0.1:1'])
  expect(run).toMatchObject({ exitCode: 77, err: expect.stringContaining('skein config login') as string })
  const both = await skein(['sketch', 'list', '--server', place.url, '--profile', 'timesketch'])
  expect(both.exitCode).toBe(2)
})

test('a mistyped data directory is refused instead of made, also by verbs of Timesketch’s API', async () => {
  const missing = join(folder, 'mistyped')
  for (const args of [
    ['story', 'list', '-s', 'case'],
    ['search', '--label', 'star', '-s', 'case'],
    ['sigma', 'list'],
  ]) {
    const run = await skein([...args, '--data', missing])
    expect(run).toMatchObject({ exitCode: 66, err: expect.stringContaining('no data directory') as string })
  }
  await expect(stat(missing)).rejects.toMatchObject({ code: 'ENOENT' })
})
