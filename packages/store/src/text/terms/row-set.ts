/**
 * Sets of row numbers below a bound, the universe. Immutable: every operation makes a new set, and the arrays given to
 * the constructors belong to the set afterwards.
 */
import {
  countBits,
  countJoined,
  countOnes,
  listBits,
  listJoined,
  setBit,
  setBits,
  wordCount,
} from './row-bits.ts'
import { lowerBound, memberTest, mergeSorted } from './sorted-rows.ts'

/** A bitmap takes one bit for each row of the universe, a sorted array 32 for each member. */
export const BITMAP_DENSITY: number = 1 / 32

/** A set of rows in plain data, for another thread: `rows` ascending, or `words` of one bit a row. */
export interface PlainRows {
  readonly universe: number
  readonly rows: Uint32Array | undefined
  readonly words: Uint32Array | undefined
}

/** Some of the rows `0 … universe - 1`, as a sorted array when they are few and as a bitmap when they are many. */
export class RowSet {
  /** Rows are below this. */
  readonly universe: number
  /** How many rows are in the set. */
  readonly count: number
  readonly #rows: Uint32Array | undefined
  readonly #words: Uint32Array | undefined

  private constructor(universe: number, count: number, rows?: Uint32Array, words?: Uint32Array) {
    this.universe = universe
    this.count = count
    this.#rows = rows
    this.#words = words
  }

  /** No row. */
  static none(universe: number): RowSet {
    return new RowSet(universe, 0, new Uint32Array(0))
  }

  /** Every row. */
  static all(universe: number): RowSet {
    return RowSet.range(0, universe, universe)
  }

  /** The rows from `start` up to `end` (exclusive). */
  static range(start: number, end: number, universe: number): RowSet {
    if (end <= start) return RowSet.none(universe)
    requireWithin(start, end, universe)
    const count = end - start
    if (count <= universe * BITMAP_DENSITY)
      return new RowSet(
        universe,
        count,
        Uint32Array.from({ length: count }, (_, i) => start + i),
      )
    const words = new Uint32Array(wordCount(universe))
    setBits(words, start, end)
    return new RowSet(universe, count, undefined, words)
  }

  /** @param rows - Strictly ascending, below `universe`. */
  static fromSorted(rows: Uint32Array, universe: number): RowSet {
    if (rows.length <= universe * BITMAP_DENSITY) return new RowSet(universe, rows.length, rows)
    const words = new Uint32Array(wordCount(universe))
    for (let i = 0; i < rows.length; i++) setBit(words, rows[i]!)
    return new RowSet(universe, rows.length, undefined, words)
  }

  /** @param words - One bit a row, lowest first, `ceil(universe / 32)` words; bits from `universe` on are zero. */
  static fromWords(words: Uint32Array, universe: number): RowSet {
    const count = countBits(words)
    if (count > universe * BITMAP_DENSITY) return new RowSet(universe, count, undefined, words)
    return new RowSet(universe, count, listBits(words, count))
  }

  /** What `toPlain` gave; its arrays belong to the set. */
  static fromPlain({ universe, rows, words }: PlainRows): RowSet {
    return rows
      ? new RowSet(universe, rows.length, rows)
      : RowSet.fromWords(words ?? new Uint32Array(wordCount(universe)), universe)
  }

