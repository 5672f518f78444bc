import { once } from 'node:events'
import { homedir } from 'node:os'
import process from 'node:process'
import type { Effects } from './effects.ts'
import { EXIT } from './exit-codes.ts'
import { runCommandLine } from './main.ts'

const DEFAULT_COLUMNS = 120

const interruption = new AbortController()
let interruptCount = 0
process.on('SIGINT', () => {
  interruptCount += 1
  interruption.abort()
  // Whoever asks twice means now.
  if (interruptCount > 1) process.exit(EXIT.interrupted)
})
process.on('SIGTERM', () => interruption.abort())
// Started by bin/skein.js under an older Node: end with it, whatever ended it.
if (process.env['SKEIN_LAUNCHED'] !== undefined) process.on('disconnect', () => interruption.abort())
// The reader of our output has seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
})

const effects: Effects = {
  async writeOut(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  writeError: (text) => {
    process.stderr.write(text)
  },
  stdin: process.stdin,
  env: process.env,
  homeDirectory: homedir(),
  platform: process.platform,
  isTerminal: { out: process.stdout.isTTY === true, error: process.stderr.isTTY === true },
  columns: process.stdout.columns ?? process.stderr.columns ?? DEFAULT_COLUMNS,
  now: Date.now,
  signal: interruption.signal,
}

process.exitCode = await runCommandLine(process.argv.slice(2), effects)
if (process.connected) process.disconnect()
