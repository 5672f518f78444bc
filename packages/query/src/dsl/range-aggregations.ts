import type { BucketRange, FiltersAggregation } from '../aggregation.ts'
import { resolveDate } from '../dates.ts'
import { MAX_CLAUSES } from '../limits.ts'
import type { Query } from '../query.ts'
import { checkKeys, describe, fail, type JsonObject, own, readObject, readText } from './json.ts'

/** `range` of OpenSearch 2.19: a bucket for each range of a number, by its begin and then its end. */
export function readRangeAggregation(body: JsonObject, path: string): FiltersAggregation {
  const { field, ranges } = readParts(body, path, [])
  if (field === 'datetime') fail(`${path}.field`, 'a number was expected, found a date; date_range takes it')
  return makeFilters(
    field,
    ranges.map(({ from, to, key, at }) => {
      const ends = named(readNumber(from, `${at}.from`), readNumber(to, `${at}.to`))
      return { key: key ?? `${writeDouble(ends.from)}-${writeDouble(ends.to)}`, ...ends, isDate: false }
    }),
  )
}

/** `date_range` of OpenSearch 2.19 over the event's time, the only date; with date maths. */
export function readDateRangeAggregation(body: JsonObject, path: string): FiltersAggregation {
  const { field, ranges } = readParts(body, path, ['time_zone'])
  if (field !== 'datetime')
    fail(`${path}.field`, `"datetime" was expected, the only date, found ${describe(field)}`)
  const zone = own(body, 'time_zone')
  if (zone !== undefined && zone !== null && zone !== 'UTC' && zone !== 'Z')
    fail(`${path}.time_zone`, `UTC was expected, found ${describe(zone)}`)
  const nowUs = BigInt(Date.now()) * 1000n
  return makeFilters(
    field,
    ranges.map(({ from, to, key, at }) => {
      const ends = named(readDate(from, nowUs, `${at}.from`), readDate(to, nowUs, `${at}.to`))
      return { key: key ?? `${writeDate(ends.from)}-${writeDate(ends.to)}`, ...ends, isDate: true }
    }),
  )
}

/** A moment as OpenSearch writes it. */
export function writeDate(ms: number | undefined): string {
  return ms === undefined ? '*' : new Date(ms).toISOString()
}

interface Range {
  readonly from: unknown
  readonly to: unknown
  readonly key: string | undefined
  readonly at: string
}

function readParts(
  body: JsonObject,
  path: string,
  more: readonly string[],
): { field: string; ranges: readonly Range[] } {
  checkKeys(body, ['field', 'ranges', ...more], path)
  const list = own(body, 'ranges')
  if (!Array.isArray(list) || list.length === 0)
    fail(`${path}.ranges`, `a list of ranges was expected, found ${describe(list)}`)
  if (list.length > MAX_CLAUSES)
    fail(`${path}.ranges`, `at most ${MAX_CLAUSES} ranges were expected, found ${list.length}`)
  const ranges = list.map((one: unknown, place): Range => {
    const at = `${path}.ranges[${place}]`
    const range = readObject(one, at)
    checkKeys(range, ['from', 'to', 'key'], at)
    const key = own(range, 'key') ?? undefined
    return {
      from: own(range, 'from') ?? undefined,
      to: own(range, 'to') ?? undefined,
      key: key === undefined ? undefined : readText(key, `${at}.key`),
      at,
    }
  })
  return { field: readText(own(body, 'field'), `${path}.field`), ranges }
}

function makeFilters(field: string, ranges: readonly BucketRange[]): FiltersAggregation {
  const ordered = ranges.toSorted(
    (a, b) =>
      compare(a.from ?? Number.NEGATIVE_INFINITY, b.from ?? Number.NEGATIVE_INFINITY) ||
      compare(a.to ?? Number.POSITIVE_INFINITY, b.to ?? Number.POSITIVE_INFINITY),
  )
  const queries = ordered.map(({ from, to }): Query => {
    if (from === undefined && to === undefined) return { kind: 'exists', field }
    return {
      kind: 'range',
      field,
      ...(from === undefined ? {} : { gte: from }),
      ...(to === undefined ? {} : { lt: to }),
    }
  })
  return { kind: 'filters', filters: Object.fromEntries(queries.entries()), ranges: ordered }
}

function readNumber(value: unknown, path: string): number | undefined {
  if (value === undefined) return undefined
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  return fail(path, `a number was expected, found ${describe(value)}`)
}

function readDate(value: unknown, nowUs: bigint, path: string): number | undefined {
  if (value === undefined) return undefined
  const isText = typeof value === 'string' || typeof value === 'number'
  const date = isText ? resolveDate(value, { roundUp: false, nowUs }) : undefined
  const ms = date && Number(date.us / 1000n)
  if (ms !== undefined && Math.abs(ms) <= 8.64e15) return ms
  return fail(
    path,
    `a date such as 2024-05-01, now-1d/d or 1714557600000 was expected, found ${describe(value)}`,
  )
}

function named(from: number | undefined, to: number | undefined): { from?: number; to?: number } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

/** A number as Java writes a double: `100.0`, `1.0E7`. */
function writeDouble(value: number | undefined): string {
  if (value === undefined) return '*'
  const size = Math.abs(value)
  if (value !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits, exponent] = value.toExponential().split('e')
    return `${digits!.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
