import type { RejectReason } from '@timeskein/model'

/** The row is whole. */
export const ROW_OK = 0
/** The row has fewer cells than columns, or more with something in them. */
export const ROW_WRONG_COUNT = 1
/** A quote opened on this line is closed where it cannot be; only this line is flagged. */
export const ROW_STRAY_QUOTE = 2
/** A quote opened on this line is never closed; only this line is flagged. */
export const ROW_OPEN_QUOTE = 3
/** The text ends inside a quoted cell on its last line. */
export const ROW_TRUNCATED = 4
/** The row, or the reach of its open quote, is longer than the limit. */
export const ROW_TOO_LARGE = 5
/** A quote opened on this line is closed on a later one, and what is between are rows by themselves; only this line is flagged. */
export const ROW_ENCLOSES_ROWS = 6

/** The cell is a range of bytes that are its text. */
export const CELL_PLAIN = 0
/** The cell was quoted; the range lies inside the quotes and is its text. */
export const CELL_QUOTED = 1
/** The cell was quoted and its text has to be made from the range: see `decodeCsvCell` and `copyCsvCell`. */
export const CELL_ESCAPED = 2

/**
 * Rows of one block, as ranges of its bytes. Overwritten by the scanner's next call.
 *
 * The cells of row `r` are `rowCells[r]` up to `rowCells[r + 1]` (exclusive). A cell whose start is its end is empty.
 */
export interface CsvRows {
  readonly rowCount: number
  /** First cell of each row, and one more entry for the end. */
  readonly rowCells: Uint32Array
  /** Line number (1-based) of each row's first line. */
  readonly rowLines: Float64Array
  /** Where each row begins in the block. */
  readonly rowStarts: Uint32Array
  /** Where each row ends, before its line end. */
  readonly rowEnds: Uint32Array
  /** `ROW_OK` or what is wrong with the row. */
  readonly rowProblems: Uint8Array
  readonly cellCount: number
  readonly cellStarts: Uint32Array
  readonly cellEnds: Uint32Array
  /** `CELL_PLAIN`, `CELL_QUOTED` or `CELL_ESCAPED`. */
  readonly cellFlags: Uint8Array
  /** Where the first byte that is in no row stands: keep the block from here on for the next call. */
  readonly consumed: number
  /** How many of the rows are not `ROW_OK`. */
  readonly problemCount: number
}

/** Cells that fit before there is more room: most tables of a collection are small, and each is looked at several times. */
const FIRST_CELLS = 512

/** The growing store behind `CsvRows`; owned by one scanner. */
export class CsvRowBuffer implements CsvRows {
  rowCount = 0
  rowCells: Uint32Array
  rowLines: Float64Array
  rowStarts: Uint32Array
  rowEnds: Uint32Array
  rowProblems: Uint8Array
  cellCount = 0
  cellStarts: Uint32Array = new Uint32Array(FIRST_CELLS)
  cellEnds: Uint32Array = new Uint32Array(FIRST_CELLS)
  cellFlags: Uint8Array = new Uint8Array(FIRST_CELLS)
  consumed = 0
  problemCount = 0

  /** @param maxRows - Rows that fit, fixed for the buffer's life. */
  constructor(maxRows: number) {
    this.rowCells = new Uint32Array(maxRows + 1)
    this.rowLines = new Float64Array(maxRows)
    this.rowStarts = new Uint32Array(maxRows)
    this.rowEnds = new Uint32Array(maxRows)
    this.rowProblems = new Uint8Array(maxRows)
  }

  /** Forgets all rows. */
  clear(): void {
    this.rowCount = 0
    this.cellCount = 0
    this.problemCount = 0
  }

  /** Makes room for cells beyond the present capacity, keeping those that are there. */
  growCells(): void {
    const capacity = this.cellStarts.length * 2
    this.cellStarts = copyLarger(this.cellStarts, new Uint32Array(capacity))
    this.cellEnds = copyLarger(this.cellEnds, new Uint32Array(capacity))
    this.cellFlags = copyLarger(this.cellFlags, new Uint8Array(capacity))
  }

  /** Adds a row whose cells are those from the last row's end up to `cellEnd` (exclusive). */
  addRow(line: number, start: number, end: number, cellEnd: number, problem: number): void {
    const row = this.rowCount++
    this.rowLines[row] = line
    this.rowStarts[row] = start
    this.rowEnds[row] = end
    this.rowProblems[row] = problem
    this.rowCells[row + 1] = cellEnd
    this.cellCount = cellEnd
    if (problem !== ROW_OK) this.problemCount++
  }
}

/**
 * Says what is wrong with a row that is not `ROW_OK`.
 *
 * @param columnCount - How many cells were wanted.
 * @returns The reason to count by, and a sentence with what was expected and what was found.
 */
export function describeCsvProblem(
  rows: CsvRows,
  row: number,
  columnCount: number,
): { reason: RejectReason; detail: string } {
  const line = rows.rowLines[row]!
  switch (rows.rowProblems[row]) {
    case ROW_WRONG_COUNT:
      return {
        reason: 'wrong-column-count',
        detail: `expected ${columnCount} cells, as many as the table has columns, found ${rows.rowCells[row + 1]! - rows.rowCells[row]!}`,
      }
    case ROW_STRAY_QUOTE:
      return {
        reason: 'bad-csv',
        detail: `a quote opened on line ${line} is closed on a later line with text behind it; taken for a stray quote, so only this line was left out`,
      }
    case ROW_OPEN_QUOTE:
      return {
        reason: 'bad-csv',
        detail: `a quote opened on line ${line} is not closed where a cell could end; only this line was left out`,
      }
    case ROW_ENCLOSES_ROWS:
      return {
        reason: 'bad-csv',
        detail: `a quote opened on line ${line} is closed on a later line, and the lines between are rows by themselves; taken for a stray quote, so only this line was left out`,
      }
    case ROW_TRUNCATED:
      return {
        reason: 'truncated',
        detail: `the text ends inside the quoted cell that was opened on line ${line}`,
      }
    case ROW_TOO_LARGE:
      return {
        reason: 'row-too-large',
        detail: `the row that begins on line ${line} is longer than the limit`,
      }
    default:
      return { reason: 'bad-csv', detail: `line ${line} could not be read` }
  }
}

function copyLarger<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
