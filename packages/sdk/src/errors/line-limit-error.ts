/** A line of an answer is longer than a program can take; asking for fewer events or fewer fields makes it shorter. */
export class LineLimitError extends Error {
  override readonly name = 'LineLimitError'
  readonly code = 'line-too-long'
  /** Characters (UTF-16 units) that a line may have. */
  readonly limit: number

  constructor(limit: number) {
    super(
      `a line of the server's answer may have ${limit} characters, found more: ask for fewer events at once, or for some of their fields`,
    )
    this.limit = limit
  }
}

/** True for a `LineLimitError`, also one of another copy of this package. */
export function isLineLimitError(error: unknown): error is LineLimitError {
  return error instanceof Error && error.name === 'LineLimitError'
}
