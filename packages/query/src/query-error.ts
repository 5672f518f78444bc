/** A question that cannot be read. Carries where in it the trouble starts. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly code = 'bad-query'
  /** The question as it was asked. */
  readonly query: string
  /** Where the trouble starts: 1-based column, counted in UTF-16 units; 0 where the whole question is meant. */
  readonly column: number

  constructor(message: string, query: string, column: number, options?: ErrorOptions) {
    super(message, options)
    this.query = query
    this.column = column
  }
}

/** True for a `QueryError`, also one of another copy of this package. */
export function isQueryError(error: unknown): error is QueryError {
  return error instanceof Error && error.name === 'QueryError'
}
