import { Buffer } from 'node:buffer'
import { type ByteSource, fillFrom } from '../containers/byte-source.ts'
import type { DetectedEncoding } from './detect-encoding.ts'

/** Whole characters of UTF-16: none of its words is cut. */
const CHUNK_BYTES = 256 * 1024

/** What stands in a decoded text where bytes could not be decoded; texts of some encodings have the same character of their own. */
const REPLACEMENT = '\ufffd'
const OWN_REPLACEMENTS: Readonly<Record<string, Buffer>> = {
  'utf-16le': Buffer.from('fdff', 'hex'),
  'utf-16be': Buffer.from('fffd', 'hex'),
  gb18030: Buffer.from('8431a437', 'hex'),
  gbk: Buffer.from('8431a437', 'hex'),
}

/**
 * A source of UTF-8 without byte order mark, whatever the encoding of the bytes behind it.
 *
 * UTF-8 passes as it is, also where it is not valid. What cannot be decoded from other encodings becomes U+FFFD.
 */
export class DecodedSource implements ByteSource {
  readonly #source: ByteSource
  readonly #decoder: InstanceType<typeof TextDecoder> | undefined
  readonly #encoding: string
  #undecoded = 0
  #markBytes: number
  #text: Buffer = Buffer.alloc(0)
  #isEnded = false

  constructor(source: ByteSource, { encoding, markBytes }: DetectedEncoding) {
    this.#source = source
    this.#markBytes = markBytes
    this.#encoding = encoding
    if (encoding !== 'utf-8') this.#decoder = new TextDecoder(encoding, { ignoreBOM: true })
  }

  get truncation(): string | undefined {
    return this.#source.truncation
  }

  /** Characters of what was read that are none of the encoding; 0 of UTF-8, which passes as it is. */
  get undecodedCount(): number {
    return this.#undecoded
  }

  async read(target: Buffer, offset: number): Promise<number> {
    await this.#passMark()
    if (!this.#decoder) return this.#source.read(target, offset)
    while (this.#text.length === 0) {
      if (this.#isEnded) return 0
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
      const bytes = chunk.subarray(0, await fillFrom(this.#source, chunk))
      this.#isEnded = bytes.length === 0
      const text = this.#decoder.decode(bytes, { stream: !this.#isEnded })
      this.#undecoded += countReplacements(text, bytes, this.#encoding)
      this.#text = Buffer.from(text)
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

/** Replacements in a text that its bytes do not have themselves. */
function countReplacements(text: string, bytes: Buffer, encoding: string): number {
  let count = 0
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) count++
  const own = OWN_REPLACEMENTS[encoding]
  if (count === 0 || own === undefined) return count
  const isWord = own.length === 2
  for (let at = bytes.indexOf(own); at >= 0; at = bytes.indexOf(own, at + 1))
    if (!isWord || at % 2 === 0) count--
  return Math.max(0, count)
}