  /** The set's own arrays, which must not be changed. */
  toPlain(): PlainRows {
    return { universe: this.universe, rows: this.#rows, words: this.#words }
  }

  has(row: number): boolean {
    if (row < 0 || row >= this.universe) return false
    if (this.#words) return (this.#words[row >>> 5]! & (1 << (row & 31))) !== 0
    const rows = this.#rows!
    const at = lowerBound(rows, row, 0, rows.length)
    return at < rows.length && rows[at] === row
  }

  /** Rows of both sets. */
  and(other: RowSet): RowSet {
    this.#expectSameUniverse(other)
    if (this.count === 0 || other.count === this.universe) return this
    if (other.count === 0 || this.count === this.universe) return other
    if (this.#words && other.#words) return joinBits(this.#words, other.#words, 0, this.universe)
    const [small, large] = this.count <= other.count ? [this, other] : [other, this]
    if (!small.#rows) return large.and(small)
    return RowSet.fromSorted(keepRows(small.#rows, large, true), this.universe)
  }

  /** Rows of either set. */
  or(other: RowSet): RowSet {
    this.#expectSameUniverse(other)
    if (this.count === 0 || other.count === this.universe) return other
    if (other.count === 0 || this.count === this.universe) return this
    if (this.#rows && other.#rows && this.count + other.count <= this.universe * BITMAP_DENSITY) {
      return RowSet.fromSorted(mergeSorted(this.#rows, other.#rows), this.universe)
    }
    const words = this.#toWords()
    if (other.#words) {
      const b = other.#words
      for (let i = 0; i < words.length; i++) words[i]! |= b[i]!
    } else {
      for (const row of other.#rows!) setBit(words, row)
    }
    return RowSet.fromWords(words, this.universe)
  }

  /** Rows of this set that are not in the other. */
  andNot(other: RowSet): RowSet {
    this.#expectSameUniverse(other)
    if (this.count === 0 || other.count === 0) return this
    if (other.count === this.universe) return RowSet.none(this.universe)
    if (this.#rows) return RowSet.fromSorted(keepRows(this.#rows, other, false), this.universe)
    if (other.#words) return joinBits(this.#words!, other.#words, -1, this.universe)
    const words = this.#toWords()
    for (const row of other.#rows!) words[row >>> 5]! &= ~(1 << (row & 31))
    return RowSet.fromWords(words, this.universe)
  }

  /** Every row of the universe that is not in this set. */
  not(): RowSet {
    const words = this.#toWords()
    for (let i = 0; i < words.length; i++) words[i] = ~words[i]!
    const tail = this.universe & 31
    if (tail !== 0) words[words.length - 1]! &= (1 << tail) - 1
    return RowSet.fromWords(words, this.universe)
  }

  /** Calls `visit` for each row, ascending; with bounds, only from `start` up to `end` (exclusive). */
  forEach(visit: (row: number) => void, start = 0, end: number = this.universe): void {
    if (this.#rows) {
      const rows = this.#rows
      for (let i = lowerBound(rows, start, 0, rows.length); i < rows.length && rows[i]! < end; i++)
        visit(rows[i]!)
      return
    }
    const words = this.#words!
    const lastWord = Math.min(words.length, Math.ceil(end / 32))
    for (let w = start >>> 5; w < lastWord; w++) {
      let bits = words[w]!
      while (bits !== 0) {
        const row = w * 32 + 31 - Math.clz32(bits & -bits)
        if (row >= end) return
        if (row >= start) visit(row)
        bits &= bits - 1
      }
    }
  }

  /** How many rows are from `start` up to `end` (exclusive). */
  countIn(start: number, end: number): number {
    if (start <= 0 && end >= this.universe) return this.count
    if (this.#rows) {
      const from = lowerBound(this.#rows, start, 0, this.#rows.length)
      return lowerBound(this.#rows, end, from, this.#rows.length) - from
    }
    const from = Math.max(start, 0)
    const to = Math.min(end, this.universe)
    if (from >= to) return 0
    const words = this.#words!
    const firstWord = from >>> 5
    const lastWord = (to - 1) >>> 5
    const beforeFirst = words[firstWord]! & ~(-1 << (from & 31))
    const behindLast = words[lastWord]! & ~(-1 >>> (31 - ((to - 1) & 31)))
    return countBits(words, firstWord, lastWord + 1) - countOnes(beforeFirst) - countOnes(behindLast)
  }

  /** The first row from `start` on; -1 when there is none. */
  nextFrom(start: number): number {
    if (this.#rows) return this.#rows[lowerBound(this.#rows, start, 0, this.#rows.length)] ?? -1
    const words = this.#words!
    for (let w = start >>> 5; w < words.length; w++) {
      const bits = w === start >>> 5 ? words[w]! & (-1 << (start & 31)) : words[w]!
      if (bits !== 0) return w * 32 + 31 - Math.clz32(bits & -bits)
    }
    return -1
  }

  /** The last row; -1 when there is none. */
  get last(): number {
    if (this.#rows) return this.#rows.at(-1) ?? -1
    const words = this.#words!
    let w = words.length - 1
    while (w >= 0 && words[w] === 0) w--
    return w < 0 ? -1 : w * 32 + 31 - Math.clz32(words[w]!)
  }

  /** The rows ascending; with bounds, only from `start` up to `end` (exclusive). The array is the caller's. */
  toArray(start = 0, end: number = this.universe): Uint32Array<ArrayBuffer> {
    if (this.#rows) {
      const from = lowerBound(this.#rows, start, 0, this.#rows.length)
      return new Uint32Array(this.#rows.subarray(from, lowerBound(this.#rows, end, from, this.#rows.length)))
    }
    const rows = new Uint32Array(this.countIn(start, end))
    let at = 0
    this.forEach(
      (row) => {
        rows[at++] = row
      },
      start,
      end,
    )
    return rows
  }

  /** The rows, ascending. `forEach` is several times faster. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    if (this.#rows) {
      for (let i = 0; i < this.#rows.length; i++) yield this.#rows[i]!
      return
    }
    const words = this.#words!
    for (let w = 0; w < words.length; w++) {
      for (let bits = words[w]!; bits !== 0; bits &= bits - 1) yield w * 32 + 31 - Math.clz32(bits & -bits)
    }
  }

  #toWords(): Uint32Array {
    if (this.#words) return this.#words.slice()
    const words = new Uint32Array(wordCount(this.universe))
    for (const row of this.#rows!) setBit(words, row)
    return words
  }

  #expectSameUniverse(other: RowSet): void {
    if (this.universe !== other.universe) {
      throw new RangeError(
        `row sets of one universe expected, found ${this.universe} and ${other.universe} rows`,
      )
    }
  }
}

/** @throws {RangeError} When a row from `start` up to `end` (exclusive) is outside of the universe. */
export function requireWithin(start: number, end: number, universe: number): void {
  if (start < 0 || end > universe)
    throw new RangeError(`rows below ${universe} expected, found ${start < 0 ? start : end - 1}`)
}

/**
 * Rows of a bitmap that another one has too, or, with a mask of ones, has not. A bitmap is made where it is kept alone: mostly few rows
 * are left.
 */
function joinBits(a: Uint32Array, b: Uint32Array, mask: 0 | -1, universe: number): RowSet {
  const count = countJoined(a, b, mask)
  return count <= universe * BITMAP_DENSITY
    ? RowSet.fromSorted(listJoined(a, b, mask, count), universe)
    : RowSet.fromWords(
        a.map((word, at) => word & (b[at]! ^ mask)),
        universe,
      )
}

/** The rows whose membership in `other` is `wanted`. */
function keepRows(rows: Uint32Array, other: RowSet, wanted: boolean): Uint32Array {
  const kept = new Uint32Array(rows.length)
  let length = 0
  const isMember =
    other.count > other.universe * BITMAP_DENSITY
      ? (row: number) => other.has(row)
      : memberTest(other.toPlain().rows ?? other.toArray(), rows.length)
  for (let i = 0; i < rows.length; i++) {
    if (isMember(rows[i]!) === wanted) kept[length++] = rows[i]!
  }
  return length === rows.length ? rows : kept.slice(0, length)
}
