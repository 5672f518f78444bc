/** One condition of Timesketch's filter bar. */
export interface Chip {
  readonly type: string
  readonly field?: string
  readonly value?: unknown
  readonly operator?: string
  /** @default true */
  readonly active?: boolean
}

/** The `filter` object of an explore request, as far as it asks something (Timesketch 20261014: api/v1/resources/explore.py). */
export interface TimesketchFilter {
  readonly size?: unknown
  readonly from?: unknown
  readonly order?: unknown
  readonly chips?: readonly Chip[] | null
  readonly events?: readonly { readonly event_id: string; readonly index: string }[] | null
  readonly [key: string]: unknown
}

/** What a Timesketch client asks for. */
export interface TimesketchRequest {
  readonly queryString?: string | null
  readonly filter?: TimesketchFilter | null
  /** A search body, as an object or as JSON text; given and not empty, it replaces query string and chips. */
  readonly dsl?: unknown
  readonly sketchId: number
}

/** True for what Python holds true. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}
