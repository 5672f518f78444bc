/** Keeps values up to a sum of bytes; the ones not asked for longest go first. */
export class ByteCache<K, V> {
  readonly #limitBytes: number
  readonly #entries = new Map<K, { readonly value: V; readonly sizeBytes: number }>()
  #sizeBytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** Adds a value; one larger than the limit is not kept. */
  set(key: K, value: V, sizeBytes: number): void {
    this.delete(key)
    if (sizeBytes > this.#limitBytes) return
    this.#entries.set(key, { value, sizeBytes })
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
