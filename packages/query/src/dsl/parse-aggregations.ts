import type { Aggregation, Aggregations, MetricAggregation, TermsAggregation } from '../aggregation.ts'
import { MAX_AGGREGATIONS, MAX_CLAUSES, MAX_NESTING_DEPTH } from '../limits.ts'
import type { Query } from '../query.ts'
import { readCalendarInterval, readFixedInterval, readLegacyInterval } from './interval.ts'
import {
  checkKeys,
  describe,
  fail,
  isObject,
  type JsonObject,
  own,
  readInteger,
  readObject,
  readText,
  readTexts,
} from './json.ts'
import { parseDslQuery } from './parse-dsl-query.ts'
import { readDateRangeAggregation, readRangeAggregation } from './range-aggregations.ts'

/**
 * Reads `aggs` of a search body (OpenSearch 2.19). How an answer is written (`format`, `keyed`) is not kept here.
 *
 * @param value - Parsed JSON: an object of aggregations by name.
 * @throws {QueryError} With the JSON path and the names known there.
 */
export function parseAggregations(value: unknown, path = 'aggs'): Aggregations {
  const found = countAggregations(value)
  if (found > MAX_AGGREGATIONS) {
    fail(path, `at most ${MAX_AGGREGATIONS} aggregations were expected, found ${found}`)
  }
  return readAggregations(value, path, 0)
}

type ReadAggregation = (body: JsonObject, path: string) => Aggregation

const READERS: ReadonlyMap<string, ReadAggregation> = new Map<string, ReadAggregation>([
  ['terms', readTerms],
  ['date_histogram', readDateHistogram],
  ['auto_date_histogram', readAutoDateHistogram],
  ['histogram', readHistogram],
  ['filters', readFilters],
  ['filter', (_body, path) => fail(path, 'a query was expected')],
  ['range', readRangeAggregation],
  ['date_range', readDateRangeAggregation],
  ['global', readGlobal],
  ['missing', (body, path) => ({ kind: 'missing', field: readFieldName(body, path, []) })],
  ...(['min', 'max', 'avg', 'sum', 'stats', 'extended_stats', 'cardinality', 'value_count'] as const).map(
    (kind) => [kind, (body: JsonObject, path: string) => readMetric(kind, body, path)] as const,
  ),
])

/** Aggregations of every level, whatever they are; those below a level that is none are not there. */
function countAggregations(value: unknown): number {
  let count = 0
  for (let level = [value], depth = 0; level.length > 0 && depth <= MAX_NESTING_DEPTH; depth += 1) {
    const bodies = level.filter(isObject).flatMap((one) => Object.values(one))
    count += bodies.length
    level = bodies.filter(isObject).map((body) => own(body, 'aggs') ?? own(body, 'aggregations'))
  }
  return count
}

function readAggregations(value: unknown, path: string, depth: number): Aggregations {
  if (depth > MAX_NESTING_DEPTH) fail(path, `aggregations are nested more than ${MAX_NESTING_DEPTH} deep`)
  const result: Record<string, Aggregation> = Object.create(null)
  for (const [name, body] of Object.entries(readObject(value, path))) {
    result[name] = readAggregation(body, `${path}.${name}`, depth)
  }
  return result
}

function readAggregation(value: unknown, path: string, depth: number): Aggregation {
  const { aggs, aggregations, meta, ...rest } = readObject(value, path)
  const kinds = Object.keys(rest)
  const kind = kinds[0]
  if (kinds.length !== 1 || kind === undefined) {
    return fail(
      path,
      `one kind of aggregation was expected, found ${kinds.length} (${kinds.slice(0, 5).join(', ')})`,
    )
  }
  const at = `${path}.${kind}`
  if (kind === 'global' && depth > 0)
    fail(at, 'an aggregation of the first level was expected, found one in a bucket')
  const read = READERS.get(kind)
  if (read === undefined) {
    const known = [...READERS.keys()].join(', ')
    return fail(at, `the aggregation "${kind.slice(0, 60)}" is not known; known are ${known}`)
  }
  const found: Aggregation =
    kind === 'filter'
      ? { kind: 'filters', filters: nameFilters([['filter', parseDslQuery(rest[kind], at)]]), single: true }
      : read(readObject(rest[kind], at), at)
  const inner = aggs ?? aggregations
  if (inner === undefined || inner === null) return found
  const parts = readAggregations(inner, `${path}.${aggs === undefined ? 'aggregations' : 'aggs'}`, depth + 1)
  if (Object.keys(parts).length === 0) return found
  if (isMetric(found)) return fail(path, `a ${found.kind} aggregation has no buckets to aggregate in`)
  return { ...found, aggregations: parts }
}

