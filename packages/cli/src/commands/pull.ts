import { setTimeout as wait } from 'node:timers/promises'
import type { ApiPullReport } from '@timeskein/model'
import { readTypedMoment } from '@timeskein/query'
import type { Backend } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { toCliError } from '../failures.ts'
import { prose } from '../output/prose.ts'

/** Between two rounds of `--follow`, in milliseconds. */
const FOLLOW_EVERY_MS = 60_000

/** `skein pull`: goes on where the last pull ended, however that ended; fails when one connector did, after the others. */
export const pullCommand: Command = {
  name: 'pull',
  summary: 'Bring what platforms hold onto timelines, each item once.',
  usage: ['[NAME...] [--since T] [--follow]'],
  options: {
    since: {
      type: 'string',
      value: 'T',
      help: 'where a connector begins (2024-01-31, now-30d; default everything there is); kept, and later moved only to what is earlier, from where all is read again',
    },
    follow: { type: 'boolean', help: 'pull again every minute until interrupted' },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    { line: 'skein pull', says: 'all connectors' },
    {
      line: 'skein pull edr --since now-365d',
      says: 'a year of history; interrupted, the next pull goes on',
    },
  ],
  run: runPull,
}

async function runPull(call: CommandCall, effects: Effects): Promise<number> {
  requireDate(call.text('since'), effects.now())
  await using backend = await openBackend(call, effects)
  for (;;) {
    const exitCode = await pullAll(call, effects, backend)
    if (!call.flag('follow')) return exitCode
    await wait(FOLLOW_EVERY_MS, undefined, { signal: effects.signal })
  }
}

/** Whether or not there is a connector that would ask for it. */
function requireDate(since: string | undefined, nowMs: number): void {
  if (since === undefined) return
  const ms = readTypedMoment(since, nowMs)
  if (ms !== undefined && ms <= nowMs) return
  throw new CliError(
    `--since expects a date such as 2024-01-31, or now-30d, that is not in the future; found ${JSON.stringify(since.slice(0, 100))}`,
    EXIT.usage,
  )
}

async function pullAll(call: CommandCall, effects: Effects, backend: Backend): Promise<number> {
  const given = call.positionals
  const names = given.length > 0 ? given : (await backend.connectors.list()).map(({ name }) => name)
  const reports: Record<string, ApiPullReport> = {}
  let failure: unknown
  for (const name of names) {
    try {
      reports[name] = await pullOne(call, effects, backend, name)
    } catch (error) {
      if (effects.signal.aborted) throw error
      if (failure !== undefined) effects.writeError(prose`${tellFailure(failure)}\n`)
      failure = error
    }
  }
  if (call.flag('json')) await effects.writeData(`${JSON.stringify(reports)}\n`)
  if (names.length === 0 && !call.flag('quiet'))
    effects.writeError(prose`there are no connectors; see: skein connect --help\n`)
  if (failure === undefined) return EXIT.ok
  if (!call.flag('follow')) throw failure
  effects.writeError(prose`${tellFailure(failure)}\n`)
  return EXIT.ok
}

function tellFailure(error: unknown): string {
  return toCliError(error)?.message ?? String(error)
}

async function pullOne(
  call: CommandCall,
  effects: Effects,
  backend: Backend,
  name: string,
): Promise<ApiPullReport> {
  const since = call.text('since')
  let told = ''
  const report = await backend.connectors.pull(name, {
    signal: effects.signal,
    ...(since === undefined ? {} : { since }),
    onProgress: ({ stream, read, upTo }) => {
      // One line for each month of a stream: a year of history is not silent, and not a thousand lines.
      const step = `${stream} ${upTo?.slice(0, 7) ?? ''}`
      if (call.flag('quiet') || step === told || read === 0) return
      told = step
      effects.writeError(
        prose`${name}: ${stream}: ${String(read)} items, up to ${upTo?.slice(0, 10) ?? 'now'}\n`,
      )
    },
  })
  if (!call.flag('json')) {
    const { read, new: fresh, updated, unchanged, rejected } = report
    const lost = rejected > 0 ? `, ${rejected} put aside (skein connect rejects ${name})` : ''
    await effects.writeOut(
      prose`${name}: ${String(read)} read, ${String(fresh)} new, ${String(updated)} updated, ${String(unchanged)} unchanged${lost}\n`,
    )
  }
  return report
}
