import type { QueryOptions } from '../../../event-store.ts'

/** A request's own signal together with its time limit. Disposing stops the clock. */
export interface RequestSignals extends Disposable {
  /** Aborts for either reason. */
  readonly signal: AbortSignal | undefined
  /** Aborts when the time is up. */
  readonly limit: AbortSignal | undefined
}

/** Starts the clock of a request. */
export function startClock({ signal, timeLimitMs }: QueryOptions): RequestSignals {
  signal?.throwIfAborted()
  if (timeLimitMs === undefined) return { signal, limit: undefined, [Symbol.dispose]: () => {} }
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeLimitMs)
  const limit = controller.signal
  return {
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    limit,
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
