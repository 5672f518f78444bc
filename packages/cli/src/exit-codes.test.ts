import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, listen, openSystem } from '@timeskein/server'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { exitCodeOfImport, toCliError } from './failures.ts'
import { runSkein } from './testing/run-skein.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-exit-'))
  await writeFile(join(folder, 'rows.csv'), 'datetime,message\n2026-03-01T10:00:00Z,in\nyesterday,out\n')
  await writeFile(join(folder, 'noise.bin'), Buffer.from([0, 1, 2, 3, 250, 251, 0, 0, 7]))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('the table of docs/cli.md has every code and no other', async () => {
  const page = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8')
  const table = page.split('## Exit codes')[1]?.split('\n## ')[0] ?? ''
  const codes = [...table.matchAll(/^\| (\d+) /gm)].map((match) => Number(match[1]))
  expect(codes).toEqual(Object.values(EXIT))
})

const REACHED: Readonly<Record<keyof typeof EXIT, readonly string[]>> = {
  ok: ['help'],
  failed: ['doctor', '--data', 'rows.csv'],
  usage: ['bogus'],
  rejectedRows: ['import', 'rows.csv', '-s', 'x', '--strict', '--data', 'data'],
  badInput: ['import', 'noise.bin', '-s', 'y', '--data', 'data'],
  notFound: ['count', '-s', 'nowhere', '--data', 'data'],
  unavailable: ['count', '-s', 'x', '--server', 'http://127.0.0.1:1', '--api-key', 'sk_x'],
  cannotWrite: ['user', 'list', '--data', 'rows.csv'],
  noPermission: ['count', '-s', 'x', '--server', 'http://127.0.0.1:1'],
  config: ['count', '-s', 'x', '--profile', 'lab'],
  interrupted: ['user', 'list', '--data', 'data'],
}

test.each(Object.entries(REACHED))('%s is reached by skein %j', async (name, args) => {
  const inFolder = args.map((arg) => (/^(?:data|rows\.csv|noise\.bin)$/.test(arg) ? join(folder, arg) : arg))
  const isInterrupted = name === 'interrupted'
  const run = await runSkein(
    isInterrupted ? ['import', '-', '-s', 'z', '--data', join(folder, 'data')] : inFolder,
    {
      stdin: 'datetime,message\n2026-03-01T10:00:00Z,in\n',
      ...(isInterrupted ? { signal: AbortSignal.abort() } : {}),
    },
  )
  expect(run.exitCode, run.err).toBe(EXIT[name as keyof typeof EXIT])
})

test('an import that stops over a full disk ends alike in process and over HTTP', () => {
  expect(exitCodeOfImport('ENOSPC')).toBe(EXIT.cannotWrite)
  expect(exitCodeOfImport(undefined)).toBe(EXIT.badInput)
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  expect(toCliError(full)).toBeInstanceOf(CliError)
  expect(toCliError(full)?.exitCode).toBe(EXIT.cannotWrite)
})

test.each([
  ['/proc/x', 'There is none at /proc/x.'],
  ['/dev/null/x', 'Cannot use /dev/null/x as data directory: '],
])('%s is refused as a data directory at once, and looked at by the doctor', async (place, finding) => {
  for (const args of [
    ['user', 'list'],
    ['serve', '--port', '0'],
    ['import', join(folder, 'rows.csv'), '-s', 'x'],
  ]) {
    const run = await runSkein([...args, '--data', place])
    expect(run.exitCode).toBe(EXIT.cannotWrite)
    expect(run.err).toContain(`Cannot use ${place} as data directory: `)
  }
  const doctor = await runSkein(['doctor', '--data', place])
  expect(doctor.exitCode).toBe(EXIT.failed)
  expect(doctor.out).toContain(`ERROR    data directory: ${finding}`)
})

