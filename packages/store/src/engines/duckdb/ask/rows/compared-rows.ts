import type { FieldComparison } from '@timeskein/query'
import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { listValuePlaces, type ValuePlace } from '../values/value-places.ts'
import { querySeqs, type SeqList, uniteSeqs } from './seq-list.ts'
import { findLong } from './value-rows.ts'

/** Integers of so many signs are the same in columns and as what `JSON.parse` makes of them. */
const MAX_EXACT_SIGNS = 15

/** By how texts are compared, as SQL. */
const COMPARE: Readonly<Record<FieldComparison['how'], (text: string, other: string) => string>> = {
  equal: (text, other) => `${text} = ${other}`,
  startswith: (text, other) => `starts_with(${text}, ${other})`,
  endswith: (text, other) => `suffix(${text}, ${other})`,
  contains: (text, other) => `contains(${text}, ${other})`,
}

/**
 * Rows that may answer a comparison of two fields, told by their columns: all that do are there. What columns do not tell for
 * certain (texts that are too long for them, letter case beyond ASCII, how a fraction is written) counts as an answer.
 */
export async function findMaybeAlike(
  field: FieldEntry,
  other: FieldEntry,
  { how, caseInsensitive }: FieldComparison,
  context: AskContext,
): Promise<SeqList> {
  const fold = (name: string): string => (caseInsensitive ? `lower(${name}.value)` : `${name}.value`)
  const long = uniteSeqs(await findLong(context, field), await findLong(context, other))
  const [rows, otherRows] = [field, other].map((entry) => listRows(listValuePlaces(context, entry)))
  if (!rows || !otherRows) return long
  const sql = `SELECT seq FROM (${rows}) AS a JOIN (${otherRows}) AS b USING (seq)
    WHERE NOT a.is_sure OR NOT b.is_sure OR ${COMPARE[how](fold('a'), fold('b'))}`
  return uniteSeqs(long, await querySeqs(context.handle, sql, [], context.signal))
}

/** SQL of `seq`, `value` and whether its text in lower case is what `String(value).toLowerCase()` says; empty without places. */
function listRows(places: readonly ValuePlace[]): string {
  return places
    .map(({ kind, sql }) => `SELECT seq, value, ${SURE[kind]} AS is_sure FROM (${sql})`)
    .join(' UNION ALL ')
}

const SURE: Readonly<Record<ValuePlace['kind'], string>> = {
  string: 'strlen(value) = length(value)',
  integer: `length(value) <= ${MAX_EXACT_SIGNS}`,
  real: 'FALSE',
  boolean: 'TRUE',
}
