import { toColumnText } from '../../table/cell.ts'
import type { ParquetColumn } from '../../table/parquet.ts'
import { type ExactJson, stringifyExactJson } from '../../transport/exact-json.ts'
import { readText, type WireRecord } from '../wire/record.ts'
import type { FoundEvent } from './page.ts'
import type { SearchQuestion } from './question.ts'

/** The last column: JSON of what has no column, or does not fit into it. */
export const OTHER_FIELDS = 'other_fields'

// What a server sends when no fields are asked for (2.11 of its API: default set), as it names them in answers.
const DEFAULT_FIELDS = [
  'datetime',
  'timestamp',
  'timestamp_desc',
  'message',
  'tag',
  'label',
  'comment',
  'similarity_score',
  'human_readable',
  '__ts_emojis',
  '__ts_timeline_id',
] as const
const FIRST_FIELDS = ['datetime', 'timestamp', 'timestamp_desc', 'message'] as const
const REFERENCE = ['_id', '_index'] as const

const PARQUET_TYPES: Readonly<Record<string, ParquetColumn['type']>> = {
  long: 'INT64',
  integer: 'INT64',
  float: 'DOUBLE',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
}

/**
 * The columns of a file, known before the first event: fields that were asked for, those a server takes by itself, or all that the
 * sketch has.
 *
 * @param mappings - `field` and `type` of the fields of the sketch.
 */
export function planColumns(
  question: SearchQuestion,
  mappings: readonly WireRecord[],
): readonly ParquetColumn[] {
  const types = new Map(mappings.map((field) => [readText(field, 'field'), readText(field, 'type')]))
  const asked = question.fields
  const fields = asked?.includes('*')
    ? [...FIRST_FIELDS, ...[...types.keys()].sort()]
    : asked
      ? [...new Set(['datetime', ...asked])]
      : DEFAULT_FIELDS
  const names = [...new Set([...fields, 'label', ...REFERENCE])].filter((name) => name !== '*')
  return names.map((name) => ({ name, type: PARQUET_TYPES[types.get(name) ?? ''] ?? 'STRING' }))
}

/**
 * Parts an event among columns; what is left is JSON for the last one.
 *
 * @param fit - The value as the column takes it; undefined when it does not.
 */
export function spreadEvent(
  event: FoundEvent,
  columns: readonly ParquetColumn[],
  places: ReadonlyMap<string, number>,
  fit: (value: ExactJson, column: ParquetColumn) => ExactJson | undefined,
): (ExactJson | undefined)[] {
  const cells: (ExactJson | undefined)[] = new Array(columns.length + 1).fill(undefined)
  const others: [string, ExactJson][] = []
  const all: WireRecord = { ...event.fields, _id: event.id, _index: event.index }
  for (const [name, value] of Object.entries(all)) {
    const place = places.get(name) ?? -1
    const column = columns[place]
    const fitted = column ? fit(value, column) : undefined
    if (fitted === undefined) others.push([name, value])
    else cells[place] = fitted
  }
  if (others.length > 0) cells[columns.length] = stringifyExactJson(Object.fromEntries(others))
  return cells
}

/** Cells of CSV: text as it is, lists of texts joined by commas as the server's own CSV has them, JSON for the rest. */
export function toCsvText(value: ExactJson | undefined): string {
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === 'string')
  return isTexts ? (value as readonly string[]).join(',') : toColumnText(value)
}
