import type { Aggregations } from '../aggregation.ts'
import type { Query } from '../query.ts'
import {
  checkKeys,
  describe,
  fail,
  isObject,
  own,
  readInteger,
  readObject,
  readText,
  readTexts,
} from './json.ts'
import { parseAggregations } from './parse-aggregations.ts'
import { parseDslQuery } from './parse-dsl-query.ts'

/** One thing to sort by. */
export interface SortKey {
  /** Field name, or `_score` or `_doc`. */
  readonly field: string
  readonly order: 'asc' | 'desc'
  /** Where events without the field go. @default last */
  readonly missing: 'first' | 'last'
}

/** A search request (OpenSearch 2.19 `_search` body), read and checked. */
export interface SearchBody {
  /** Everything, when the body gives none. */
  readonly query: Query
  /** Hits wanted; undefined when not said (OpenSearch: 10). */
  readonly size: number | undefined
  /** Hits to leave out before the first. */
  readonly from: number
  readonly sort: readonly SortKey[]
  /** Patterns (`*`) of fields to return and to leave out, none meaning all and nothing; false for no source at all. */
  readonly source: false | { readonly includes: readonly string[]; readonly excludes: readonly string[] }
  /** Narrows the hits but not what aggregations count. */
  readonly postFilter: Query | undefined
  /** Exact total (true), none (false) or exact up to a number; undefined when not said (OpenSearch: 10,000). */
  readonly trackTotalHits: boolean | number | undefined
  /** Sort values of the hit after which to go on. */
  readonly searchAfter: readonly (string | number | boolean | null)[] | undefined
  readonly aggregations: Aggregations | undefined
  /** Keys of the body that were read and have no effect here. */
  readonly ignored: readonly string[]
}

const KEYS = ['query', 'size', 'from', 'sort', '_source', 'post_filter', 'track_total_hits', 'search_after']
const WITHOUT_EFFECT = [
  'explain',
  'highlight',
  'min_score',
  'preference',
  'profile',
  'seq_no_primary_term',
  'stats',
  'terminate_after',
  'timeout',
  'track_scores',
  'version',
]

/**
 * Reads a whole search body.
 *
 * @param body - Parsed JSON.
 * @throws {QueryError} With the JSON path and the names known there.
 */
export function parseSearchBody(body: unknown): SearchBody {
  const object = readObject(body, 'body')
  checkKeys(object, [...KEYS, 'aggs', 'aggregations', ...WITHOUT_EFFECT], 'body')
  const query = own(object, 'query')
  const postFilter = own(object, 'post_filter')
  const aggregations = own(object, 'aggs') ?? own(object, 'aggregations')
  return {
    query: query === undefined || query === null ? { kind: 'all' } : parseDslQuery(query),
    size: readInteger(own(object, 'size'), 'body.size', 0),
    from: readInteger(own(object, 'from'), 'body.from', 0) ?? 0,
    sort: readSort(own(object, 'sort'), 'body.sort'),
    source: readSource(own(object, '_source'), 'body._source'),
    postFilter:
      postFilter === undefined || postFilter === null ? undefined : parseDslQuery(postFilter, 'post_filter'),
    trackTotalHits: readTrackTotalHits(own(object, 'track_total_hits'), 'body.track_total_hits'),
    searchAfter: readSearchAfter(own(object, 'search_after'), 'body.search_after'),
    aggregations:
      aggregations === undefined || aggregations === null ? undefined : parseAggregations(aggregations),
    ignored: Object.keys(object).filter((key) => WITHOUT_EFFECT.includes(key)),
  }
}

function readSort(value: unknown, path: string): SortKey[] {
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? value : [value]
  return list.flatMap((one, index) => readSortKey(one, `${path}[${index}]`))
}

function readSortKey(value: unknown, path: string): SortKey[] {
  if (typeof value === 'string') {
    const [field, order] = value.split(':')
    return [makeSortKey(field!, order === 'asc' || order === 'desc' ? order : undefined, undefined, path)]
  }
  return Object.entries(readObject(value, path)).map(([field, given]) => {
    const at = `${path}.${field}`
    if (!isObject(given)) return makeSortKey(field, given, undefined, at)
    checkKeys(given, ['order', 'missing', 'unmapped_type', 'mode', 'format', 'numeric_type'], at)
    return makeSortKey(field, own(given, 'order'), own(given, 'missing'), at)
  })
}

function makeSortKey(field: string, order: unknown, missing: unknown, path: string): SortKey {
  const direction = order ?? (field === '_score' ? 'desc' : 'asc')
  if (direction !== 'asc' && direction !== 'desc') {
    return fail(path, `"asc" or "desc" was expected, found ${describe(direction)}`)
  }
  if (missing !== undefined && missing !== '_first' && missing !== '_last') {
    return fail(path, `"_first" or "_last" was expected for missing, found ${describe(missing)}`)
  }
  return { field, order: direction, missing: missing === '_first' ? 'first' : 'last' }
}

function readSource(value: unknown, path: string): SearchBody['source'] {
  if (value === undefined || value === null || value === true) return { includes: [], excludes: [] }
  if (value === false) return false
  if (!isObject(value)) return { includes: readTexts(value, path), excludes: [] }
  checkKeys(value, ['includes', 'include', 'excludes', 'exclude'], path)
  const read = (key: string) => readTexts(own(value, `${key}s`) ?? own(value, key) ?? [], `${path}.${key}s`)
  return { includes: read('include'), excludes: read('exclude') }
}

function readTrackTotalHits(value: unknown, path: string): boolean | number | undefined {
  if (typeof value === 'boolean') return value
  return readInteger(value, path, 0)
}

function readSearchAfter(value: unknown, path: string): SearchBody['searchAfter'] {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) return fail(path, `a list of sort values was expected, found ${describe(value)}`)
  return value.map((one, index) =>
    one === null || typeof one === 'number' || typeof one === 'boolean'
      ? one
      : readText(one, `${path}[${index}]`),
  )
}
