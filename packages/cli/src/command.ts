import type { Effects } from './effects.ts'

/** One option of a command. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  /** One letter. */
  readonly short?: string
  /** What stands for the value in the help: `N`, `FILE`. */
  readonly value?: string
  /** It may be given several times; `texts` gives all values, `text` the last. */
  readonly multiple?: boolean
  readonly help: string
}

/** One verb of `skein`. */
export interface Command {
  readonly name: string
  /** One line. */
  readonly summary: string
  /** What follows `skein <name>`, one line for each way of calling it. */
  readonly usage: readonly string[]
  readonly options: Readonly<Record<string, OptionSpec>>
  /** Options without which it cannot do anything. */
  readonly required?: readonly string[]
  readonly examples: readonly { readonly line: string; readonly says: string }[]
  /** Does the work. Returns the exit code; throws `CliError` for what the user can mend. */
  run(call: CommandCall, effects: Effects): Promise<number>
}

/** A command line that has been read. */
export interface CommandCall {
  readonly positionals: readonly string[]
  /** The option's value; undefined when it was not given. */
  text(name: string): string | undefined
  /** Every value of an option that may be given several times, in their order; none when it was not given. */
  texts(name: string): readonly string[]
  flag(name: string): boolean
}

/** Options every verb that touches data has. */
export const BACKEND_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  data: {
    type: 'string',
    value: 'DIR',
    help: 'data directory (default $SKEIN_DATA, else the XDG data folder)',
  },
  server: { type: 'string', value: 'URL', help: 'ask this server instead of opening a data directory' },
  'api-key': { type: 'string', value: 'KEY', help: 'API key for --server (default $SKEIN_API_KEY)' },
  profile: {
    type: 'string',
    value: 'NAME',
    help: 'the server of this section of ~/.skeinrc or ~/.timesketchrc (default $SKEIN_PROFILE)',
  },
  as: { type: 'string', value: 'USER', help: 'act as this user of the data directory (default admin)' },
}

/** Options of every verb that prints a result. */
export const OUTPUT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'print one JSON document' },
  quiet: {
    type: 'boolean',
    short: 'q',
    help: 'no progress and no prose (a first run still tells its password)',
  },
}

/** Options that say which events are meant. */
export const QUESTION_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  sketch: { type: 'string', short: 's', value: 'NAME|ID', help: 'the sketch to ask' },
  timeline: { type: 'string', value: 'NAME|ID', help: 'only this timeline' },
  from: {
    type: 'string',
    value: 'T',
    help: 'not before this time (2024-01-31, 2024-01-31T12:00:00Z, now-7d)',
  },
  to: { type: 'string', value: 'T', help: 'not after this time (a day means its end)' },
}

/**
 * Options of a verb that prints the answer to a question.
 *
 * @param own - Those that only this verb has.
 */
export function answerOptions(
  own: Readonly<Record<string, OptionSpec>> = {},
): Readonly<Record<string, OptionSpec>> {
  return {
    ...QUESTION_OPTIONS,
    ...own,
    explain: { type: 'boolean', help: 'say how the question would be answered, and stop' },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  }
}
