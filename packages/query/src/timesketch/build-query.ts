import { parseDslQuery } from '../dsl/parse-dsl-query.ts'
import { parseSearchBody, type SearchBody } from '../dsl/parse-search-body.ts'
import type { Query } from '../query.ts'
import { simplify } from '../simplify.ts'
import { buildTimesketchBody } from './build-body.ts'
import type { TimesketchRequest } from './filter.ts'
import { parseWildcardQuery } from './parse-wildcard.ts'

/** A request with the fields of wildcard mode, if that is on. */
export interface TimesketchQueryRequest extends TimesketchRequest {
  /** Wildcard mode: the fields that have whole-value patterns; undefined is classic mode. */
  readonly wildcardFields?: readonly string[]
}

/** What a Timesketch request asks, ready for a store. */
export interface TimesketchQuery {
  readonly query: Query
  /** Hits wanted; undefined when not said (OpenSearch: 10). */
  readonly size: number | undefined
  readonly from: number
  /** Order of `datetime`, the sort of every request without a DSL of its own. */
  readonly order: 'asc' | 'desc'
  /** The whole body read: the DSL's own sort, source, aggregations. */
  readonly body: SearchBody
  /** Events asked for by id (`filter.events`), by index name; undefined otherwise. */
  readonly events: readonly { readonly id: string; readonly index: string }[] | undefined
}

/**
 * Reads a Timesketch request: query string or DSL, chips, page and order.
 *
 * @throws {QueryError} For a query, chip or DSL that cannot be read; in wildcard mode with Timesketch's own sentences.
 * @example buildTimesketchQuery({ queryString: 'user:admin', filter: { size: 40 }, sketchId: 1 })
 */
export function buildTimesketchQuery(request: TimesketchQueryRequest): TimesketchQuery {
  const fields = request.wildcardFields
  const text = fields === undefined ? undefined : (request.queryString ?? '').trim()
  const built = buildTimesketchBody(text === undefined ? request : { ...request, queryString: '' })
  const body = parseSearchBody(built)
  const isWildcard = text !== undefined && text !== '' && !request.dsl && !request.filter?.events?.length
  const parts = isWildcard ? [parseWildcardQuery(text, fields!), body.query] : [body.query]
  const events = request.dsl ? undefined : request.filter?.events
  return {
    query: dropRepeats(simplify({ kind: 'and', of: parts })),
    size: body.size,
    from: body.from,
    order: body.sort.find((key) => key.field === 'datetime')?.order ?? 'asc',
    body,
    events: events?.length ? events.map(({ event_id: id, index }) => ({ id, index })) : undefined,
  }
}

/** The body repeats labels and times after each chip; asking once is enough. */
function dropRepeats(query: Query): Query {
  if (query.kind !== 'and') return query
  const parts = new Map(query.of.map((part) => [JSON.stringify(part), part]))
  return simplify({ kind: 'and', of: [...parts.values()] })
}

/**
 * Narrows a query to timelines as Timesketch does: events of those timelines, and events of the same index without any
 * timeline id (lib/datastores/opensearch.py). No ids leave the query as it is.
 */
export function restrictToTimelines(query: Query, timelineIds: readonly number[]): Query {
  if (timelineIds.length === 0) return query
  const chosen = parseDslQuery({ terms: { __ts_timeline_id: timelineIds } })
  const legacy: Query = { kind: 'not', of: { kind: 'exists', field: '__ts_timeline_id' } }
  return simplify({ kind: 'and', of: [query, { kind: 'or', of: [chosen, legacy] }] })
}