function isMetric(aggregation: Aggregation): aggregation is MetricAggregation {
  return ![
    'terms',
    'date_histogram',
    'auto_date_histogram',
    'histogram',
    'filters',
    'missing',
    'global',
  ].includes(aggregation.kind)
}

function readGlobal(body: JsonObject, path: string): Aggregation {
  checkKeys(body, [], path)
  return { kind: 'global' }
}

function readFieldName(body: JsonObject, path: string, others: readonly string[]): string {
  checkKeys(body, ['field', ...others], path)
  return readText(own(body, 'field'), `${path}.field`)
}

function readMetric(kind: MetricAggregation['kind'], body: JsonObject, path: string): MetricAggregation {
  return {
    kind,
    field: readFieldName(body, path, ['precision_threshold', 'execution_hint', 'format', 'value_type']),
  }
}

const TERMS_KEYS = [
  'size',
  'order',
  'min_doc_count',
  'include',
  'exclude',
  'shard_size',
  'shard_min_doc_count',
]
const TERMS_WITHOUT_EFFECT = [
  'show_term_doc_count_error',
  'execution_hint',
  'collect_mode',
  'format',
  'value_type',
]

function readTerms(body: JsonObject, path: string): TermsAggregation {
  const field = readFieldName(body, path, [...TERMS_KEYS, ...TERMS_WITHOUT_EFFECT])
  const include = own(body, 'include')
  const exclude = own(body, 'exclude')
  return {
    kind: 'terms',
    field,
    size: readInteger(own(body, 'size'), `${path}.size`, 1) ?? 10,
    order: readOrder(own(body, 'order'), `${path}.order`),
    minCount: readInteger(own(body, 'min_doc_count'), `${path}.min_doc_count`, 0) ?? 1,
    ...(include === undefined ? {} : { include: readChoice(include, `${path}.include`) }),
    ...(exclude === undefined ? {} : { exclude: readChoice(exclude, `${path}.exclude`) }),
  }
}

function readChoice(value: unknown, path: string): string | readonly string[] {
  return typeof value === 'string' ? value : readTexts(value, path)
}

/** One order, or a list whose second one says no more than what happens anyway: equal counts by ascending key. */
function readOrder(value: unknown, path: string): TermsAggregation['order'] {
  if (value === undefined || value === null) return { by: '_count', direction: 'desc' }
  const [first, ...others] = Array.isArray(value) ? value : [value]
  if (others.length > 0 && JSON.stringify(others) !== '[{"_key":"asc"}]') {
    fail(path, `one order was expected, found ${describe(value)}`)
  }
  const order = readObject(first, path)
  const [key, direction] = Object.entries(order)[0] ?? []
  const by = key === '_term' ? '_key' : key
  if ((by !== '_count' && by !== '_key') || (direction !== 'asc' && direction !== 'desc')) {
    return fail(
      path,
      `{"_count" or "_key": "asc" or "desc"} was expected, found ${JSON.stringify(order).slice(0, 80)}`,
    )
  }
  return { by, direction }
}

const DATE_KEYS = ['calendar_interval', 'fixed_interval', 'interval', 'time_zone', 'min_doc_count']
const DATE_WITHOUT_EFFECT = ['format', 'keyed', 'missing', 'extended_bounds']

