import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Effects } from './effects.ts'
import { runCommandLine } from './main.ts'
import { runSkein } from './testing/run-skein.ts'

const PASSWORD = /first run: .*admin .*password (\S{12,}) \(shown this once\)/

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-first-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('the first run tells the password once, also when it is to be quiet', async () => {
  const folder = await makeFolder()
  expect((await runSkein(['user', 'list', '--quiet', '--data', folder])).err).toMatch(PASSWORD)
  expect((await runSkein(['user', 'list', '--data', folder])).err).toBe('')
})

test('the first run tells the password also when what it was asked for fails', async () => {
  const run = await runSkein(['user', 'list', '--as', 'nobody', '--quiet', '--data', await makeFolder()])
  expect(run.exitCode).not.toBe(0)
  expect(run.err).toMatch(PASSWORD)
})

test.each(['serve', 'start'])('a quiet %s tells password and address, and nothing else', async (verb) => {
  const folder = await makeFolder()
  const stop = new AbortController()
  let out = ''
  let err = ''
  const effects: Effects = {
    writeOut: async ({ text }) => {
      out += text
      if (out.includes('listening on')) stop.abort()
    },
    writeData: async (data) => {
      out += data
    },
    writeError: ({ text }) => {
      err += text
    },
    stdin: (async function* () {})(),
    env: {},
    homeDirectory: folder,
    platform: 'linux',
    isTerminal: { out: false, error: false },
    columns: 100,
    now: Date.now,
    signal: stop.signal,
  }
  const args = [verb, '--quiet', '--port', '0', '--data', join(folder, 'data')]
  expect(await runCommandLine(args, effects)).toBe(0)
  expect(err).toBe('')
  expect(out).toMatch(PASSWORD_THEN_ADDRESS)
})

const PASSWORD_THEN_ADDRESS =
  /^first run: .* password \S{12,} \(shown this once\)\nlistening on http:\/\/127\.0\.0\.1:\d+\n$/
