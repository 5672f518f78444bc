/** Most that are kept: far more than the limit of requests lets anybody use. */
const MAX_KEPT = 1_000_000
/** Most that are kept of one owner, so that nobody uses up what others need. */
const MAX_OF_ONE = 250_000

interface Use {
  readonly owner: string
  readonly atMs: number
}

/** Remembers what was used once, as long as it could be used again. */
export class NonceMemory {
  readonly #now: () => number
  readonly #lifeMs: number
  readonly #maxOfOne: number
  /** In the order they came. */
  readonly #uses = new Map<string, Use>()
  /** How many are kept of each owner. */
  readonly #counts = new Map<string, number>()

  /** @param now - Milliseconds. @param maxOfOne - Most that are kept of one owner. @default 250 000 */
  constructor(now: () => number, lifeMs: number, maxOfOne: number = MAX_OF_ONE) {
    this.#now = now
    this.#lifeMs = lifeMs
    this.#maxOfOne = maxOfOne
  }

  /** True the first time; false while it is remembered, and when nothing more can be, of this owner or of all. */
  take(owner: string, nonce: string): boolean {
    const nowMs = this.#now()
    for (const [old, use] of this.#uses) {
      if (nowMs - use.atMs <= this.#lifeMs) break
      this.#uses.delete(old)
      this.#count(use.owner, -1)
    }
    if (this.#uses.has(nonce) || this.#uses.size >= MAX_KEPT) return false
    if ((this.#counts.get(owner) ?? 0) >= this.#maxOfOne) return false
    this.#uses.set(nonce, { owner, atMs: nowMs })
    this.#count(owner, 1)
    return true
  }

  #count(owner: string, change: 1 | -1): void {
    const count = (this.#counts.get(owner) ?? 0) + change
    if (count === 0) this.#counts.delete(owner)
    else this.#counts.set(owner, count)
  }
}
