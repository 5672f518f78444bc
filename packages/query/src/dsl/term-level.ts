import { resolveDate } from '../dates.ts'
import { escapeWildcard } from '../lucene/escape.ts'
import { isWholeField } from '../lucene/leaf.ts'
import { findRegexpFault } from '../lucene/regexp.ts'
import type { Fuzzy, Query } from '../query.ts'
import { findTimeZone } from '../time-zone.ts'
import { readFormattedDate } from './date-format.ts'
import {
  anyOf,
  checkKeys,
  countClauses,
  type DslContext,
  describe,
  fail,
  isObject,
  type JsonObject,
  own,
  readBoolean,
  readField,
  readInteger,
  readObject,
  readText,
  readTexts,
} from './json.ts'

/** `term`: `{field: value}` or `{field: {value, case_insensitive}}`. */
export function readTerm(body: unknown, path: string): Query {
  const { field, value, path: at } = readField(body, path)
  const options = readOptions(value, at, ['value', 'case_insensitive', 'boost', '_name'])
  const caseInsensitive = readBoolean(own(options, 'case_insensitive'), `${at}.case_insensitive`) ?? false
  return makeTerm(field, readValue(own(options, 'value'), at), caseInsensitive, at)
}

/** `terms`: `{field: [value, …]}`. */
export function readTerms(body: unknown, path: string, context: DslContext): Query {
  const { field, value, path: at } = readField(body, path)
  if (!Array.isArray(value)) return fail(at, `a list of values was expected, found ${describe(value)}`)
  countClauses(context, value.length, at)
  if (field === '_id') return { kind: 'ids', values: readTexts(value, at) }
  if (value.length === 0) return { kind: 'none' }
  return anyOf(
    value.map((one, index) => makeTerm(field, readValue(one, `${at}[${index}]`), false, `${at}[${index}]`)),
  )
}

/** `ids`: `{values: [id, …]}`. */
export function readIds(body: unknown, path: string): Query {
  const object = readObject(body, path)
  checkKeys(object, ['values', 'boost', '_name', 'type'], path)
  return { kind: 'ids', values: readTexts(own(object, 'values') ?? [], `${path}.values`) }
}

/** `exists`: `{field}`. */
export function readExists(body: unknown, path: string): Query {
  const object = readObject(body, path)
  checkKeys(object, ['field', 'boost', '_name'], path)
  return { kind: 'exists', field: readText(own(object, 'field'), `${path}.field`) }
}

const PATTERN_KEYS = [
  'value',
  'wildcard',
  'case_insensitive',
  'boost',
  '_name',
  'rewrite',
  'flags',
  'max_determinized_states',
]

/** `wildcard`: `{field: pattern}` or `{field: {value, case_insensitive}}`. */
export function readWildcard(body: unknown, path: string): Query {
  const { field, text, caseInsensitive } = readPattern(body, path)
  return { kind: 'wildcard', field, pattern: text, whole: isWholeField(field), caseInsensitive }
}

/** `prefix`, in the same forms. */
export function readPrefix(body: unknown, path: string): Query {
  const { field, text, caseInsensitive } = readPattern(body, path)
  const pattern = `${escapeWildcard(text)}*`
  return { kind: 'wildcard', field, pattern, whole: isWholeField(field), caseInsensitive }
}

/** `regexp`, in the same forms. */
export function readRegexp(body: unknown, path: string): Query {
  const { field, text, caseInsensitive } = readPattern(body, path)
  const fault = findRegexpFault(text)
  if (fault)
    fail(`${path}.${field}`, `in the regular expression at column ${fault.offset + 1}, ${fault.sentence}`)
  return { kind: 'regexp', field, pattern: text, caseInsensitive }
}

/** `fuzzy`: `{field: text}` or `{field: {value, fuzziness, prefix_length}}`. */
export function readFuzzy(body: unknown, path: string): Query {
  const { field, value, path: at } = readField(body, path)
  const known = [
    'value',
    'fuzziness',
    'prefix_length',
    'max_expansions',
    'transpositions',
    'rewrite',
    'boost',
    '_name',
  ]
  const options = readOptions(value, at, known)
  const text = readText(own(options, 'value'), `${at}.value`)
  const distance = readFuzziness(own(options, 'fuzziness') ?? 'AUTO', text, `${at}.fuzziness`)
  const prefixLength = readInteger(own(options, 'prefix_length'), `${at}.prefix_length`, 0) ?? 0
  return { kind: 'fuzzy', field, text, distance, prefixLength }
}

