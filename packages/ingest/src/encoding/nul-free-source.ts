import { Buffer } from 'node:buffer'
import type { ByteSource } from '../containers/byte-source.ts'

const LINE_END = 0x0a
/** NULs in a line that are passed on; more are no one's text. */
const MAX_NULS_IN_LINE = 64 * 1024

/**
 * A text without the NULs that a file system leaves where a crash kept it from writing: those at the beginning of a line, and those
 * that the text ends with. Other NULs are passed on, and so are all line ends: lines keep their numbers.
 */
export class NulFreeSource implements ByteSource {
  readonly #source: ByteSource
  /** Read, and to be given out. */
  #rest: Buffer = Buffer.alloc(0)
  /** NULs at the end of what was read: the byte behind them says what becomes of them. */
  #held = 0
  #isLineStart = true
  #passed = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  get truncation(): string | undefined {
    return this.#source.truncation
  }

  /** NULs in what was read so far that were passed over. */
  get passedNuls(): number {
    return this.#passed
  }

  async read(target: Buffer, offset: number): Promise<number> {
    while (this.#rest.length === 0) {
      const size = await this.#source.read(target, offset)
      if (size === 0) {
        this.#passHeld()
        return 0
      }
      const bytes = target.subarray(offset, offset + size)
      if (this.#held === 0 && !bytes.includes(0)) {
        this.#isLineStart = bytes[size - 1] === LINE_END
        return size
      }
      this.#rest = this.#sift(bytes)
    }
    const size = this.#rest.copy(target, offset)
    this.#rest = this.#rest.subarray(size)
    return size
  }

  #sift(bytes: Buffer): Buffer {
    const kept: Buffer[] = []
    let at = 0
    while (at < bytes.length) {
      const nul = bytes.indexOf(0, at)
      const end = nul < 0 ? bytes.length : nul
      if (end > at) {
        if (this.#isLineStart || this.#held > MAX_NULS_IN_LINE) this.#passHeld()
        kept.push(Buffer.alloc(this.#held), bytes.subarray(at, end))
        this.#held = 0
        this.#isLineStart = bytes[end - 1] === LINE_END
      }
      at = end
      while (bytes[at] === 0) at++
      this.#held += at - end
    }
    return Buffer.concat(kept)
  }

  #passHeld(): void {
    this.#passed += this.#held
    this.#held = 0
  }
}
