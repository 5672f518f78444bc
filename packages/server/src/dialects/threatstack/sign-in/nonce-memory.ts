/** Most that are kept: far more than the limit of requests lets anybody use. */
const MAX_KEPT = 1_000_000

/** Remembers what was used once, as long as it could be used again. */
export class NonceMemory {
  readonly #now: () => number
  readonly #lifeMs: number
  /** In the order they came. */
  readonly #usedAtMs = new Map<string, number>()

  /** @param now - Milliseconds. */
  constructor(now: () => number, lifeMs: number) {
    this.#now = now
    this.#lifeMs = lifeMs
  }

  /** True the first time; false while it is remembered, and when nothing more can be. */
  take(nonce: string): boolean {
    const nowMs = this.#now()
    for (const [old, usedAtMs] of this.#usedAtMs) {
      if (nowMs - usedAtMs <= this.#lifeMs) break
      this.#usedAtMs.delete(old)
    }
    if (this.#usedAtMs.has(nonce) || this.#usedAtMs.size >= MAX_KEPT) return false
    this.#usedAtMs.set(nonce, nowMs)
    return true
  }
}
