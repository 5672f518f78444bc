import type { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import type { ByteSource } from './byte-source.ts'

/** A source whose content has to have the CRC-32 that was written down for it; `truncation` says so when it has another. */
export class CheckedSource implements ByteSource {
  readonly #source: ByteSource
  readonly #expected: number
  #found = 0
  #isEnded = false

  /** @param expected - CRC-32 of all bytes of the source, unsigned. */
  constructor(source: ByteSource, expected: number) {
    this.#source = source
    this.#expected = expected
  }

  get truncation(): string | undefined {
    const { truncation } = this.#source
    if (truncation !== undefined || !this.#isEnded || this.#found === this.#expected) return truncation
    return `the content is damaged: expected the CRC-32 ${toHex(this.#expected)}, found ${toHex(this.#found)}`
  }

  async read(target: Buffer, offset: number): Promise<number> {
    const size = await this.#source.read(target, offset)
    if (size > 0) this.#found = crc32(target.subarray(offset, offset + size), this.#found)
    else this.#isEnded = true
    return size
  }
}

function toHex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}
