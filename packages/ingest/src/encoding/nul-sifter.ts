import { Buffer } from 'node:buffer'
import type { ByteSource } from '../containers/byte-source.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
/** So many NULs in a row are passed over where a line begins or ends. Fewer may be someone's: an end mark, padding of a short field. */
const MIN_NULS_AT_LINE_END = 16
/** So many part a line in two: less than a sector no disk loses. Fewer are more likely the padding of a field. */
const MIN_NULS_IN_LINE = 512
/** A beginning that has more NULs to be passed over is not looked at further: most files that have are blank (`pagefile.sys`). */
export const MAX_NULS_LOOKED_AT: number = 64 * 1024 * 1024

const LONG_RUN = Buffer.alloc(MIN_NULS_AT_LINE_END)
const BLANK = Buffer.alloc(4096)

/**
 * A text without the long runs of NULs that a crash leaves where a disk had not yet written: where a line begins or ends they are
 * passed over, and in the middle of a line a line end takes their place. All other NULs are passed on.
 *
 * Up to `readOn` it ends where more than `MAX_NULS_LOOKED_AT` were passed over.
 */
export class NulSifter implements ByteSource {
  readonly #source: ByteSource
  /** Sifted, and to be given out. */
  #rest: Buffer = Buffer.alloc(0)
  /** NULs at the end of what was read: the byte behind them says what becomes of them. */
  #held = 0
  #isLineStart = true
  #isLooking = true
  #passed = 0
  #partedLines = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  get truncation(): string | undefined {
    return this.#source.truncation
  }

  /** NULs in what was read so far that were passed over. */
  get passedNuls(): number {
    // So many go whatever stands behind them.
    return this.#held >= MIN_NULS_IN_LINE ? this.#passed + this.#held : this.#passed
  }

  /** Lines in what was read so far that were parted in two. */
  get partedLines(): number {
    return this.#partedLines
  }

  /** What the text is has been found out: from now on it is read to its end, whatever stands in it. */
  readOn(): void {
    this.#isLooking = false
  }

  async read(target: Buffer, offset: number): Promise<number> {
    while (this.#rest.length === 0) {
      if (this.#isLooking && this.passedNuls > MAX_NULS_LOOKED_AT) return 0
      const size = await this.#source.read(target, offset)
      if (size === 0) {
        this.#rest = this.#settleLast()
        if (this.#rest.length === 0) return 0
        break
      }
      const bytes = target.subarray(offset, offset + size)
      const last = bytes[size - 1]!
      if (this.#held === 0 && last !== 0 && !bytes.includes(LONG_RUN)) {
        this.#isLineStart = isLineEnd(last)
        return size
      }
      this.#rest = this.#sift(bytes)
    }
    const size = this.#rest.copy(target, offset)
    this.#rest = this.#rest.subarray(size)
    return size
  }

  #sift(bytes: Buffer): Buffer {
    const kept = Buffer.allocUnsafe(Math.min(this.#held, MIN_NULS_IN_LINE) + bytes.length)
    let size = 0
    let at = this.#holdNuls(bytes, 0)
    while (at < bytes.length) {
      size = this.#settle(kept, size, bytes[at]!)
      const found = bytes.indexOf(LONG_RUN, at)
      const end = found < 0 ? findLastRun(bytes) : found
      size += bytes.copy(kept, size, at, end)
      this.#isLineStart = isLineEnd(bytes[end - 1]!)
      at = this.#holdNuls(bytes, end)
    }
    return kept.subarray(0, size)
  }

  /** @returns Where the NULs end that begin at `start`, if any do. */
  #holdNuls(bytes: Buffer, start: number): number {
    let end = start
    while (end + BLANK.length <= bytes.length && BLANK.compare(bytes, end, end + BLANK.length) === 0)
      end += BLANK.length
    while (bytes[end] === 0) end++
    this.#held += end - start
    return end
  }

  /**
   * Decides about the NULs held.
   *
   * @param kept - Where they, or what takes their place, are written from `size` on.
   * @param next - The byte behind them.
   * @returns The size of what is kept now.
   */
  #settle(kept: Buffer, size: number, next: number): number {
    const held = this.#held
    this.#held = 0
    const isInLine = !this.#isLineStart && !isLineEnd(next)
    if (held < (isInLine ? MIN_NULS_IN_LINE : MIN_NULS_AT_LINE_END)) {
      kept.fill(0, size, size + held)
      return size + held
    }
    this.#passed += held
    if (!isInLine) return size
    this.#partedLines++
    kept[size] = LINE_FEED
    return size + 1
  }

  /** Decides about the NULs that the text ends with; a last line of nothing else is none, be they ever so few. */
  #settleLast(): Buffer {
    const held = this.#held
    this.#held = 0
    if (!this.#isLineStart && held < MIN_NULS_AT_LINE_END) return Buffer.alloc(held)
    this.#passed += held
    return Buffer.alloc(0)
  }
}

function isLineEnd(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN
}

/** Where the NULs begin that some bytes, not all of them NULs, end with. */
function findLastRun(bytes: Buffer): number {
  let start = bytes.length
  while (bytes[start - 1] === 0) start--
  return start
}
