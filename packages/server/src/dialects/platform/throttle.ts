import type { Principal } from '../../auth/principal.ts'
import { DomainError } from '../../errors/domain-error.ts'

/** The window of limits by the minute. */
export const MINUTE_MS = 60_000
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

  /** Takes back the count of a request that was allowed: what is limited then is what is under way or was not taken back. */
  giveBack(caller: string): void {
    const window = this.#windows.get(caller)
    if (window && window.count > 0) window.count -= 1
  }
}

/** Who is counted: a key, or a user who came in without one. */
export function nameCaller({ apiKeyId, userId }: Principal): string {
  return `${apiKeyId ?? 'user'}/${userId}`
}

/** The refusal of a request beyond the limit of a minute: `too-many` (`rate-limited`, details.retryAfterSeconds). */
export function tooManyRequests({ requests, resetMs }: RateTicket): DomainError {
  const retryAfterSeconds = Math.ceil(resetMs / 1000)
  return new DomainError(
    'too-many',
    'rate-limited',
    `There may be ${requests} requests in a minute; try again in ${retryAfterSeconds} seconds.`,
    { details: { retryAfterSeconds, resetMs: Math.ceil(resetMs) } },
  )
}