/** `0`, `1`, `2`, `AUTO` or `AUTO:low,high` (1 edit from `low` characters, 2 from `high`). */
export function readFuzziness(value: unknown, text: string, path: string): Fuzzy['distance'] {
  const spec = readText(value, path).toUpperCase()
  if (spec === 'AUTO') return 'auto'
  const limits = /^AUTO:(\d{1,9}),(\d{1,9})$/.exec(spec)
  if (limits !== null) {
    const length = [...text].length
    return length < Number(limits[1]) ? 0 : length < Number(limits[2]) ? 1 : 2
  }
  if (/^\d+(\.\d+)?$/.test(spec)) return Math.min(2, Math.trunc(Number(spec))) as 0 | 1 | 2
  return fail(path, `0, 1, 2 or AUTO was expected, found ${describe(value)}`)
}

/** The name of a zone or an offset that we know; undefined for nothing. */
export function readTimeZone(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null) return undefined
  const name = readText(value, path)
  if (findTimeZone(name) !== undefined) return name
  return fail(path, `an offset or a zone such as Europe/Berlin was expected, found ${describe(value)}`)
}

const RANGE_KEYS = [
  'gte',
  'gt',
  'lte',
  'lt',
  'from',
  'to',
  'include_lower',
  'include_upper',
  'format',
  'time_zone',
  'relation',
  'boost',
  '_name',
]

/** `range`: `{field: {gte, gt, lte, lt, from, to, include_lower, include_upper, format, time_zone}}`. */
export function readRange(body: unknown, path: string): Query {
  const { field, value, path: at } = readField(body, path)
  const options = readObject(value, at)
  checkKeys(options, RANGE_KEYS, at)
  const format = own(options, 'format')
  const end = (key: string) => readEnd(own(options, key), format, `${at}.${key}`)
  const zone = own(options, 'time_zone')
  const includeLower = readBoolean(own(options, 'include_lower'), `${at}.include_lower`) ?? true
  const includeUpper = readBoolean(own(options, 'include_upper'), `${at}.include_upper`) ?? true
  const ends = {
    ...named(includeLower ? 'gte' : 'gt', end('from')),
    ...named(includeUpper ? 'lte' : 'lt', end('to')),
    ...named('gte', end('gte')),
    ...named('gt', end('gt')),
    ...named('lte', end('lte')),
    ...named('lt', end('lt')),
  }
  if (Object.keys(ends).length === 0) return { kind: 'exists', field }
  const timeZone = readTimeZone(zone, `${at}.time_zone`)
  for (const [key, text] of Object.entries(ends)) checkDate(field, text, `${at}.${key}`)
  return { kind: 'range', field, ...ends, ...(timeZone !== undefined && { timeZone }) }
}

/** The event's time is a date in every event, so that text which is none can only be a slip. */
export function checkDate(field: string | undefined, value: unknown, path: string): void {
  if (field !== 'datetime') return
  const isText = typeof value === 'string' || typeof value === 'number'
  if (isText && resolveDate(value, { roundUp: false, nowUs: 0n }) !== undefined) return
  fail(
    path,
    `a date such as 2024-05-01T10:00:00, now-1d or 1714557600000 was expected, found ${describe(value)}`,
  )
}

function named(key: 'gte' | 'gt' | 'lte' | 'lt', value: string | number | undefined): object {
  return value === undefined ? {} : { [key]: value }
}

function readEnd(value: unknown, format: unknown, path: string): string | number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number' && typeof value !== 'string') {
    return fail(path, `a number or text was expected, found ${describe(value)}`)
  }
  if (format === undefined || format === null) return value
  const date = readFormattedDate(String(value), readText(format, `${path.replace(/\.[^.]*$/, '')}.format`))
  return date ?? fail(path, `a date of the form ${describe(format)} was expected, found ${describe(value)}`)
}

function readPattern(body: unknown, path: string): { field: string; text: string; caseInsensitive: boolean } {
  const { field, value, path: at } = readField(body, path)
  const options = readOptions(value, at, PATTERN_KEYS)
  const text = readText(own(options, 'value') ?? own(options, 'wildcard'), `${at}.value`)
  const caseInsensitive = readBoolean(own(options, 'case_insensitive'), `${at}.case_insensitive`) ?? false
  return { field, text, caseInsensitive }
}

function readOptions(value: unknown, path: string, known: readonly string[]): JsonObject {
  if (!isObject(value)) return { value }
  checkKeys(value, known, path)
  return value
}

function readValue(value: unknown, path: string): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return fail(path, `text, a number, true or false was expected, found ${describe(value)}`)
}

function makeTerm(
  field: string,
  value: string | number | boolean,
  caseInsensitive: boolean,
  path: string,
): Query {
  if (field === '_id') return { kind: 'ids', values: [String(value)] }
  checkDate(field, value, path)
  return { kind: 'term', field, value, ...(caseInsensitive ? { caseInsensitive } : {}) }
}
