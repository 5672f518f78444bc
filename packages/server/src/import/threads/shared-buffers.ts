import type { StretchBuffers } from '@timeskein/ingest'

/** Memory of stretches, shared with the threads that read them, which is used again. */
export class SharedBuffers implements StretchBuffers {
  readonly #maxKept: number
  #free: SharedArrayBuffer[] = []

  /** @param maxKept - How many are kept that nobody has. */
  constructor(maxKept: number) {
    this.#maxKept = maxKept
  }

  take(sizeBytes: number): SharedArrayBuffer {
    const at = this.#free.findIndex((buffer) => buffer.byteLength === sizeBytes)
    return at < 0 ? new SharedArrayBuffer(sizeBytes) : this.#free.splice(at, 1)[0]!
  }

  giveBack(buffer: SharedArrayBuffer): void {
    this.#free.push(buffer)
    if (this.#free.length > this.#maxKept) this.#free.shift()
  }

  /** Lets go of what nobody has. */
  clear(): void {
    this.#free = []
  }
}