function readDateHistogram(body: JsonObject, path: string): Aggregation {
  const field = readFieldName(body, path, [...DATE_KEYS, ...DATE_WITHOUT_EFFECT, 'offset', 'order'])
  checkBucketOrder(own(body, 'order'), `${path}.order`)
  const calendar = own(body, 'calendar_interval')
  const fixed = own(body, 'fixed_interval')
  const legacy = own(body, 'interval')
  if ([calendar, fixed, legacy].filter((one) => one !== undefined).length !== 1) {
    fail(path, 'one of calendar_interval, fixed_interval and interval was expected')
  }
  if (!['0', '0s', '+0s', '0ms', 0, undefined].includes(own(body, 'offset') as string | number | undefined)) {
    fail(`${path}.offset`, 'an offset is not supported')
  }
  const zone = own(body, 'time_zone')
  return {
    kind: 'date_histogram',
    field,
    interval:
      calendar !== undefined
        ? readCalendarInterval(calendar, `${path}.calendar_interval`)
        : fixed !== undefined
          ? readFixedInterval(fixed, `${path}.fixed_interval`)
          : readLegacyInterval(legacy, `${path}.interval`),
    minCount: readInteger(own(body, 'min_doc_count'), `${path}.min_doc_count`, 0) ?? 0,
    ...(zone === undefined || zone === null ? {} : { timeZone: readText(zone, `${path}.time_zone`) }),
  }
}

/** Buckets of a histogram stand by ascending key; another order is refused rather than passed over. */
function checkBucketOrder(order: unknown, path: string): void {
  if (order === undefined || order === null || JSON.stringify(order) === '{"_key":"asc"}') return
  fail(path, `{"_key":"asc"} was expected, found ${describe(order)}`)
}

function readAutoDateHistogram(body: JsonObject, path: string): Aggregation {
  const field = readFieldName(body, path, ['buckets', 'format', 'time_zone', 'missing'])
  const zone = own(body, 'time_zone')
  if (zone !== undefined && zone !== null && zone !== 'UTC' && zone !== 'Z') {
    fail(`${path}.time_zone`, `UTC was expected, found ${describe(zone)}`)
  }
  return {
    kind: 'auto_date_histogram',
    field,
    buckets: readInteger(own(body, 'buckets'), `${path}.buckets`, 1) ?? 10,
  }
}

function readHistogram(body: JsonObject, path: string): Aggregation {
  const field = readFieldName(body, path, ['interval', 'min_doc_count', 'format', 'keyed', 'order'])
  checkBucketOrder(own(body, 'order'), `${path}.order`)
  const interval = Number(own(body, 'interval'))
  if (!(interval > 0 && Number.isFinite(interval))) {
    fail(`${path}.interval`, `a number above 0 was expected, found ${describe(own(body, 'interval'))}`)
  }
  const minCount = readInteger(own(body, 'min_doc_count'), `${path}.min_doc_count`, 0) ?? 0
  return { kind: 'histogram', field, interval, minCount }
}

function readFilters(body: JsonObject, path: string): Aggregation {
  checkKeys(body, ['filters', 'other_bucket', 'other_bucket_key', 'keyed'], path)
  const given = own(body, 'filters')
  const list = Array.isArray(given) ? given.map((one, index) => [String(index), one] as const) : undefined
  const entries = list ?? Object.entries(isObject(given) ? given : readObject(given, `${path}.filters`))
  if (entries.length > MAX_CLAUSES) fail(`${path}.filters`, `there are more than ${MAX_CLAUSES} filters`)
  const named = entries.map(
    ([name, one]) => [name, parseDslQuery(one, `${path}.filters.${name}`)] as [string, Query],
  )
  const otherKey = own(body, 'other_bucket_key')
  if (own(body, 'other_bucket') === true || otherKey !== undefined) {
    const others: Query = { kind: 'not', of: { kind: 'or', of: named.map(([, query]) => query) } }
    const fallback = list === undefined ? '_other_' : String(named.length)
    named.push([otherKey === undefined ? fallback : readText(otherKey, `${path}.other_bucket_key`), others])
  }
  const filters = nameFilters(named)
  return list === undefined ? { kind: 'filters', filters } : { kind: 'filters', filters, anonymous: true }
}

function nameFilters(named: readonly (readonly [string, Query])[]): Readonly<Record<string, Query>> {
  const filters: Record<string, Query> = Object.create(null)
  for (const [name, query] of named) filters[name] = query
  return filters
}
