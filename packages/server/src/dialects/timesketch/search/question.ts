import { buildTimesketchQuery, isQueryError, type Query, type TimesketchQuery } from '@timeskein/query'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { parseJson } from '../../../json/read-json.ts'
import type { TimelineSelection } from '../../../services/explore/explore-service.ts'
import { abort } from '../errors.ts'
import { asObject, type Body, flag, text } from '../request.ts'
import { pythonJson } from '../wire/python-json.ts'
import { readReturnFields } from '../wire/return-fields.ts'

/** Most hits of one page, as OpenSearch's `index.max_result_window`; more come by scrolling. */
export const MAX_PAGE_SIZE = 10_000
/** Hits of a page when a request names no size (OpenSearch's own default). */
export const DEFAULT_PAGE_SIZE = 10

/** A search request made concrete (Timesketch 20261014: api/v1/resources/explore.py). */
export interface Question {
  readonly query: Query
  readonly selection: TimelineSelection
  readonly sort: 'asc' | 'desc'
  readonly size: number
  readonly from: number
  /** Wanted fields. */
  readonly fields: readonly string[]
  /** As it was written; null when there was none. */
  readonly queryString: string | null
  /** Filter and DSL as history and saved searches keep them. */
  readonly filterJson: string
  readonly dslJson: string
}

/**
 * Reads the body of a search.
 *
 * @param options.wildcard - Wildcard mode is meant whatever the body says.
 * @throws {WireError} 400 for a form that cannot be.
 * @throws {QueryError} For a question that cannot be read.
 */
export async function readQuestion(
  call: UserCall,
  sketchId: number,
  body: Body,
  options: { wildcard?: boolean } = {},
): Promise<Question> {
  const filter = readFilter(body)
  const useWildcard =
    options.wildcard === true || flag(body, 'use_wildcard_fields') || flag(filter, 'use_wildcard_fields')
  const queryString = text(body, 'query') ?? null
  const dsl = readDsl(body)
  const selection = readSelection(filter)
  const parts = { filter, queryString, dsl, useWildcard, selection }
  const asked = await compile(call, sketchId, parts)
  return {
    query: asked.body.postFilter ? { kind: 'and', of: [asked.query, asked.body.postFilter] } : asked.query,
    selection,
    sort: filter['order'] === 'desc' ? 'desc' : asked.order,
    size: checkSize('size', asked.size || DEFAULT_PAGE_SIZE),
    from: asked.from,
    fields: readReturnFields(body, filter),
    queryString,
    filterJson: pythonJson({ ...filter, use_wildcard_fields: useWildcard }),
    dslJson: dsl ? JSON.stringify(dsl) : '',
  }
}

/** The filter; JSON text of one is read too, though Timesketch fails over it. */
export function readFilter(body: Body): Body {
  const filter = body['filter']
  if (filter === undefined || filter === null || filter === '') return Object.create(null)
  const value = asObject(typeof filter === 'string' ? readJsonText(filter) : filter)
  return value ?? abort(400, 'Unable to explore data, unable to validate form data')
}

/** The DSL as an object; undefined when there is none. */
export function readDsl(body: Body): Body | undefined {
  const dsl = body['dsl']
  if (!dsl) return undefined
  let value = typeof dsl === 'string' ? readJsonText(dsl) : dsl
  // Saved searches keep JSON text of JSON text; the web page sends it back as it is.
  if (typeof value === 'string') value = value === '' ? undefined : readJsonText(value)
  if (value === undefined || value === null) return undefined
  return asObject(value) ?? abort(400, 'Unable to explore data, unable to validate form data')
}

/** Which timelines a filter means. */
export function readSelection(filter: Body): TimelineSelection {
  const indices = filter['indices']
  if (indices === undefined || indices === null || indices === '_all') return { entries: 'all' }
  const entries = (Array.isArray(indices) ? indices : [indices]).filter(
    (entry): entry is string | number => typeof entry === 'string' || typeof entry === 'number',
  )
  return { entries: entries.includes('_all') ? 'all' : entries }
}

interface Parts {
  readonly filter: Body
  readonly queryString: string | null
  readonly dsl: Body | undefined
  readonly useWildcard: boolean
  readonly selection: TimelineSelection
}

async function compile(call: UserCall, sketchId: number, parts: Parts): Promise<TimesketchQuery> {
  const request = {
    queryString: parts.queryString,
    filter: readNumbers(parts.filter),
    ...(parts.dsl ? { dsl: parts.dsl } : {}),
    sketchId,
  }
  if (!parts.useWildcard) return buildTimesketchQuery(request)
  const selection = { ...parts.selection, includeArchived: true }
  const fields = await call.services.explore.fields(call.principal, sketchId, selection)
  const wildcardFields = fields.filter((field) => field.kinds.includes('string')).map((field) => field.name)
  try {
    return buildTimesketchQuery({ ...request, wildcardFields })
  } catch (error) {
    // In this mode the sentences are Timesketch's own and stand alone.
    if (isQueryError(error)) abort(400, error.message)
    throw error
  }
}

/** Clients send numbers as digits too; an order that is neither is as if it were not there. */
function readNumbers(filter: Body): Body {
  const read = { ...filter }
  for (const name of ['size', 'from']) {
    const value = read[name]
    if (typeof value === 'string' && /^\d{1,15}$/.test(value)) read[name] = Number(value)
  }
  if (read['order'] !== 'asc' && read['order'] !== 'desc') delete read['order']
  return read
}

function checkSize(name: string, size: number): number {
  if (size <= MAX_PAGE_SIZE) return size
  return abort(
    400,
    `There was an issue with your search query: [illegal_argument_exception] Result window is too large, [${name}] must be less than or equal to: [${MAX_PAGE_SIZE}] but was [${size}]. See the scroll api for a more efficient way to request large data sets. Please review your query syntax and try again.`,
  )
}

function readJsonText(json: string): unknown {
  try {
    return parseJson(json)
  } catch (error) {
    if (isDomainError(error)) throw error
    return abort(400, 'Unable to explore data, unable to validate form data')
  }
}
