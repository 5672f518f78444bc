import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { ByteSource } from './byte-source.ts'

/** Bytes of one read of what nobody else has read. */
const REST_BYTES: number = 1024 * 1024
const FIRST_BYTES = 1024

/** A source that notes the SHA-256 of the bytes that go through it. */
export class HashingSource implements ByteSource {
  readonly #source: ByteSource
  readonly #hash = createHash('sha256')
  readonly #onRead: (bytesRead: number) => void

  /** @param onRead - Told of the bytes of each read. */
  constructor(source: ByteSource, onRead: (bytesRead: number) => void = () => {}) {
    this.#source = source
    this.#onRead = onRead
  }

  get truncation(): string | undefined {
    return this.#source.truncation
  }

  async read(target: Buffer, offset: number): Promise<number> {
    const size = await this.#source.read(target, offset)
    if (size > 0) {
      this.#hash.update(target.subarray(offset, offset + size))
      this.#onRead(size)
    }
    return size
  }

  /** Reads what is left and returns the SHA-256 of all, in lower-case hex. To be called once. */
  async finish(): Promise<string> {
    // Most often all has been read, and there is no need for room.
    let rest = Buffer.allocUnsafe(FIRST_BYTES)
    while ((await this.read(rest, 0)) > 0) if (rest.length < REST_BYTES) rest = Buffer.allocUnsafe(REST_BYTES)
    return this.#hash.digest('hex')
  }
}