test('looking makes no data directory: neither the doctor nor a preview', async () => {
  const place = join(folder, 'typo')
  const doctor = await runSkein(['doctor', '--data', place])
  expect(doctor.exitCode).toBe(EXIT.failed)
  expect(doctor.out).toContain(`There is none at ${place}.`)
  const preview = await runSkein(['import', join(folder, 'rows.csv'), '--dry-run', '--data', place])
  expect(preview.exitCode, preview.err).toBe(EXIT.ok)
  expect(preview.out).toContain('yesterday')
  expect(doctor.err + preview.err).toBe('')
  await expect(stat(place)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('the doctor says who has a data directory open, and looks at it from outside', async () => {
  const place = join(folder, 'held')
  await using _system = await openSystem({ dataDirectory: place })
  const run = await runSkein(['doctor', '--data', place])
  expect(run.exitCode).toBe(EXIT.ok)
  expect(run.out).toContain(`in use by process ${process.pid}`)
  expect(run.out).toContain('metadata database: whole')
})

test('a question to a data directory that is not there is refused, and makes none', async () => {
  const place = join(folder, 'mistyped')
  const run = await runSkein(['search', 'x', '--sketch', 'case', '--data', place])
  expect(run.exitCode).toBe(EXIT.notFound)
  expect(run.err).toContain(`There is none at ${place}`)
  await expect(stat(place)).rejects.toThrow('ENOENT')
})

test('the doctor names a database that is broken and how to mend it', async () => {
  const place = join(folder, 'broken')
  expect((await runSkein(['user', 'list', '--data', place, '-q'])).exitCode).toBe(EXIT.ok)
  await writeFile(
    join(place, 'metadata.sqlite'),
    'not a database at all, but long enough to be one'.repeat(100),
  )
  const run = await runSkein(['doctor', '--data', place])
  expect(run.exitCode).toBe(EXIT.failed)
  expect(run.out).toMatch(/ERROR {4}metadata database: .*put back the newest copy/)
})

// root may do everything.
test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'the doctor names what this user may not write',
  async () => {
    const place = join(folder, 'read-only')
    await runSkein(['user', 'list', '--data', place, '-q'])
    const { chmod } = await import('node:fs/promises')
    await chmod(place, 0o500)
    try {
      const run = await runSkein(['doctor', '--data', place])
      expect(run.exitCode).toBe(EXIT.failed)
      expect(run.out).toContain(`permissions: ${place}: user `)
      expect(run.out).toContain('with mode 0500')
    } finally {
      await chmod(place, 0o700)
    }
  },
)

test('trouble with the store is told in its own words, with what to do, and not as a fault of ours', () => {
  const foreign = Object.assign(new Error('an index of format 2 is expected, format 1 was found'), {
    name: 'StoreError',
    code: 'wrong-format',
  })
  expect(toCliError(foreign)).toMatchObject({
    exitCode: EXIT.failed,
    message: expect.stringMatching(/format 1.*doctor/),
  })
  expect(toCliError(Object.assign(foreign, { code: 'gave-up' }))?.exitCode).toBe(EXIT.unavailable)
})

test('a caret stands under the place where a query cannot be read, also behind control codes', () => {
  const error = Object.assign(new Error('a bracket is never closed'), { query: 'a\u001b\n (b', column: 5 })
  error.name = 'QueryError'
  expect(toCliError(error)?.message.split('\n')).toEqual([
    'a bracket is never closed',
    '  a\\x1b\\n (b',
    '          ^',
  ])
})

test('who starts with npm is told how npm takes another port', async () => {
  await using system = await openSystem({ dataDirectory: join(folder, 'port') })
  const holder = await listen(createApp(system, { dialects: [] }), system, { port: 0 })
  const args = ['start', '--port', new URL(holder.url).port, '--data', join(folder, 'port-2')]
  const byNpm = await runSkein(args, { env: { npm_lifecycle_event: 'start' } })
  expect(byNpm.exitCode).toBe(EXIT.unavailable)
  expect(byNpm.err).toContain('choose another: npm start -- --port N')
  const byHand = await runSkein(args)
  expect(byHand.exitCode).toBe(EXIT.unavailable)
  expect(byHand.err).toContain('choose another with --port')
  await holder.stop(0)
})

test('adding a user and changing a password is said, unless it is to be quiet', async () => {
  const account = ['ana', '--password-stdin', '--data', join(folder, 'accounts')]
  const stdin = 'correct horse battery\n'
  const added = await runSkein(['user', 'add', ...account], { stdin })
  expect([added.exitCode, added.out]).toEqual([EXIT.ok, ''])
  expect(added.err).toContain('user ana is added\n')
  const changed = await runSkein(['user', 'passwd', ...account], { stdin })
  expect(changed.err).toContain('the password of ana is changed\n')
  const quiet = await runSkein(['user', 'passwd', ...account, '--quiet'], { stdin })
  expect(quiet.out + quiet.err).toBe('')
})

test('a port that browsers never ask is a wrong command line, and makes no data directory', async () => {
  const data = join(folder, 'never-made')
  const { exitCode, err } = await runSkein(['serve', '--port', '5061', '--data', data])
  expect([exitCode, err]).toEqual([EXIT.usage, expect.stringContaining('found 5061')])
  await expect(stat(data)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a port that is taken makes no data directory, and no first user with a password', async () => {
  const data = join(folder, 'never-made')
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { exitCode, out, err } = await runSkein(['serve', '--port', String(port), '--data', data])
  expect([exitCode, out, err]).toEqual([
    EXIT.unavailable,
    '',
    expect.stringContaining('choose another with --port'),
  ])
  await expect(stat(data)).rejects.toMatchObject({ code: 'ENOENT' })
})
