import { Buffer } from 'node:buffer'
import { listMembers } from '@timeskein/model/events'
import type { BatchBuilder } from './batch-builder.ts'
import { changeColumns, changeText } from './row-changes.ts'
import type { StringColumn } from './value-columns.ts'

/** What events of Timesketch have their tags in. */
const FIELD = 'tag'
const QUOTED_FIELD = Buffer.from(JSON.stringify(FIELD))
const SPACE = 0x20
const QUOTE = 0x22
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c

/**
 * Makes a list of the tags that the row being written has as one text: as cells of a table have them, and events that were made of one.
 *
 * @param source - Holds the row's JSON text from `start` to `end` (exclusive).
 * @returns The row's JSON text with the list; undefined where there is nothing to change.
 */
export function listRowTags(
  builder: BatchBuilder,
  source: Uint8Array,
  start: number,
  end: number,
): Uint8Array | undefined {
  const column = builder.findStringColumn(FIELD)
  if (!column || column.count === 0 || column.rows[column.count - 1] !== builder.row) return undefined
  const bytes = Buffer.from(source.buffer, source.byteOffset + start, end - start)
  const place = findValue(bytes)
  if (place === 'list') return undefined
  if (place && isSame(bytes.subarray(place.start + 1, place.end - 1), column)) {
    const tags = parseTagText(bytes.toString('utf8', place.start + 1, place.end - 1))
    changeColumns(builder, [[FIELD, tags]])
    const list = Buffer.from(JSON.stringify(tags))
    return Buffer.concat([bytes.subarray(0, place.start), list, bytes.subarray(place.end)])
  }
  const text = bytes.toString('utf8')
  const json = listMembers(text).findLast(([name]) => name === FIELD)?.[1]
  if (!json?.startsWith('"')) return undefined
  const changes = [[FIELD, parseTagText(JSON.parse(json))]] as const
  changeColumns(builder, changes)
  return changeText(text, changes)
}

/** Whether a text is the row's own value in the column: behind the name may be that of an object within, where its own is spelt otherwise. */
function isSame(text: Buffer, column: StringColumn): boolean {
  const start = column.base + column.offsets[column.count - 1]!
  return text.equals(column.bytes.subarray(start, column.base + column.offsets[column.count]!))
}

/**
 * Finds the value behind the one place in a row where the field is named, without reading the row.
 *
 * @returns Where the text with its quotes is; undefined where it has escapes, is something else, or the name stands there again.
 */
function findValue(bytes: Buffer): { readonly start: number; readonly end: number } | 'list' | undefined {
  const first = bytes.indexOf(QUOTED_FIELD)
  if (first < 0 || bytes.indexOf(QUOTED_FIELD, first + 1) >= 0) return undefined
  let start = first + QUOTED_FIELD.length
  while (bytes[start] === SPACE || bytes[start] === COLON) start++
  if (bytes[start] === OPEN_BRACKET) return 'list'
  if (bytes[start] !== QUOTE) return undefined
  for (let end = start + 1; end < bytes.length; end++) {
    if (bytes[end] === BACKSLASH) return undefined
    if (bytes[end] === QUOTE) return { start, end: end + 1 }
  }
  return undefined
}

/**
 * Tags that stand in one text, told apart as Timesketch does it (20261014: lib/utils.py): a list of JSON, or commas between them; a dash,
 * which Plaso writes where there is none, is none. A list as Python prints it is one too.
 */
export function parseTagText(text: string): readonly string[] {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === '-') return []
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return splitTags(trimmed)
  try {
    const list: unknown = JSON.parse(trimmed)
    if (Array.isArray(list))
      return clean(list.map((tag) => (typeof tag === 'string' ? tag : JSON.stringify(tag))))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return clean(splitTags(trimmed.slice(1, -1)).map((tag) => tag.replace(/^(['"])(.*)\1$/s, '$2')))
}

function splitTags(text: string): readonly string[] {
  return clean(text.split(','))
}

function clean(tags: readonly string[]): readonly string[] {
  return [...new Set(tags.map((tag) => tag.trim()))].filter((tag) => tag !== '')
}
