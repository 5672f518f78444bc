import { type TimeRange, toTimestamp } from '../../paging/time-input.ts'
import type { CallOptions } from './connection.ts'

/** One value, or several of which one is enough. */
export type MatchValue = string | number | boolean | readonly (string | number | boolean)[]

/** Which items of a list: those that fit in everything that is said. */
export interface ListFilter<Match extends string, Date extends string = never, Span extends string = never> {
  /** Exact and in its case; a value must not have a comma in it, which the platform reads as "or". */
  readonly match?: { readonly [Field in Match]?: MatchValue }
  /** None of these values. */
  readonly nomatch?: { readonly [Field in Match]?: MatchValue }
  /** Both ends belong to it. */
  readonly date?: { readonly [Field in Date]?: TimeRange }
  /** Smallest and largest value. */
  readonly range?: { readonly [Field in Span]?: readonly [min: number, max: number] }
}

/** How a list is asked for. */
export interface ListOptions extends CallOptions {
  /** Items of a page. @default the most that the platform gives */
  readonly pageSize?: number | undefined
  /** Items to skip. @default 0 */
  readonly offset?: number | undefined
  /** Name of a field. */
  readonly sort?: string | undefined
  readonly direction?: 'asc' | 'desc' | undefined
}

/** Parameters of a URL. */
export type ListQuery = Readonly<Record<string, string | number | boolean | undefined>>

/** A filter as parameters of a URL: `match[name]=a,b`. */
export function toListQuery(filter: ListFilter<string, string, string>): ListQuery {
  const query: Record<string, string> = {}
  for (const kind of ['match', 'nomatch'] as const)
    for (const [field, value] of Object.entries(filter[kind] ?? {}))
      if (value !== undefined) query[`${kind}[${field}]`] = toText(value)
  for (const [field, span] of Object.entries(filter.date ?? {}))
    if (span !== undefined)
      query[`date[${field}]`] = [span.start, span.end]
        .map((end) => (end === undefined ? '' : toTimestamp(end)))
        .join(',')
  for (const [field, span] of Object.entries(filter.range ?? {}))
    if (span !== undefined) query[`range[${field}]`] = span.join(',')
  return query
}

function toText(value: MatchValue): string {
  return typeof value === 'object' ? value.join(',') : String(value)
}
