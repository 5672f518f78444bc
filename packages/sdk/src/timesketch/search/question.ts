import type { ExactJson } from '../../transport/exact-json.ts'
import { isRecord, readFlag, readJsonText, readRecords, readText, type WireRecord } from '../wire/record.ts'
import type { Chip } from './chips.ts'

/** Everything a search asks; never changed, always made anew. */
export interface SearchQuestion {
  /** OpenSearch's query string; undefined when `dsl` asks. */
  readonly query: string | undefined
  /** OpenSearch's query DSL; it takes the place of query and chips. */
  readonly dsl: WireRecord | undefined
  readonly chips: readonly Chip[]
  /** Names or ids of timelines; undefined for all of the sketch. */
  readonly timelines: readonly (string | number)[] | undefined
  /** Fields that events come with; undefined for those that the server takes; `*` for all. */
  readonly fields: readonly string[] | undefined
  readonly order: 'asc' | 'desc'
  /** Most events to come; undefined for all there are. */
  readonly limit: number | undefined
  /** Most events of one answer. */
  readonly pageSize: number
  /** Whole values are compared, with `*` and `?`, without regard to case. */
  readonly useWildcards: boolean
  /** Leave no trace in the search history. */
  readonly isIncognito: boolean
}

/** The most that a server gives at once (OpenSearch, `index.max_result_window`). */
export const MAX_PAGE_SIZE = 10_000

export const EMPTY_QUESTION: SearchQuestion = {
  query: undefined,
  dsl: undefined,
  chips: [],
  timelines: undefined,
  fields: undefined,
  order: 'asc',
  limit: undefined,
  pageSize: MAX_PAGE_SIZE,
  useWildcards: false,
  isIncognito: false,
}

/** The filter of a request; `search.py`, `query_filter`. */
export function toFilter(question: SearchQuestion): Record<string, unknown> {
  const size = Math.min(question.pageSize, question.limit ?? question.pageSize)
  return {
    size,
    terminate_after: size,
    indices: question.timelines ?? '_all',
    order: question.order,
    chips: question.chips,
    use_wildcard_fields: question.useWildcards,
  }
}

/** The body of a request to `explore/`. */
export function toSearchBody(question: SearchQuestion): Record<string, unknown> {
  return {
    query: question.query ?? (question.dsl === undefined ? '*' : ''),
    filter: toFilter(question),
    dsl: question.dsl ?? '',
    count: false,
    fields: toReturnFields(question.fields),
    enable_scroll: false,
    file_name: '',
    ...(question.isIncognito ? { incognito: true } : {}),
  }
}

/** `datetime` always comes along, as the Python client sees to it. */
function toReturnFields(fields: readonly string[] | undefined): string {
  if (fields === undefined) return ''
  return (fields.includes('*') ? fields : [...new Set([...fields, 'datetime'])]).join(',')
}

/**
 * The question that a stored search asks: a `view` or a `searchtemplate` of the wire. Its size is not taken over: it is how many
 * events a screen shows.
 */
export function readQuestion(record: WireRecord): SearchQuestion {
  const filter = toRecord(readJsonText(record, 'query_filter'))
  const fields = readRecords(filter, 'fields').map((field) => readText(field, 'field'))
  return {
    ...EMPTY_QUESTION,
    query: readText(record, 'query_string') || undefined,
    dsl: readDsl(record),
    chips: readRecords(filter, 'chips').map(toChip),
    timelines: readTimelines(filter),
    fields: fields.length > 0 ? fields : undefined,
    order: readText(filter, 'order') === 'desc' ? 'desc' : 'asc',
    useWildcards: readFlag(filter, 'use_wildcard_fields'),
  }
}

// The server stores what it was given as JSON in a text: a DSL that was a text already is encoded twice.
function readDsl(record: WireRecord): WireRecord | undefined {
  const once = readJsonText(record, 'query_dsl')
  const twice = typeof once === 'string' ? readJsonText({ once }, 'once') : once
  return isRecord(twice) && Object.keys(twice).length > 0 ? twice : undefined
}

function readTimelines(filter: WireRecord): readonly (string | number)[] | undefined {
  const indices = filter['indices']
  if (!Array.isArray(indices) || indices.length === 0 || indices.includes('_all')) return undefined
  return indices.filter((one) => typeof one === 'string' || typeof one === 'number')
}

function toChip(record: WireRecord): Chip {
  const operator = readText(record, 'operator')
  const value = record['value']
  return {
    type: readText(record, 'type'),
    field: readText(record, 'field'),
    value: typeof value === 'number' || typeof value === 'boolean' ? value : String(value ?? ''),
    operator: operator === 'must_not' || operator === 'should' ? operator : 'must',
    active: record['active'] !== false,
  }
}

function toRecord(value: ExactJson | undefined): WireRecord {
  return isRecord(value) ? value : {}
}
