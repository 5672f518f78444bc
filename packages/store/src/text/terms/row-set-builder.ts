import { findBitmap, forEachRun } from './postings.ts'
import { setBit, setBits, wordCount } from './row-bits.ts'
import { BITMAP_DENSITY, RowSet, requireWithin } from './row-set.ts'
import { withoutRepeats } from './sorted-rows.ts'

/** Bitmaps of posting lists from this length on are taken over byte by byte. */
const LONG_BITMAP_BYTES = 64

/** Gathers rows in any order into a set: the union of many posting lists, for example. */
export class RowSetBuilder {
  readonly #universe: number
  #words: Uint32Array | undefined
  #rows: Uint32Array<ArrayBuffer>
  #length = 0
  #sorted = true

  /** @param expected - How many rows are going to be added, as far as that is known: then no room is made twice. */
  constructor(universe: number, expected = 16) {
    this.#universe = universe
    this.#rows = new Uint32Array(Math.min(expected, Math.ceil(universe * BITMAP_DENSITY)))
  }

  add(row: number): void {
    if (this.#words && row >= 0 && row < this.#universe) setBit(this.#words, row)
    else this.addRange(row, row + 1)
  }

  /** Adds the rows from `start` up to `end` (exclusive); rows outside the universe are an error. */
  addRange(start: number, end: number): void {
    if (end <= start) return
    requireWithin(start, end, this.#universe)
    if (!this.#words && this.#length + (end - start) > this.#universe * BITMAP_DENSITY) this.#becomeBitmap()
    if (this.#words) {
      setBits(this.#words, start, end)
      return
    }
    if (this.#length + (end - start) > this.#rows.length) {
      const grown = new Uint32Array(Math.max(this.#rows.length * 2, this.#length + (end - start)))
      grown.set(this.#rows)
      this.#rows = grown
    }
    if (this.#length > 0 && start <= this.#rows[this.#length - 1]!) this.#sorted = false
    for (let row = start; row < end; row++) this.#rows[this.#length++] = row
  }

  /** Adds the rows of a posting list, each plus `base`. */
  addPostings(bytes: Uint8Array, base: number): void {
    const bitmap = findBitmap(bytes)
    if (!bitmap || bytes.length - bitmap.bitsAt < LONG_BITMAP_BYTES) {
      forEachRun(bytes, base, (start, end) => this.addRange(start, end))
      return
    }
    const first = base + bitmap.firstRow
    this.addRange(first, first + 1)
    if (!this.#words) this.#becomeBitmap()
    this.#addBits(bytes, bitmap.bitsAt, first + 1)
  }

  /** Adds the rows of a bitmap whose last byte is not zero, eight at once. */
  #addBits(bytes: Uint8Array, bitsAt: number, firstRow: number): void {
    const lastByte = bytes[bytes.length - 1]!
    const last = firstRow + (bytes.length - 1 - bitsAt) * 8 + 31 - Math.clz32(lastByte)
    if (last >= this.#universe) throw new RangeError(`rows below ${this.#universe} expected, found ${last}`)
    const words = this.#words!
    const shift = firstRow & 7
    let row = firstRow - shift
    let carried = 0
    for (let at = bitsAt; at < bytes.length; at++, row += 8) {
      const bits = (bytes[at]! << shift) | carried
      words[row >>> 5]! |= (bits & 0xff) << (row & 31)
      carried = bits >>> 8
    }
    if (carried !== 0) words[row >>> 5]! |= carried << (row & 31)
  }

  /** Adds the rows of a set, each plus `base`. */
  addSet(rows: RowSet, base = 0): void {
    const { words } = rows.toPlain()
    if (words && base === 0 && rows.universe <= this.#universe) {
      if (!this.#words) this.#becomeBitmap()
      for (let w = 0; w < words.length; w++) this.#words![w]! |= words[w]!
    } else
      rows.forEach((row) => {
        this.add(row + base)
      })
  }

  /** The set of all rows added. The builder must not be used afterwards. */
  finish(): RowSet {
    if (this.#words) return RowSet.fromWords(this.#words, this.#universe)
    let rows = this.#length === this.#rows.length ? this.#rows : this.#rows.slice(0, this.#length)
    if (!this.#sorted) rows = withoutRepeats(rows.sort())
    return RowSet.fromSorted(rows, this.#universe)
  }

  #becomeBitmap(): void {
    const words = new Uint32Array(wordCount(this.#universe))
    for (let i = 0; i < this.#length; i++) setBit(words, this.#rows[i]!)
    this.#words = words
  }
}
