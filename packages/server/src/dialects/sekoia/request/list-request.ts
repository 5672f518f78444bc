import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import { readMoment } from './read-moment.ts'

/** What a list can be narrowed by, and how much of it comes at once. */
export interface ListRules {
  readonly match?: readonly string[]
  readonly nomatch?: readonly string[]
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

/** Names of the parameters by which pages are asked for. */
const PAGE_PARAMETERS = ['limit', 'offset', 'page', 'sort', 'direction'] as const

/** The schema of a list's parameters, for the route and the API's document. Values are read by `readListRequest`. */
export function listSchema(
  rules: ListRules,
  more: Readonly<Record<string, z.ZodType>> = {},
): z.ZodObject<Record<string, z.ZodType>> {
  const names = [
    ...(['match', 'nomatch', 'date', 'range'] as const).flatMap((kind) =>
      (rules[kind] ?? []).map((field) => `${kind}[${field}]`),
    ),
    ...PAGE_PARAMETERS,
  ]
  return z.object({ ...Object.fromEntries(names.map((name) => [name, z.string().optional()])), ...more })
}

/**
 * Reads a list's parameters, `match[name]=a,b` and the like. A field that nobody knows is passed over, as the platform does; an empty
 * value asks for nothing.
 *
 * @throws {DomainError} `invalid` (`bad-time`, `bad-number`).
 */
export function readListRequest(query: Values, rules: ListRules, nowMs: number): ListRequest {
  const limit = Math.min(readCount(query, 'limit', 1) ?? rules.defaultLimit, rules.maxLimit)
  const page = readCount(query, 'page', 1)
  const sort = readText(query, 'sort')
  return {
    match: readFields(query, 'match', rules.match, splitValues),
    nomatch: readFields(query, 'nomatch', rules.nomatch, splitValues),
    date: readFields(query, 'date', rules.date, (text, name) => readDates(text, name, nowMs)),
    range: readFields(query, 'range', rules.range, readRange),
    limit,
    offset: readCount(query, 'offset', 0) ?? (page === undefined ? 0 : (page - 1) * limit),
    sort: sort !== undefined && rules.sort?.includes(sort) ? sort : undefined,
    direction: readText(query, 'direction') === 'desc' ? 'desc' : 'asc',
  }
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

function readDates(
  text: string,
  name: string,
  nowMs: number,
): readonly [bigint | undefined, bigint | undefined] {
  const [from = '', to = ''] = text.split(',')
  const read = (end: string): bigint | undefined =>
    end.trim() === '' ? undefined : readMoment(end, name, nowMs)
  return [read(from), read(to)]
}

function readRange(text: string, name: string): readonly [number | undefined, number | undefined] {
  const [min = '', max = ''] = text.split(',')
  const read = (end: string): number | undefined => {
    if (end.trim() === '') return undefined
    const number = Number(end)
    if (Number.isFinite(number)) return number
    throw badNumber(name, 'two numbers, such as 80,100', text)
  }
  return [read(min), read(max)]
}

function badNumber(name: string, expected: string, found: string): Error {
  return invalid(
    'bad-number',
    `${name} cannot be read: ${expected} expected, found ${JSON.stringify(found.slice(0, 64))}.`,
  )
}
