import { type FlatTree, findChild } from './literal-tree.ts'

/** 4 MB: rows for some tens of thousands of states, and no more than a few milliseconds to fill them. */
const MAX_CELLS = 1024 * 1024
const BYTES = 256
const FIRST_UPPER = 0x41
const LAST_UPPER = 0x5a
const TO_LOWER = 0x20

/** What the last row of a table says of every byte: `follow` is to be asked. */
export const NO_ROW = -1

/**
 * What follows each byte of each state of an automaton: as many states have a row in a table as fit in there, beginning with the
 * nearest to the root, where texts are most of the time. Bytes of A to Z are taken for a to z.
 */
export class ByteTable {
  /**
   * By where the row of a state begins plus the column of a byte: where the row of the next state begins. Where literals end at that
   * one, or it has no row, its number with all bits turned.
   */
  readonly cells: Int32Array
  /** Of each byte; those that no literal has share the first one: the table stays small enough for a processor's cache. */
  readonly columns: Uint16Array
  readonly #tree: FlatTree
  readonly #fails: Int32Array
  readonly #ends: Int32Array
  readonly #width: number
  /** States below this have a row. */
  readonly #rows: number

  /**
   * @param fails - Of each state the longest of its ends that is a state too.
   * @param ends - Not 0 for states where a literal ends.
   */
  constructor(tree: FlatTree, fails: Int32Array, ends: Int32Array) {
    this.#tree = tree
    this.#fails = fails
    this.#ends = ends
    const { columns, width } = numberColumns(tree)
    this.columns = columns
    this.#width = width
    this.#rows = Math.min(tree.count, Math.floor(MAX_CELLS / width))
    this.cells = this.#fill()
  }

  /** Where the row of a state begins; the last row is that of all that have none of their own. */
  rowOf(state: number): number {
    return Math.min(state, this.#rows) * this.#width
  }

  /** The state that a byte leads to from one that has no row. */
  follow(from: number, byte: number): number {
    const column = this.columns[byte]!
    // What no literal has leads back to the root.
    if (column === 0) return 0
    const letter = toLetter(byte)
    for (let state = from; ; state = this.#fails[state]!) {
      if (state < this.#rows) {
        const next = this.cells[state * this.#width + column]!
        return next < 0 ? ~next : next / this.#width
      }
      const next = findChild(this.#tree, state, letter)
      if (next !== 0) return next
    }
  }

  /** What a state falls back to has a lower number, so it is filled before it. */
  #fill(): Int32Array {
    const { letters, firstChildren } = this.#tree
    const width = this.#width
    const cells = new Int32Array((this.#rows + 1) * width)
    cells.fill(NO_ROW, this.#rows * width)
    for (let state = 0; state < this.#rows; state++) {
      const row = state * width
      const fallback = this.#fails[state]! * width
      if (state > 0) cells.copyWithin(row, fallback, fallback + width)
      for (let child = firstChildren[state]!; child < firstChildren[state + 1]!; child++) {
        const letter = letters[child]!
        const isPlain = child < this.#rows && this.#ends[child] === 0
        if (isByte(letter)) cells[row + this.columns[letter]!] = isPlain ? child * width : ~child
      }
    }
    return cells
  }
}

function numberColumns({ count, letters }: FlatTree): {
  readonly columns: Uint16Array
  readonly width: number
} {
  const columns = new Uint16Array(BYTES)
  let width = 1
  for (let state = 1; state < count; state++) {
    const letter = letters[state]!
    if (isByte(letter) && columns[letter] === 0) columns[letter] = width++
  }
  for (let upper = FIRST_UPPER; upper <= LAST_UPPER; upper++) columns[upper] = columns[upper + TO_LOWER]!
  return { columns, width }
}

/** Whether bytes are taken for a letter. */
function isByte(letter: number): boolean {
  return letter < BYTES && !isUpper(letter)
}

function toLetter(byte: number): number {
  return isUpper(byte) ? byte + TO_LOWER : byte
}

function isUpper(byte: number): boolean {
  return byte >= FIRST_UPPER && byte <= LAST_UPPER
}
