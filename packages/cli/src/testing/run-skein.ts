import type { Effects } from '../effects.ts'
import { runCommandLine } from '../main.ts'

/** What a run of `skein` said and how it ended. */
export interface SkeinRun {
  readonly exitCode: number
  readonly out: string
  readonly err: string
  /** Standard output as bytes. */
  readonly bytes: Buffer
}

/** What a test says of the world around a run. */
export interface RunOptions {
  readonly stdin?: string | AsyncIterable<Uint8Array>
  readonly env?: Readonly<Record<string, string>>
  readonly homeDirectory?: string
  readonly isTerminal?: boolean
  readonly signal?: AbortSignal
}

/** Runs one command line in this process with effects of its own. For tests. */
export async function runSkein(args: readonly string[], options: RunOptions = {}): Promise<SkeinRun> {
  const parts: Buffer[] = []
  let err = ''
  const effects: Effects = {
    writeOut: async ({ text }) => {
      parts.push(Buffer.from(text))
    },
    writeData: async (data) => {
      parts.push(Buffer.from(data as string))
    },
    writeError: ({ text }) => {
      err += text
    },
    stdin: typeof options.stdin === 'object' ? options.stdin : streamText(options.stdin ?? ''),
    env: options.env ?? {},
    homeDirectory: options.homeDirectory ?? '/nonexistent',
    platform: 'linux',
    isTerminal: { out: options.isTerminal ?? false, error: options.isTerminal ?? false },
    columns: 100,
    now: Date.now,
    signal: options.signal ?? new AbortController().signal,
  }
  const exitCode = await runCommandLine(args, effects)
  const bytes = Buffer.concat(parts)
  return { exitCode, out: bytes.toString('utf8'), err, bytes }
}

async function* streamText(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield Buffer.from(text)
}
