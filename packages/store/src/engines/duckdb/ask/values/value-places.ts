import type { RowRange, ValueKind } from '../../../../value-reading.ts'
import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { column } from '../rows/value-rows.ts'

/** Values of one kind of a field, as SQL: a SELECT of `seq` and `value`, the latter as it is written. */
export interface ValuePlace {
  readonly kind: ValueKind
  readonly sql: string
  /** Of integers: the same with `value` as BIGINT. Writing a million of them takes longer than what is asked of them. */
  readonly integerSql?: string
}

const KINDS = { s: 'string', i: 'integer', r: 'real', b: 'boolean' } as const
/** A value of the `tall` table as text. */
const TALL_TEXT = {
  s: 'text',
  i: 'CAST(whole AS VARCHAR)',
  r: 'CAST(number AS VARCHAR)',
  b: `CASE WHEN whole = 0 THEN 'false' ELSE 'true' END`,
} as const

/** Kinds of values in `tall`, by the numbers that `TALL_VALUE_SQL` has for them. */
export const TALL_KINDS: readonly ValueKind[] = Object.values(KINDS)
/** Of rows of `tall`, those of texts too long for columns left out: the number of a value's kind, and the value as it is written. */
export const TALL_VALUE_SQL: string = writeTallValue()

function writeTallValue(): string {
  const letters = ['s', 'i', 'r', 'b'] as const
  const numbers = letters.map((letter, number) => `WHEN '${letter}' THEN ${number}`).join(' ')
  const texts = letters.map((letter) => `WHEN '${letter}' THEN ${TALL_TEXT[letter]}`).join(' ')
  return `(CASE kind ${numbers} END)::UTINYINT, CASE kind ${texts} END`
}

/** Where the values of a field stand; texts too long for columns are left out. */
export function listValuePlaces(
  { handle, kinds }: AskContext,
  entry: FieldEntry,
  range?: RowRange,
): readonly ValuePlace[] {
  const within = range ? ` AND seq >= ${range.start} AND seq < ${range.end}` : ''
  const places: ValuePlace[] = []
  for (const kind of ['s', 'i', 'r', 'b'] as const) {
    if (entry.wide.has(kind)) {
      const name = column(entry, kind)
      const value = kind === 's' ? name : `CAST(${name} AS VARCHAR)`
      const from = `FROM ${handle.schema}.wide WHERE ${name} IS NOT NULL${within}`
      const sql = `SELECT seq, ${value} AS value ${from}`
      const integer = kind === 'i' ? { integerSql: `SELECT seq, ${name} AS value ${from}` } : {}
      places.push({ kind: KINDS[kind], sql, ...integer })
    }
    if (kinds.get(entry.id)?.has(kind)) {
      const from = `FROM ${handle.schema}.tall WHERE field = ${entry.id} AND kind = '${kind}'${within}`
      const sql = `SELECT seq, ${TALL_TEXT[kind]} AS value ${from}`
      const integer = kind === 'i' ? { integerSql: `SELECT seq, whole AS value ${from}` } : {}
      places.push({ kind: KINDS[kind], sql, ...integer })
    }
  }
  return places
}
