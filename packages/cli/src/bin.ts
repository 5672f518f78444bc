import { once } from 'node:events'
import { homedir } from 'node:os'
import process from 'node:process'
import type { Effects } from './effects.ts'
import { EXIT } from './exit-codes.ts'
import { runCommandLine } from './main.ts'
import { ClosedOutputError } from './output/closed-output-error.ts'

const DEFAULT_COLUMNS = 120

const interruption = new AbortController()
process.on('SIGINT', countInterrupts())
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())
// A reader of standard input that nothing is sent to would keep the process.
interruption.signal.addEventListener('abort', () => process.stdin.destroy(), { once: true })
if (process.env['SKEIN_LAUNCHED'] !== undefined) followLauncher()
// The reader of our output has seen enough (`| head`), or there is no room for it: whoever writes next is told.
let outputFailure: Error | undefined
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  outputFailure ??= error.code === 'EPIPE' ? new ClosedOutputError() : error
})
// Nobody reads prose any more (`2>&1 | head`), or there is no room for it: the work goes on all the same.
process.stderr.on('error', () => {})

const effects: Effects = {
  writeOut: async (text) => await writeStandardOutput(text.text),
  writeData: writeStandardOutput,
  writeError: ({ text }) => {
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

// Nothing is left to wait for and yet the command has not ended (Node's code 13): say so instead of ending without a word.
const tellStandstill = (code: number): void => {
  if (code !== 13) return
  process.stderr.write(
    'skein: a fault of ours: the work stood still; what was not acknowledged is not stored\n',
  )
  process.exitCode = EXIT.failed
}
process.once('exit', tellStandstill)
process.exitCode = await runCommandLine(process.argv.slice(2), effects)
if (process.exitCode === EXIT.ok && !(await isOutputWritten())) {
  process.stderr.write(`skein: cannot write to standard output: ${outputFailure?.message}\n`)
  process.exitCode = EXIT.cannotWrite
}
process.off('exit', tellStandstill)
if (process.connected) process.disconnect()

async function writeStandardOutput(data: string | Uint8Array): Promise<void> {
  if (outputFailure) throw outputFailure
  if (process.stdout.write(data)) return
  try {
    await once(process.stdout, 'drain')
  } catch (error) {
    throw outputFailure ?? error
  }
}

/** Waits for what was written last; a reader who has gone wants no more. */
async function isOutputWritten(): Promise<boolean> {
  if (!outputFailure) await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  return outputFailure === undefined || outputFailure instanceof ClosedOutputError
}

// Ctrl-C stops in good order; whoever asks twice means now.
function countInterrupts(): () => void {
  let count = 0
  return () => {
    count += 1
    interruption.abort()
    if (count > 1) process.exit(EXIT.interrupted)
  }
}

// Started by bin/skein.js under an older Node: take signals from it too, and end with it, whatever ended it. A terminal sends
// Ctrl-C to both, so that its interrupts are counted apart from ours.
function followLauncher(): void {
  const countRelayed = countInterrupts()
  process.on('message', (signal) => {
    if (signal === 'SIGINT') countRelayed()
    else interruption.abort()
  })
  process.on('disconnect', () => interruption.abort())
}
