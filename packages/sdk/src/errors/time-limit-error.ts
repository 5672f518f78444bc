/** Something took longer than the caller wanted to wait. Work that the server has begun may go on there. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
  readonly code = 'time-limit'
  /** The limit in milliseconds. */
  readonly limitMs: number

  constructor(what: string, limitMs: number, options?: ErrorOptions) {
    super(`${what}: no end within ${limitMs} ms; give a larger timeoutMs, or ask for less`, options)
    this.limitMs = limitMs
  }
}

/** True for a `TimeLimitError`, also one of another copy of this package. */
export function isTimeLimitError(error: unknown): error is TimeLimitError {
  return error instanceof Error && error.name === 'TimeLimitError'
}
