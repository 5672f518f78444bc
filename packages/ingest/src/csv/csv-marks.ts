import type { TextKernel } from '../batch/text-kernel.ts'
import { CR, type CsvDialect, LF } from './csv-dialect.ts'

/** Bytes that are looked at in one go. */
const WINDOW_BYTES: number = 64 * 1024

/**
 * Finds the bytes at which a CSV reader has to stop and think: delimiters, line ends, quotes. A window of the text at a
 * time; what lies between two of them is content.
 */
export class CsvMarks {
  /** Their offsets in the block, ascending; the first `count` are valid, until the next call. The same array for all of a block. */
  offsets: Uint32Array
  count = 0
  /** The window that was looked at: `start` inclusive, `end` exclusive. */
  start = 0
  end = 0
  readonly #kernel: TextKernel | undefined
  readonly #delimiter: number
  readonly #lineEnd: number
  readonly #quote: number

  /** @param kernel - Looks for them sixteen bytes at a time; its `marks` are this object's until the next `find`. */
  constructor({ delimiter, lineEnd, quote }: CsvDialect, kernel?: TextKernel) {
    this.#kernel = kernel
    this.#delimiter = delimiter
    this.#lineEnd = lineEnd === 'lf' ? LF : CR
    this.#quote = quote ?? delimiter
    this.offsets = kernel?.marks ?? new Uint32Array(0)
  }

  /** Looks at the window that begins at `start`. */
  find(block: Uint8Array, start: number): void {
    const end = Math.min(block.length, start + WINDOW_BYTES)
    const [delimiter, lineEnd, quote] = [this.#delimiter, this.#lineEnd, this.#quote]
    this.start = start
    this.end = end
    if (this.#kernel) {
      this.count = this.#kernel.findMarks(block, start, end, delimiter, lineEnd, quote)
      return
    }
    const room = Math.min(block.length, WINDOW_BYTES)
    if (this.offsets.length < room) this.offsets = new Uint32Array(room)
    const { offsets } = this
    let count = 0
    for (let at = start; at < end; at++) {
      const byte = block[at]
      if (byte === delimiter || byte === lineEnd || byte === quote) offsets[count++] = at
    }
    this.count = count
  }

  /** Index of the first mark at or behind an offset that lies in the window. */
  indexOf(offset: number): number {
    const { offsets } = this
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (offsets[middle]! < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
