import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import { readMoment } from './read-moment.ts'

/** What a list can be narrowed by, and how much of it comes at once. */
export interface ListRules {
  /** Of `match` and of `nomatch`. */
  readonly match?: readonly string[]
  readonly date?: readonly string[]
  readonly range?: readonly string[]
  readonly sort?: readonly string[]
  readonly defaultLimit: number
  /** More is not given, whatever is asked for. */
  readonly maxLimit: number
}

/** What somebody wants of a list. */
export interface ListRequest {
  /** Field -> values of which one must be there. */
  readonly match: ReadonlyMap<string, readonly string[]>
  readonly nomatch: ReadonlyMap<string, readonly string[]>
  /** Field -> first and last moment, microseconds since 1970; both belong to it, and either may be open. */
  readonly date: ReadonlyMap<string, readonly [from: bigint | undefined, to: bigint | undefined]>
  readonly range: ReadonlyMap<string, readonly [min: number | undefined, max: number | undefined]>
  readonly limit: number
  readonly offset: number
  readonly sort: string | undefined
  readonly direction: 'asc' | 'desc'
}

type Values = Readonly<Record<string, unknown>>

/** Largest place in a list. */
const MAX_COUNT = 999_999_999

/** Names of the parameters that narrow a list, and the rules that say which fields they have. */
const NARROWING = { match: 'match', nomatch: 'match', date: 'date', range: 'range' } as const
/** A parameter that names a field; `filter` is a word of the platform's page that no list of its API knows. */
const FIELD_PARAMETER = /^(?:match|nomatch|date|range|filter)\[.*\]$/s

const ONCE = z.string({ error: 'it was expected once' }).optional()
const ONCE_WITH_VALUES = z
  .string({ error: 'it was expected once; several values stand in one, with commas between them' })
  .optional()

/** Names of the parameters by which pages are asked for. */
const PAGE_PARAMETERS = ['limit', 'offset', 'page', 'sort', 'direction'] as const

/**
 * The schema of a list's parameters, for the route and the API's document. Values are read by `readListRequest`, which is told of those
 * that are not in it too, to refuse them.
 */
export function listSchema(
  rules: ListRules,
  more: Readonly<Record<string, z.ZodType>> = {},
): z.ZodObject<Record<string, z.ZodType>, z.core.$loose> {
  const names = [...listNarrowing(rules), ...PAGE_PARAMETERS]
  return z.looseObject({
    ...Object.fromEntries(names.map((name) => [name, /^(no)?match/.test(name) ? ONCE_WITH_VALUES : ONCE])),
    ...more,
  })
}

/**
 * Reads a list's parameters, `match[name]=a,b` and the like. An empty value asks for nothing, whatever the field.
 *
 * @throws {DomainError} `invalid` (`unknown-field`, `bad-time`, `bad-time-range`, `bad-number`, `bad-range`).
 */
export function readListRequest(query: Values, rules: ListRules, nowMs: number): ListRequest {
  refuseUnknownFields(query, rules)
  const limit = Math.min(readCount(query, 'limit', 1) ?? rules.defaultLimit, rules.maxLimit)
  const page = readCount(query, 'page', 1)
  const sort = readText(query, 'sort')
  return {
    match: readFields(query, 'match', rules.match, splitValues),
    nomatch: readFields(query, 'nomatch', rules.match, splitValues),
    date: readFields(query, 'date', rules.date, (text, name) => readDates(text, name, nowMs)),
    range: readFields(query, 'range', rules.range, readRange),
    limit,
    offset: readCount(query, 'offset', 0) ?? (page === undefined ? 0 : (page - 1) * limit),
    sort: sort !== undefined && rules.sort?.includes(sort) ? sort : undefined,
    direction: readText(query, 'direction') === 'desc' ? 'desc' : 'asc',
  }
}

function listNarrowing(rules: ListRules): readonly string[] {
  return Object.entries(NARROWING).flatMap(([kind, of]) =>
    (rules[of] ?? []).map((field) => `${kind}[${field}]`),
  )
}

function refuseUnknownFields(query: Values, rules: ListRules): void {
  const known = new Set(listNarrowing(rules))
  const unknown = Object.keys(query).find(
    (name) => FIELD_PARAMETER.test(name) && !known.has(name) && query[name] !== '',
  )
  if (unknown === undefined) return
  const takes = [
    ['match[…] and nomatch[…] take', rules.match],
    ['date[…] takes', rules.date],
    ['range[…] takes', rules.range],
  ] as const
  const parts = takes.flatMap(([kind, fields]) => (fields ? [`${kind} ${fields.join(', ')}`] : []))
  throw invalid(
    'unknown-field',
    `This list cannot be narrowed by ${unknown.slice(0, 64)}: ${parts.join('; ') || 'it takes no parameters of fields'}.`,
  )
}

function readFields<Value>(
  query: Values,
  kind: string,
  fields: readonly string[] = [],
  read: (text: string, name: string) => Value,
): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>()
  for (const field of fields) {
    const name = `${kind}[${field}]`
    const text = readText(query, name)
    if (text !== undefined) found.set(field, read(text, name))
  }
  return found
}

function readText(query: Values, name: string): string | undefined {
  const value = query[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function readCount(query: Values, name: string, least: number): number | undefined {
  const text = readText(query, name)
  if (text === undefined) return undefined
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= least && count <= MAX_COUNT) return count
  throw badNumber(name, `a whole number from ${least} to ${MAX_COUNT}`, text)
}

/** A name may have a comma in it: the text as a whole is one of its values too. */
function splitValues(text: string): readonly string[] {
  const values = text.split(',')
  return values.length > 1 ? [...values, text] : values
}

/** Reads both ends; one that is left out is open. */
function readDates(
  text: string,
  name: string,
  nowMs: number,
): readonly [bigint | undefined, bigint | undefined] {
  const [start, end] = splitEnds(text, name)
  const from = start === '' ? undefined : readMoment(start, name, nowMs)
  const to = end === '' ? undefined : readMoment(end, name, nowMs)
  // Whoever asks for what is new until `now` may have a clock that is ahead of this one: there is nothing yet.
  if (from !== undefined && to !== undefined && to < from && end !== 'now')
    throw reversed('bad-time-range', text, name)
  return [from, to]
}

function readRange(text: string, name: string): readonly [number | undefined, number | undefined] {
  const read = (end: string): number | undefined => {
    if (end === '') return undefined
    const number = Number(end)
    if (Number.isFinite(number)) return number
    throw badNumber(name, 'two numbers, such as 80,100', text)
  }
  const [start, end] = splitEnds(text, name)
  const [min, max] = [read(start), read(end)]
  if (min !== undefined && max !== undefined && max < min) throw reversed('bad-range', text, name)
  return [min, max]
}

function splitEnds(text: string, name: string): readonly [start: string, end: string] {
  const [start = '', end = '', ...more] = text.split(',').map((part) => part.trim())
  if (more.length === 0) return [start, end]
  throw invalid(
    'bad-range',
    `${name} cannot be read: a first and a last value with one comma between them were expected, found ${quote(text)}.`,
  )
}

function reversed(code: string, text: string, name: string): Error {
  return invalid(
    code,
    `${name} ends before it begins: the lesser value was expected first, found ${quote(text)}.`,
  )
}

function badNumber(name: string, expected: string, found: string): Error {
  return invalid('bad-number', `${name} cannot be read: ${expected} expected, found ${quote(found)}.`)
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64))
}
