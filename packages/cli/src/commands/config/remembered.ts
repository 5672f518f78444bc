import { writeRcValues } from '@timeskein/sdk/node'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { printResult } from '../../output/print-result.ts'
import { prose } from '../../output/prose.ts'
import { timesketchRcPath } from '../../place/rc-files.ts'
import { CLI_SECTION, readRemembered } from '../../place/remembered.ts'

/** The names under which a value is known, Timesketch's own among them, and its key in the file. */
const KEYS: Readonly<Record<string, 'sketch' | 'output_format'>> = {
  sketch: 'sketch',
  output: 'output_format',
  'output-format': 'output_format',
  output_format: 'output_format',
}
/** Formats that Timesketch's own command can be told to use. */
const FORMATS = ['text', 'csv', 'tabular', 'json'] as const

/** `skein config get`. */
export async function tellRemembered(call: CommandCall, effects: Effects): Promise<number> {
  const key = readKey(call)
  const value = (await readRemembered(effects))[key] ?? ''
  await printResult({ [key]: value }, prose`${value}\n`, call, effects)
  return EXIT.ok
}

/** `skein config set`: writes the value, and leaves everything else of the file as it is. */
export async function remember(call: CommandCall, effects: Effects): Promise<number> {
  const key = readKey(call)
  const value = call.positionals[2]
  if (value === undefined) throw new CliError(`skein config set ${key} needs a value`, EXIT.usage)
  if (key === 'sketch' && !/^\d*$/.test(value))
    throw new CliError(`a sketch is remembered by its id, a whole number; found "${value}"`, EXIT.usage)
  if (key === 'output_format' && !FORMATS.some((format) => format === value))
    throw new CliError(`output-format takes ${FORMATS.join(', ')}; found "${value}"`, EXIT.usage)
  await writeRcValues(timesketchRcPath(effects), CLI_SECTION, { [key]: value })
  return EXIT.ok
}

function readKey(call: CommandCall): 'sketch' | 'output_format' {
  const name = call.positionals[1] ?? ''
  const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined
  if (key) return key
  throw new CliError(`sketch or output-format is expected, found "${name}"`, EXIT.usage)
}
