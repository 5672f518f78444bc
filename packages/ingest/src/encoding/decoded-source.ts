import { Buffer } from 'node:buffer'
import { type ByteSource, fillFrom } from '../containers/byte-source.ts'
import type { DetectedEncoding } from './detect-encoding.ts'

/** Whole characters of UTF-16: none of its words is cut. */
const CHUNK_BYTES = 256 * 1024

/** Bytes of a unit of UTF-16. */
const WORD_BYTES = 2

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
  readonly #replacements: ReplacementCounter
  #undecoded = 0
  #markBytes: number
  #text: Buffer = Buffer.alloc(0)
  #isEnded = false

  constructor(source: ByteSource, { encoding, markBytes }: DetectedEncoding) {
    this.#source = source
    this.#markBytes = markBytes
    this.#replacements = new ReplacementCounter(encoding)
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
      this.#undecoded += this.#replacements.count(text, bytes)
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

/** Counts the replacements in a text, given in chunks, that its bytes do not have themselves. */
class ReplacementCounter {
  readonly #own: Buffer | undefined
  /** The last bytes of the chunks before: one of the text's own may begin there. */
  #edge: Buffer = Buffer.alloc(0)

  constructor(encoding: string) {
    this.#own = OWN_REPLACEMENTS[encoding]
  }

  /** @param bytes - Of the chunk that became `text`. */
  count(text: string, bytes: Buffer): number {
    let count = 0
    for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) count++
    const own = this.#own
    if (own === undefined) return count
    const onEdge = this.#countOnEdge(bytes, own)
    return count === 0 ? 0 : Math.max(0, count - onEdge - countIn(bytes, own))
  }

  /** Those that begin in the chunks before. */
  #countOnEdge(bytes: Buffer, own: Buffer): number {
    // No word of UTF-16 is cut.
    if (own.length === WORD_BYTES) return 0
    const size = own.length - 1
    const around = Buffer.concat([this.#edge, bytes.subarray(0, size)])
    this.#edge = Buffer.concat([this.#edge, bytes.subarray(-size)]).subarray(-size)
    return countIn(around, own)
  }
}

function countIn(bytes: Buffer, own: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(own); at >= 0; at = bytes.indexOf(own, at + 1))
    if (own.length !== WORD_BYTES || at % WORD_BYTES === 0) count++
  return count
}
