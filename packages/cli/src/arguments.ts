import { parseArgs } from 'node:util'
import { CliError } from './cli-error.ts'
import type { Command, CommandCall } from './command.ts'
import { EXIT } from './exit-codes.ts'

/**
 * Reads a command line against the options a command declares. Negative numbers and query strings such as `-foo` can
 * follow `--`.
 *
 * @throws {CliError} For an unknown option or a missing value; the message names it and how to get help.
 */
export function readArguments(command: Command, args: readonly string[]): CommandCall {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => [
      name,
      {
        type: option.type,
        ...(option.short ? { short: option.short } : {}),
        ...(option.multiple ? { multiple: true } : {}),
      },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    })
    return {
      positionals,
      text: (name) => readTexts(values[name]).at(-1),
      texts: (name) => readTexts(values[name]),
      flag: (name) => values[name] === true,
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CliError(`${describeProblem(error, command)}. See: skein ${command.name} --help`, EXIT.usage, {
      cause: error,
    })
  }
}

function readTexts(value: unknown): readonly string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value]
  return all.filter((one) => typeof one === 'string')
}

/** In a usage: the query as an argument, not as the value of an option. */
const QUERY_BY_ITSELF = /(?<!--\S+ )\bQUERY\b/

/** The words of options that take several, separated by commas or given one by one. */
export function readWords(call: CommandCall, name: string): readonly string[] {
  return call.texts(name).flatMap((text) => splitWords(text))
}

/**
 * The pairs `NAME=VALUE` of an option that may be given several times.
 *
 * @param example - Such a pair, for the message.
 */
export function readPairs(call: CommandCall, name: string, example: string): Record<string, string> {
  return Object.fromEntries(
    call.texts(name).map((text) => {
      const equals = text.indexOf('=')
      if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)]
      throw new CliError(`--${name} takes a pair such as ${example}; found "${text}"`, EXIT.usage)
    }),
  )
}

/** `a, b` as `a` and `b`. */
export function splitWords(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

/** The value of an option that must be a whole number. */
export function readWholeNumber(call: CommandCall, name: string, low: number): number | undefined {
  const text = call.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < low)
    throw new CliError(`--${name} takes a whole number from ${low}, found "${text}"`, EXIT.usage)
  return value
}

/** The value of an option that must be one of a few words. */
export function readChoice<Choice extends string>(
  call: CommandCall,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = call.text(name)
  if (text === undefined) return undefined
  const choice = choices.find((known) => known === text)
  if (choice === undefined)
    throw new CliError(`--${name} takes ${choices.join(', ')}; found "${text}"`, EXIT.usage)
  return choice
}

/** The option, or a sentence that says it is needed. */
export function requireText(call: CommandCall, name: string, commandName: string): string {
  const text = call.text(name)
  if (text === undefined || text === '')
    throw new CliError(`--${name} is needed. See: skein ${commandName} --help`, EXIT.usage)
  return text
}

// Node says the same with more words about the same thing.
function describeProblem(error: NodeJS.ErrnoException, command: Command): string {
  const [name = ''] = /'[^']*'/.exec(error.message) ?? []
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const takesQuery = command.usage.some((usage) => QUERY_BY_ITSELF.test(usage))
    return `there is no option ${name}${takesQuery ? '; a query that begins with - stands after --' : ''}`
  }
  if (error.message.includes('ambiguous'))
    return `option ${name} takes a value; one that begins with - is joined to it: ${name.slice(1, -1)}=-1`
  return (error.message.split('\n')[0] ?? '').replace(/\.$/, '')
}
