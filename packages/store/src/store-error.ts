/** What went wrong in a store, for callers to act on. */
export type StoreErrorCode =
  | 'no-index'
  | 'no-row'
  | 'bad-name'
  | 'in-use'
  | 'corrupt'
  /** The engine failed beyond repair in this instance; the next use opens it anew. */
  | 'gave-up'
  | 'wrong-format'
  | 'closed'
  | 'import-ended'
  | 'bad-batch'

/** A store cannot do what was asked. `code` says which kind of trouble; the message what was attempted and found. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** True for a `StoreError`, also one of another copy of this package. */
export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === 'StoreError'
}
