/** A server answered with something other than what its API says: another program may be listening there. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code = 'unexpected-answer'
  /** What was asked: method and path. */
  readonly request: string

  constructor(request: string, expected: string, found: string, options?: ErrorOptions) {
    super(`${request}: expected ${expected}, found ${found}`, options)
    this.request = request
  }
}

/** True for an `AnswerError`, also one of another copy of this package. */
export function isAnswerError(error: unknown): error is AnswerError {
  return error instanceof Error && error.name === 'AnswerError'
}
