/** What so many bytes take in a batch's space, where everything begins at a multiple of eight. */
export function sizeIn(sizeBytes: number): number {
  return (sizeBytes + 7) & ~7
}

/**
 * One buffer for all columns of a batch. Hundreds of small buffers for each batch kept the collectors of both threads busier
 * than their work; and one is handed over at once.
 */
export class BatchSpace {
  readonly #buffer: ArrayBuffer
  #used = 0

  /** @param sizeBytes - All that will be copied, each array as `sizeIn` says. */
  constructor(sizeBytes: number) {
    this.#buffer = new ArrayBuffer(sizeBytes)
  }

  /** A copy of the first `count` numbers. */
  copyWords(source: Uint32Array, count: number): Uint32Array<ArrayBuffer> {
    const copy = new Uint32Array(this.#buffer, this.#take(count * 4), count)
    copy.set(source.subarray(0, count))
    return copy
  }

  /** A copy of the first `count` numbers. */
  copyDoubles(source: Float64Array, count: number): Float64Array<ArrayBuffer> {
    const copy = new Float64Array(this.#buffer, this.#take(count * 8), count)
    copy.set(source.subarray(0, count))
    return copy
  }

  /** A copy of the bytes from `start` to `end` (exclusive). */
  copyBytes(source: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(this.#buffer, this.#take(end - start), end - start)
    copy.set(source.subarray(start, end))
    return copy
  }

  #take(sizeBytes: number): number {
    const at = this.#used
    this.#used += sizeIn(sizeBytes)
    return at
  }
}
