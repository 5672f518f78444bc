import { Buffer } from 'node:buffer'
import { splitElements, splitMembers } from '@timeskein/model/events'
import type { JoinedField } from '../schemas/joined-field.ts'
import type { BatchBuilder } from './batch-builder.ts'
import { MAX_ROW_BYTES } from './limits.ts'
import { changeColumns, changeText, type RowChange } from './row-changes.ts'

/**
 * Gives the row that is being written the fields that are joined of others, in the form that Timesketch gives those of a table
 * (20261014: lib/utils.py): `host:web1 | what:logon | `. A field that says nothing is left out. A row that has the target, or none of the
 * fields, stays as it is, and so does one that would become longer than `MAX_ROW_BYTES`.
 *
 * @param source - Holds the row's JSON text from `start` to `end` (exclusive).
 * @returns The row's JSON text with them; undefined where there is nothing to change.
 */
export function joinRowFields(
  builder: BatchBuilder,
  joined: readonly JoinedField[],
  source: Uint8Array,
  start: number,
  end: number,
): Uint8Array | undefined {
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString('utf8')
  const members = splitMembers(text)
  const changes: RowChange[] = []
  let sizeBytes = end - start
  for (const { target, fields } of joined) {
    if (readField(members, target) !== '') continue
    const parts = fields.map((field) => describeField(field, readField(members, field)))
    sizeBytes += parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)
    if (sizeBytes > MAX_ROW_BYTES) return undefined
    const value = parts.join('')
    if (value !== '') changes.push([target, value])
  }
  if (changes.length === 0) return undefined
  changeColumns(builder, changes)
  return changeText(text, changes)
}

function describeField(field: string, value: string): string {
  return value === '' ? '' : `${field}:${value} | `
}

/** What a field says: a text as it is, anything else as it is written in JSON; '' where it says nothing. */
function readField(members: ReadonlyMap<string, string>, path: string): string {
  const json = findValue(members, path) ?? 'null'
  if (json === 'null') return ''
  return json.startsWith('"') ? (JSON.parse(json) as string) : json
}

/** The JSON at a dotted path, whichever of its dots part objects; of a list of objects the list of what stands there. */
function findValue(members: ReadonlyMap<string, string>, path: string): string | undefined {
  const own = members.get(path)
  if (own !== undefined) return own
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const outer = members.get(path.slice(0, dot))
    const found = outer === undefined ? undefined : findWithin(outer, path.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}

function findWithin(json: string, path: string): string | undefined {
  if (json.startsWith('{')) return findValue(splitMembers(json), path)
  if (!json.startsWith('[')) return undefined
  const found = splitElements(json).flatMap((element) => findWithin(element, path) ?? [])
  return found.length > 1 ? `[${found.join(',')}]` : found[0]
}
