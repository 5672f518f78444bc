/** A moment, as exact as it was written. */
export interface Instant {
  /** Whole seconds since 1970 in UTC, rounded down. */
  readonly seconds: number
  /** Digits of the second behind the point. */
  readonly fraction: string
}

/** What was written, or why it is no moment; empty where nothing more can be said. */
export type Reading = Instant | { readonly problem: string }
