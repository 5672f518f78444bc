import { readYaml, toPlainValue } from '@timeskein/query/sigma'
import type { LogFormat } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'

/** Members of a log format; Timesketch's importer knows no others. */
const MEMBERS: readonly string[] = [
  'message',
  'timestamp_desc',
  'datetime',
  'separator',
  'encoding',
  'data_type',
  'columns',
  'columns_subset',
] satisfies readonly (keyof LogFormat)[]

/**
 * Reads a file of log formats as Timesketch's importer takes it with `--log-config-file`: YAML, a map of names to formats.
 *
 * @param file - For messages.
 * @throws {CliError} Where something else stands there, with what and where.
 */
export function readLogFormats(file: string, text: string): Readonly<Record<string, LogFormat>> {
  const documents = readYaml(text)
  const mistake = documents.find((document) => document.mistake !== undefined)?.mistake
  if (mistake)
    throw refuse(file, `line ${text.slice(0, mistake.offset).split('\n').length}: ${mistake.reason}`)
  const root = documents[0]?.root
  const formats = root === undefined ? {} : toPlainValue(root)
  if (!isMap(formats)) throw refuse(file, 'a map of names to formats was expected')
  return Object.fromEntries(
    Object.entries(formats).map(([name, format]) => [name, readFormat(file, name, format)]),
  )
}

function readFormat(file: string, name: string, format: unknown): LogFormat {
  if (!isMap(format)) throw refuse(file, `${name}: a map of ${MEMBERS.join(', ')} was expected`)
  const members = Object.entries(format).map(([member, value]): [string, string] => {
    if (!MEMBERS.includes(member)) throw refuse(file, `${name}: "${member}" is none of ${MEMBERS.join(', ')}`)
    if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
      return [member, value.join(',')]
    if (typeof value === 'string') return [member, value]
    throw refuse(file, `${name}.${member}: a text was expected`)
  })
  return Object.fromEntries(members)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(file: string, problem: string): CliError {
  return new CliError(`cannot read the log formats of ${file}: ${problem}`, EXIT.badInput)
}
