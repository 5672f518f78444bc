import type { QueryValues } from '../transport/transport.ts'

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call; an act that has reached the platform may have been done. */
  readonly signal?: AbortSignal | undefined
}

/** What every list takes. */
export interface ListOptions extends CallOptions {
  /** Items of one page; each list has its own maximum. @default the platform's maximum */
  readonly pageSize?: number | undefined
  /** Whose items: a UUID. @default the client's own organization and those below it */
  readonly organizationId?: string | undefined
}

/** Values of a list of options, without those that are for the client only. */
export function toValues(options: Readonly<Record<string, unknown>>): QueryValues {
  const { signal: _signal, pageSize: _pageSize, ...values } = options
  // Options of calls are texts, numbers, booleans and arrays of them.
  return values as QueryValues
}
