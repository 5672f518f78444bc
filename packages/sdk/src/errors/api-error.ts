/** A server's refusal or failure, with what a caller can act on. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status. */
  readonly status: number
  /** Stable word for scripts: `sketch-not-found`, `bad-query` …; `http-<status>` where the server gave none. */
  readonly code: string
  /** Finds the request in the server's log; undefined when the server gave none. */
  readonly requestId: string | undefined
  /** For a query that cannot be read: where in it, 1-based. */
  readonly column: number | undefined
  /** For a query that cannot be read: the query as it was asked. */
  readonly query: string | undefined
  /** What the caller can do about it; undefined where nothing general can be said. */
  readonly advice: string | undefined

  constructor(
    message: string,
    facts: {
      status: number
      code: string
      requestId?: string | undefined
      column?: number | undefined
      query?: string | undefined
      advice?: string | undefined
    },
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.status = facts.status
    this.code = facts.code
    this.requestId = facts.requestId
    this.column = facts.column
    this.query = facts.query
    this.advice = facts.advice
  }
}

/** True for an `ApiError`, also one of another copy of this package. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError'
}
