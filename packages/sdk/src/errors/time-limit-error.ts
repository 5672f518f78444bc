/** Something took longer than the caller wanted to wait. Work that the server has begun may go on there. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
  readonly code = 'time-limit'
  /** The limit in milliseconds. */
  readonly limitMs: number
  /** Finds the request in the server's log; undefined when no answer had begun, or the server gave none. */
  readonly requestId: string | undefined
  /** What the caller can do about it. */
  readonly advice = 'Give a larger timeoutMs, or ask for less.'

  constructor(
    what: string,
    limitMs: number,
    options: ErrorOptions & { readonly requestId?: string | undefined } = {},
  ) {
    const { requestId, ...rest } = options
    super(`${what}: no end within ${limitMs} ms; give a larger timeoutMs, or ask for less`, rest)
    this.limitMs = limitMs
    this.requestId = requestId
  }
}

/** True for a `TimeLimitError`, also one of another copy of this package. */
export function isTimeLimitError(error: unknown): error is TimeLimitError {
  return error instanceof Error && error.name === 'TimeLimitError'
}
