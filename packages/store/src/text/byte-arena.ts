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
