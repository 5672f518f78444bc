/** Bytes that grow at the end; `bytes` is replaced when it grows, so read it anew after `reserve`. */
export class ByteArena {
  bytes: Uint8Array<ArrayBuffer>
  length = 0

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes)
  }

  /** Makes sure that `extraBytes` more fit after `length`. What lies beyond `length` may be overwritten freely. */
  reserve(extraBytes: number): void {
    const wanted = this.length + extraBytes
    if (wanted <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(wanted, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /** The written bytes in a buffer of their own. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length)
  }
}

/** A copy of `array` with room for at least `length` elements, the new ones zero. */
export function growUint32(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(Math.max(length, array.length * 2))
  grown.set(array)
  return grown
}

/** Working memory of 32-bit numbers that is used again and again; what it holds at first is left from the last use. */
export class Scratch {
  #numbers = new Uint32Array(1024)

  /** Room for `length` numbers; what was taken before is no longer to be used. */
  take(length: number): Uint32Array<ArrayBuffer> {
    if (length > this.#numbers.length)
      this.#numbers = new Uint32Array(Math.max(length, this.#numbers.length * 2))
    return this.#numbers
  }

  /** The same, all zero. */
  takeZeros(length: number): Uint32Array<ArrayBuffer> {
    return this.take(length).fill(0, 0, length)
  }
}

/** Working memory of 64-bit numbers, likewise. */
export class Float64Scratch {
  #numbers = new Float64Array(1024)

  /** Room for `length` numbers; what was taken before is no longer to be used. */
  take(length: number): Float64Array<ArrayBuffer> {
    if (length > this.#numbers.length)
      this.#numbers = new Float64Array(Math.max(length, this.#numbers.length * 2))
    return this.#numbers
  }
}
