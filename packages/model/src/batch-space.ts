/** What so many bytes take in a space, where everything begins at a multiple of eight. */
export function sizeIn(sizeBytes: number): number {
  return (sizeBytes + 7) & ~7
}

/**
 * Memory for the arrays of batches, which lie in it one after the other: hundreds of small buffers for each batch kept the
 * collectors of all threads busier than their work.
 */
export class BatchSpace {
  readonly #makeBuffer: (sizeBytes: number) => ArrayBufferLike
  #buffer: ArrayBufferLike = new ArrayBuffer(0)
  #used = 0

  /** @param makeBuffer - Called for more than there is room for. @default the batch's own */
  constructor(
    makeBuffer: (sizeBytes: number) => ArrayBufferLike = (sizeBytes) => new ArrayBuffer(sizeBytes),
  ) {
    this.#makeBuffer = makeBuffer
  }

  /** Goes on at the beginning of a buffer, whose bytes may be anything. */
  enter(buffer: ArrayBufferLike): void {
    this.#buffer = buffer
    this.#used = 0
  }

  /** Makes room for arrays of so many bytes in all, each as `sizeIn` says, in one buffer. */
  reserve(sizeBytes: number): void {
    if (this.#buffer.byteLength - this.#used < sizeBytes) this.enter(this.#makeBuffer(sizeBytes))
  }

  /** Room for bytes, which may be anything at first. */
  takeBytes(sizeBytes: number): Uint8Array {
    const at = this.#take(sizeBytes)
    return new Uint8Array(this.#buffer, at, sizeBytes)
  }

  /** A copy of bytes. */
  copyBytes(source: Uint8Array): Uint8Array {
    const copy = this.takeBytes(source.length)
    copy.set(source)
    return copy
  }

  /** A copy of numbers. */
  copyShorts(source: Uint16Array): Uint16Array {
    const at = this.#take(source.byteLength)
    const copy = new Uint16Array(this.#buffer, at, source.length)
    copy.set(source)
    return copy
  }

  /** A copy of numbers. */
  copyWords(source: Uint32Array | Int32Array): Uint32Array {
    const at = this.#take(source.byteLength)
    const copy = new Uint32Array(this.#buffer, at, source.length)
    copy.set(source)
    return copy
  }

  /** A copy of numbers. */
  copyLongs(source: BigUint64Array): BigUint64Array {
    const at = this.#take(source.byteLength)
    const copy = new BigUint64Array(this.#buffer, at, source.length)
    copy.set(source)
    return copy
  }

  /** A copy of numbers. */
  copyDoubles(source: Float64Array): Float64Array {
    const at = this.#take(source.byteLength)
    const copy = new Float64Array(this.#buffer, at, source.length)
    copy.set(source)
    return copy
  }

  #take(sizeBytes: number): number {
    const size = sizeIn(sizeBytes)
    this.reserve(size)
    const at = this.#used
    this.#used += size
    return at
  }
}
