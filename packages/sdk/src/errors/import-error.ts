/** An import that stopped before its end. What had been settled is in `checkpoint`, from where it can go on. */
export class ImportError<Checkpoint = unknown, Account = unknown> extends Error {
  override readonly name = 'ImportError'
  readonly code = 'import-stopped'
  /** Given as `resume`, the import goes on after what was settled. */
  readonly checkpoint: Checkpoint
  /**
   * Rows of the last chunk when nobody knows whether the server has stored them; 0 when it is known that it has not. Going on sends
   * them again: look first whether they are there.
   */
  readonly uncertainRows: number
  /** Of the rows that are settled: how many were sent, and which were rejected; undefined for a file that was sent as it is. */
  readonly account: Account | undefined

  constructor(
    checkpoint: Checkpoint,
    facts: { settledRows: number; uncertainRows: number; account?: Account },
    options: ErrorOptions,
  ) {
    const { settledRows, uncertainRows } = facts
    const cause = options.cause instanceof Error ? options.cause.message : String(options.cause)
    const doubt =
      uncertainRows === 0
        ? 'the next ones were not stored'
        : `it is not known whether the next ${uncertainRows} were stored: count the events of the timeline before going on`
    super(`the import stopped after ${settledRows} rows; ${doubt} (${cause})`, options)
    this.checkpoint = checkpoint
    this.uncertainRows = uncertainRows
    this.account = facts.account
  }
}

/** True for an `ImportError`, also one of another copy of this package. */
export function isImportError(error: unknown): error is ImportError {
  return error instanceof Error && error.name === 'ImportError'
}
