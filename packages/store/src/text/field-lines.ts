import { type ByteArena, growUint32, Scratch } from './byte-arena.ts'
import { RowUnion } from './row-union.ts'
import { appendPostings } from './terms/postings.ts'

/**
 * Told about each term: where its posting list lies in the arena (terms with the same rows may share one; `end` is
 * exclusive), or, with an `end` of 0, that it has one row only, `start`, and so no list.
 */
export type EncodedTermVisitor = (term: number, start: number, end: number) => void

/** Each coming of a term in a line: the term, the line, and the term's place in it. */
export interface TermComings {
  readonly terms: Uint32Array
  readonly lines: Uint32Array
  readonly places: Uint8Array
}

/** A field's terms with their lines, and its lines with their rows. */
export interface ListedLines {
  /** The lines of each term, in the order of its comings, one term after the other; those of term `t` end at `lineEnds[t]`. */
  readonly lines: Uint32Array
  readonly lineEnds: Uint32Array
  /** The term's place in each of these lines. */
  readonly places: Uint8Array
  /** The rows of each line; the `rowCounts[l]` rows of line `l` end at `rowEnds[l]`. */
  readonly rows: Uint32Array
  readonly rowEnds: Uint32Array
  readonly rowCounts: Uint32Array
}

/** Where the rows of a line were encoded, for the next term that stands in that line alone; 0 where they were not. */
interface EncodedLines {
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/**
 * The distinct lines of one field (or numbers, each a line of one term) and the rows that each line stands in. Rows are kept per line, not per term, as a line that repeats brings all its terms at once.
 *
 * Terms are numbered by the caller, from 0 in each field.
 */
export class FieldLines {
  /** How many lines there are. */
  lineCount = 0
  #rowCounts = new Uint32Array(1024)
  #seenLines = new Uint32Array(4096)
  #seenRows = new Uint32Array(4096)
  #seenCount = 0
  readonly #union = new RowUnion()
  readonly #rowEnds = new Scratch()
  readonly #lineRows = new Scratch()
  readonly #lineEnds = new Scratch()
  readonly #termLines = new Scratch()
  #termPlaces = new Uint8Array(1024)
  readonly #listStarts = new Scratch()
  readonly #listEnds = new Scratch()

  /** Forgets the last field. */
  clear(): void {
    this.lineCount = 0
    this.#seenCount = 0
  }

  /** Adds a new line and gives its number. */
  addLine(): number {
    const line = this.lineCount++
    if (line >= this.#rowCounts.length) this.#rowCounts = growUint32(this.#rowCounts, line + 1)
    return line
  }

  /** Notes that a line stands in a row; the rows of one line must not descend. */
  see(line: number, row: number): void {
    const at = this.#seenCount++
    if (at === this.#seenLines.length) {
      this.#seenLines = growUint32(this.#seenLines, at + 1)
      this.#seenRows = growUint32(this.#seenRows, at + 1)
    }
    this.#seenLines[at] = line
    this.#seenRows[at] = row
  }

  /**
   * Appends the posting list of each term with several rows to an arena and tells of each term, ascending.
   *
   * @param comings - Where the terms come: a term once in a line, the lines of one term not descending.
   * @returns What was listed for that, valid until the next field.
   */
  encode(comings: TermComings, termCount: number, arena: ByteArena, visit: EncodedTermVisitor): ListedLines {
    const rowEnds = this.#rowEnds.take(this.lineCount)
    const rows = this.#listRows(rowEnds)
    const lineEnds = this.#lineEnds.takeZeros(termCount)
    const lines = this.#listLines(comings, lineEnds, termCount)
    const listed: ListedLines = {
      lines,
      lineEnds,
      places: this.#termPlaces,
      rows,
      rowEnds,
      rowCounts: this.#rowCounts,
    }
    const encoded: EncodedLines = {
      starts: this.#listStarts.takeZeros(this.lineCount),
      ends: this.#listEnds.takeZeros(this.lineCount),
    }
    for (let term = 0; term < termCount; term++) this.#encodeTerm(term, listed, encoded, arena, visit)
    return listed
  }

  /** Encodes one term. Apart from the loop over terms, which would be compiled anew, with all of this, each time it is left early. */
  #encodeTerm(
    term: number,
    listed: ListedLines,
    { starts, ends }: EncodedLines,
    arena: ByteArena,
    visit: EncodedTermVisitor,
  ): void {
    const { lines, lineEnds, rows, rowEnds, rowCounts } = listed
    const start = term === 0 ? 0 : lineEnds[term - 1]!
    const end = lineEnds[term]!
    if (end - start > 1) {
      const listStart = arena.length
      this.#union.append(arena, listed, start, end)
      visit(term, listStart, arena.length)
      return
    }
    const line = lines[start]!
    const count = rowCounts[line]!
    if (count === 1) {
      visit(term, rows[rowEnds[line]! - 1]!, 0)
      return
    }
    if (ends[line] === 0) {
      starts[line] = arena.length
      appendPostings(arena, rows, rowEnds[line]! - count, rowEnds[line]!)
      ends[line] = arena.length
    }
    visit(term, starts[line]!, ends[line]!)
  }

