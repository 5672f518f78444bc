/** Callers whose counts are kept; the one whose window began first gives way. */
const MAX_CALLERS = 10_000

/** How often something may be done. */
export interface RateLimit {
  readonly requests: number
  readonly windowMs: number
}

/** What became of one request. */
export interface RateTicket extends RateLimit {
  readonly isAllowed: boolean
  /** Requests that are left in this window, after this one. */
  readonly remaining: number
  /** Until the next window. */
  readonly resetMs: number
}

/** Counts requests by caller in windows that begin with the caller's first request. Nothing is kept over a restart. */
export class Throttle {
  readonly #now: () => number
  readonly #windows = new Map<string, { startMs: number; count: number }>()

  /** @param now - Milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts a request, also one that is refused: it costs nothing then. */
  take(caller: string, limit: RateLimit): RateTicket {
    const nowMs = this.#now()
    let window = this.#windows.get(caller)
    if (!window || nowMs - window.startMs >= limit.windowMs || nowMs < window.startMs) {
      this.#windows.delete(caller)
      window = { startMs: nowMs, count: 0 }
      this.#windows.set(caller, window)
      if (this.#windows.size > MAX_CALLERS) this.#windows.delete(this.#windows.keys().next().value ?? '')
    }
    const isAllowed = window.count < limit.requests
    if (isAllowed) window.count += 1
    return {
      ...limit,
      isAllowed,
      remaining: Math.max(0, limit.requests - window.count),
      resetMs: window.startMs + limit.windowMs - nowMs,
    }
  }
}
