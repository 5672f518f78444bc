import type { Backend, FieldRow, Question } from '../backend/backend.ts'
import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { FieldChoice } from '../output/event-writer.ts'

/** The fields named by `--fields`; undefined for all. */
export function readFieldList(call: CommandCall): readonly string[] | undefined {
  const text = call.text('fields')
  if (text === undefined) return undefined
  const fields = text
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
  if (fields.length === 0) throw new CliError('--fields takes names parted by commas, found none', EXIT.usage)
  return fields
}

/** What an event has by itself or by what stands for it. */
const COMMON_FIELDS = ['datetime', 'timestamp', 'timestamp_desc', 'message']

/** The fields asked for, with those that a name with `*` means in the timelines asked about: the most frequent first. */
export async function expandFields(
  fields: readonly string[],
  backend: Backend,
  question: Question,
): Promise<readonly string[]> {
  if (!fields.some((field) => field.includes('*'))) return fields
  const own = (await listByFrequency(backend, question)).map(({ name }) => name)
  const known = [...new Set([...COMMON_FIELDS, ...own])]
  const expanded = fields.flatMap((field) => (field.includes('*') ? findMatches(field, known) : [field]))
  if (expanded.length > 0) return [...new Set(expanded)]
  throw new CliError(`no field is meant by --fields ${fields.join(',')}`, EXIT.notFound)
}

function findMatches(pattern: string, names: readonly string[]): readonly string[] {
  const source = pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')
  const expression = new RegExp(`^${source}$`, 's')
  return names.filter((name) => expression.test(name))
}

/** Whether every field is asked for. */
export function areAllNamed(fields: readonly string[] | undefined): boolean {
  return fields?.includes('*') === true
}

/** The fields asked for, or all fields of the timelines asked about. */
export function chooseFields(
  fields: readonly string[] | undefined,
  backend: Backend,
  question: Question,
): FieldChoice {
  if (fields !== undefined) return { only: fields }
  return { all: async () => (await listByFrequency(backend, question)).map((field) => field.name) }
}

/** All fields of the timelines asked about, the most frequent first. */
export async function listByFrequency(backend: Backend, question: Question): Promise<readonly FieldRow[]> {
  const fields = await backend.listFields(question)
  return fields.toSorted((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
}
