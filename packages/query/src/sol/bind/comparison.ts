import { isEventTime } from '../../dork/field-names.ts'
import { isDate, isNumber, type RangeEnds, rangeLeaf } from '../../dork/leaf.ts'
import { escapeWildcard } from '../../lucene/escape.ts'
import type { Query } from '../../query.ts'
import type { SolCompare, SolTextTest } from '../expression.ts'
import { isOfKind, type SolValue } from '../value.ts'

/** A field that is asked, and what `now` is for timespans that stand for a time. */
export interface AskedField {
  readonly name: string
  /** True for a field of stored events, whose dates are compared by the whole text (`.keyword`). */
  readonly isStored: boolean
  readonly nowMs: number
}

/** A field against a value; undefined for a value that no field can be compared with. */
export function compareField(
  field: AskedField,
  operator: SolCompare['operator'],
  value: SolValue,
  ignoreCase: boolean,
): Query | undefined {
  if (operator === '!=') {
    const equal = compareField(field, '==', value, ignoreCase)
    return equal && { kind: 'not', of: equal }
  }
  if (value === null) {
    if (operator !== '==') return { kind: 'none' }
    return { kind: 'not', of: { kind: 'exists', field: field.name } }
  }
  if (operator === '==') return equalField(field, value, ignoreCase)
  const end = endOf(value, field.nowMs)
  if (end === undefined) return undefined
  const ends: RangeEnds = { [END_NAMES[operator]]: end }
  return rangeField(field, ends, isNumber(end))
}

/** Both ends belong to the range. */
export function rangeOfField(field: AskedField, low: SolValue, high: SolValue): Query | undefined {
  if (low === null || high === null) return { kind: 'none' }
  const [gte, lte] = [endOf(low, field.nowMs), endOf(high, field.nowMs)]
  if (gte === undefined || lte === undefined) return undefined
  if (isNumber(gte) === isNumber(lte)) return rangeField(field, { gte, lte }, isNumber(gte))
  return { kind: 'none' }
}

/** A text at the beginning, at the end or anywhere in the value. */
export function testField(
  field: AskedField,
  how: SolTextTest['how'],
  value: SolValue,
  ignoreCase: boolean,
): Query | undefined {
  if (value === null) return { kind: 'none' }
  if (typeof value === 'object') return undefined
  const text = escapeWildcard(String(value))
  const pattern = `${how === 'startswith' ? '' : '*'}${text}${how === 'endswith' ? '' : '*'}`
  return wholeValue(field.name, pattern, ignoreCase)
}

const END_NAMES = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const

function equalField(field: AskedField, value: SolValue, ignoreCase: boolean): Query | undefined {
  if (typeof value === 'number') return rangeField(field, { gte: String(value), lte: String(value) }, true)
  if (typeof value === 'boolean') return wholeValue(field.name, String(value), true)
  if (typeof value === 'string') {
    if (isEventTime(field.name) && isDate(value)) return rangeField(field, { gte: value, lte: value }, false)
    return wholeValue(field.name, escapeWildcard(value), ignoreCase)
  }
  const end = endOf(value, field.nowMs)
  return end === undefined ? undefined : rangeField(field, { gte: end, lte: end }, false)
}

/** A value as the end of a range: a timespan alone is that long before now. */
function endOf(value: SolValue, nowMs: number): string | undefined {
  if (typeof value === 'number' || typeof value === 'string') return String(value)
  if (isOfKind(value, 'time')) return writeTime(value.ms)
  return isOfKind(value, 'timespan') ? writeTime(nowMs - value.ms) : undefined
}

/** ISO 8601 with milliseconds; undefined beyond the years that a date can have. */
function writeTime(ms: number): string | undefined {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function rangeField({ name, isStored }: AskedField, ends: RangeEnds, isNumeric: boolean): Query {
  if (isStored || isNumeric) return rangeLeaf(name, ends, isNumeric)
  return { kind: 'range', field: name, ...ends }
}

function wholeValue(field: string, pattern: string, caseInsensitive: boolean): Query {
  return { kind: 'wildcard', field, pattern, whole: true, caseInsensitive, anyType: true }
}
