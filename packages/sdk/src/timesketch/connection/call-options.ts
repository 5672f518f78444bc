/** What every call takes. */
export interface CallOptions {
  /** Aborts the call. What the server has begun may go on there; an act that has reached it may have been done. */
  readonly signal?: AbortSignal | undefined
  /**
   * Milliseconds until the call fails with a `TimeLimitError`: from its sending to the end of the answer with all tries, for a
   * stream until it begins and then between two of its parts. `Infinity` for no limit.
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined
}
