/** What every call takes. */
export interface CallOptions {
  /** Aborts the call; an act that has reached the platform may have been done. */
  readonly signal?: AbortSignal | undefined
}
