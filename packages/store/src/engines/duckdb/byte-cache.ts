interface Entry<V> {
  readonly value: V
  readonly sizeBytes: number
  /** The move with which it became the newest one. */
  movedAt: number
}

/**
 * Keeps values up to a sum of bytes; those not asked for longest go first, but for the newer half of them, which nobody puts in
 * order: a question asks for a hundred values that were just asked for.
 */
export class ByteCache<K, V> {
  readonly #limitBytes: number
  /** The oldest first. */
  readonly #entries = new Map<K, Entry<V>>()
  #sizeBytes = 0
  #moves = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    // At most so many have become newer since.
    if (this.#moves - entry.movedAt >= this.#entries.size / 2) {
      this.#entries.delete(key)
      this.#entries.set(key, entry)
      entry.movedAt = ++this.#moves
    }
    return entry.value
  }

  /** Adds a value; one larger than the limit is not kept. */
  set(key: K, value: V, sizeBytes: number): void {
    this.delete(key)
    if (sizeBytes > this.#limitBytes) return
    this.#entries.set(key, { value, sizeBytes, movedAt: ++this.#moves })
    this.#sizeBytes += sizeBytes
    for (const oldest of this.#entries.keys()) {
      if (this.#sizeBytes <= this.#limitBytes) break
      this.delete(oldest)
    }
  }

  delete(key: K): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#sizeBytes -= entry.sizeBytes
  }

  deleteWhere(isStale: (key: K) => boolean): void {
    for (const key of this.#entries.keys()) if (isStale(key)) this.delete(key)
  }
}
