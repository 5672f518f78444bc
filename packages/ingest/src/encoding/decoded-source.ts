import { Buffer } from 'node:buffer'
import type { ByteSource } from '../containers/byte-source.ts'
import type { DetectedEncoding } from './detect-encoding.ts'

const CHUNK_BYTES = 256 * 1024

/**
 * A source of UTF-8 without byte order mark, whatever the encoding of the bytes behind it.
 *
 * UTF-8 passes as it is, also where it is not valid. What cannot be decoded from other encodings becomes U+FFFD.
 */
export class DecodedSource implements ByteSource {
  readonly #source: ByteSource
  readonly #decoder: InstanceType<typeof TextDecoder> | undefined
  #markBytes: number
  #text: Buffer = Buffer.alloc(0)
  #isEnded = false

  constructor(source: ByteSource, { encoding, markBytes }: DetectedEncoding) {
    this.#source = source
    this.#markBytes = markBytes
    if (encoding !== 'utf-8') this.#decoder = new TextDecoder(encoding, { ignoreBOM: true })
  }

  get truncation(): string | undefined {
    return this.#source.truncation
  }

  async read(target: Buffer, offset: number): Promise<number> {
    await this.#passMark()
    if (!this.#decoder) return this.#source.read(target, offset)
    while (this.#text.length === 0) {
      if (this.#isEnded) return 0
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
      const size = await this.#source.read(chunk, 0)
      this.#isEnded = size === 0
      this.#text = Buffer.from(this.#decoder.decode(chunk.subarray(0, size), { stream: size > 0 }))
    }
    const size = this.#text.copy(target, offset)
    this.#text = this.#text.subarray(size)
    return size
  }

  async #passMark(): Promise<void> {
    while (this.#markBytes > 0) {
      const size = await this.#source.read(Buffer.allocUnsafe(this.#markBytes), 0)
      if (size === 0) return
      this.#markBytes -= size
    }
  }
}
