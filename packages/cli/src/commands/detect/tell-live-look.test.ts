import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { tellLiveLook } from './tell-live-look.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const CALL: CommandCall = { positionals: [], text: () => undefined, texts: () => [], flag: () => false }

/** An import that waits for a look which takes so long; what it says on standard error. */
async function waitFor(
  lookMs: number,
  { looksInProcess = true, flags = [] as readonly string[] } = {},
): Promise<string> {
  let said = ''
  const effects = {
    signal: new AbortController().signal,
    writeError: ({ text }) => {
      said += text
    },
  } as Pick<Effects, 'signal' | 'writeError'> as Effects
  const backend = {
    looksInProcess,
    waitForDetection: async () => {
      await new Promise((resolve) => setTimeout(resolve, lookMs))
      return undefined
    },
  }
  const told = tellLiveLook(backend, 1, { ...CALL, flag: (name) => flags.includes(name) }, effects)
  await vi.runAllTimersAsync()
  await told
  return said
}

test('a look that takes long is told once, with what Ctrl-C does', async () => {
  expect(await waitFor(60_000)).toBe(
    "stored; the sketch's rules look at what came (Ctrl-C leaves that for the next time)\n",
  )
})

test('a server goes on with its look', async () => {
  expect(await waitFor(60_000, { looksInProcess: false })).toContain(
    'the server goes on with that after Ctrl-C',
  )
})

test('a short look and --quiet are without a word', async () => {
  expect(await waitFor(1900)).toBe('')
  expect(await waitFor(60_000, { flags: ['quiet'] })).toBe('')
})

test('--json keeps the words, which are on standard error', async () => {
  expect(await waitFor(60_000, { flags: ['json'] })).toContain('look at what came')
})