  /** The rows of each line, one line after the other, each row once; sets where they end and `#rowCounts`. */
  #listRows(ends: Uint32Array): Uint32Array {
    const counts = this.#rowCounts
    counts.fill(0, 0, this.lineCount)
    countEach(this.#seenLines, this.#seenCount, counts)
    turnCountsIntoStarts(counts, ends, this.lineCount)
    counts.fill(0, 0, this.lineCount)
    const rows = this.#lineRows.take(this.#seenCount)
    this.#fillRows(rows, ends)
    return rows
  }

  #fillRows(rows: Uint32Array, ends: Uint32Array): void {
    const seenLines = this.#seenLines
    const seenRows = this.#seenRows
    const counts = this.#rowCounts
    for (let i = 0; i < this.#seenCount; i++) {
      const line = seenLines[i]!
      const row = seenRows[i]!
      const end = ends[line]!
      if (counts[line]! > 0 && rows[end - 1] === row) continue
      rows[end] = row
      ends[line] = end + 1
      counts[line]!++
    }
  }

  /** The lines of each term, one term after the other; sets where they end, and `#termPlaces`. */
  #listLines(comings: TermComings, ends: Uint32Array, termCount: number): Uint32Array {
    const count = comings.terms.length
    countEach(comings.terms, count, ends)
    turnCountsIntoStarts(ends, ends, termCount)
    const lines = this.#termLines.take(count)
    if (count > this.#termPlaces.length) this.#termPlaces = new Uint8Array(lines.length)
    placeComings(comings, ends, lines, this.#termPlaces)
    return lines
  }
}

// Each of these loops is a function by itself, as in sort-tokens.ts.

/** Counts how often each number comes. */
function countEach(numbers: Uint32Array, length: number, counts: Uint32Array): void {
  for (let i = 0; i < length; i++) counts[numbers[i]!]!++
}

/** Sets where each begins, of whom there are so many, when one stands behind the other. */
function turnCountsIntoStarts(counts: Uint32Array, starts: Uint32Array, length: number): void {
  let start = 0
  for (let i = 0; i < length; i++) {
    const count = counts[i]!
    starts[i] = start
    start += count
  }
}

/** Puts each coming behind those of the same term before it; the starts of terms become their ends. */
function placeComings(
  { terms, lines, places }: TermComings,
  ends: Uint32Array,
  termLines: Uint32Array,
  termPlaces: Uint8Array,
): void {
  for (let i = 0; i < terms.length; i++) {
    const at = ends[terms[i]!]!++
    termLines[at] = lines[i]!
    termPlaces[at] = places[i]!
  }
}
