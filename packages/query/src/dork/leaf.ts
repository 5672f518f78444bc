import { escapeWildcard } from '../lucene/escape.ts'
import { isWordless } from '../lucene/leaf.ts'
import type { Query, Range } from '../query.ts'
import { networkLeaf } from './address-range.ts'
import { isEventTime } from './field-names.ts'

/** The field of long text, in which words and phrases are found inside; every other field is compared as a whole. */
const TEXT_FIELD = 'message'

/** A word or phrase with escapes resolved. */
export interface LiteralText {
  readonly text: string
  /** The same as a wildcard pattern; differs from the escaped text where the writer put `*` or `?`. */
  readonly pattern: string
  readonly hasWildcards: boolean
}

/** The question of one word or phrase; no field means all of them. Texts are compared in any case. */
export function textLeaf(field: string | undefined, { text, pattern, hasWildcards }: LiteralText): Query {
  if (hasWildcards && /^\*+$/.test(pattern))
    return field === undefined ? { kind: 'all' } : { kind: 'exists', field }
  if (field === undefined || field === TEXT_FIELD) {
    if (hasWildcards) return { kind: 'wildcard', field, pattern, whole: false, caseInsensitive: true }
    if (isWordless(TEXT_FIELD, text)) return wholeValue(field, `*${pattern}*`)
    return { kind: 'phrase', field, text, slop: 0 }
  }
  if (hasWildcards) return wholeValue(field, pattern)
  if (field === '_id') return { kind: 'ids', values: [text] }
  if (isEventTime(field) && isDate(text)) return { kind: 'range', field, gte: text, lte: text }
  const exact = wholeValue(field, pattern)
  const members = networkLeaf(field, text)
  return members ? { kind: 'or', of: [exact, members] } : exact
}

/** A word or phrase without wildcards. */
export function plainText(text: string): LiteralText {
  return { text, pattern: escapeWildcard(text), hasWildcards: false }
}

/** True for a date as ISO 8601 writes it, or one that is reckoned from `now`. */
export function isDate(text: string): boolean {
  return /^(\d{4}-\d\d(-\d\d([T ].*)?)?$|now([+-/]|$))/.test(text)
}

/** True for a number as people write it. */
export function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)
}

/** Ends of a range as written; one that is left out is open. */
export type RangeEnds = Partial<Record<'gt' | 'gte' | 'lt' | 'lte', string>>

/**
 * Values between two ends. Dates of other fields than the event's time are texts, whose order is that of the times when they are
 * written alike.
 */
export function rangeLeaf(field: string, ends: RangeEnds, isNumeric: boolean): Range {
  if (isEventTime(field)) return { kind: 'range', field, ...ends }
  if (isNumeric) return { kind: 'range', field, ...ends, anyType: true }
  return { kind: 'range', field: `${field}.keyword`, ...ends }
}

/** Held against the whole value of any JSON type, in any case. */
function wholeValue(field: string | undefined, pattern: string): Query {
  return { kind: 'wildcard', field, pattern, whole: true, caseInsensitive: true, anyType: true }
}
