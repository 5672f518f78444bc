import type { TextKernel } from '../batch/text-kernel.ts'
import { CR, type CsvDialect, LF } from './csv-dialect.ts'
import { CsvMarks } from './csv-marks.ts'
import {
  CELL_ESCAPED,
  CELL_PLAIN,
  CELL_QUOTED,
  CsvRowBuffer,
  type CsvRows,
  ROW_ENCLOSES_ROWS,
  ROW_OK,
  ROW_OPEN_QUOTE,
  ROW_STRAY_QUOTE,
  ROW_TOO_LARGE,
  ROW_TRUNCATED,
  ROW_WRONG_COUNT,
} from './csv-rows.ts'
import { enclosesRows } from './enclosed-rows.ts'

/** Settings of a scanner; all may be left out. */
export interface CsvScannerOptions {
  /** Wanted cells per row; rows with fewer, or with more that are not empty, are flagged. @default no check */
  readonly columnCount?: number
  /** Rows after which `scan` returns although the block goes on. @default 32768 */
  readonly maxRows?: number
  /** Bytes of the longest accepted row; bounds how far an unclosed quote may reach. @default MAX_CSV_ROW_BYTES */
  readonly maxRowBytes?: number
  /** Line number (1-based) of the first byte that will be scanned. @default 1 */
  readonly firstLine?: number
  /** Looks for delimiters and quotes faster; no other scanner may use it before this one is done with a block. @default none */
  readonly kernel?: TextKernel | undefined
}

/** Bytes of the longest row accepted by default. */
const MAX_CSV_ROW_BYTES: number = 64 * 1024 * 1024

const NEEDS_MORE = -1

/**
 * Splits UTF-8 text into rows and cells by byte ranges, without making strings.
 *
 * Rows are RFC 4180's, read as leniently as loses nothing: a quote inside an unquoted cell is content; text after a
 * closing quote belongs to the cell; blank lines are no rows. Where a quote was opened and the text cannot be read
 * with it (never closed; or closed on a later line with text behind it, or with the wrong number of cells and whole rows
 * in between, which shows that it was a stray one), only the line with that quote is flagged, and reading goes on with the
 * next line. A quoted cell that ends where a cell can end, in a row of the right number of cells, is kept whole.
 *
 * The scanner copies no bytes: the caller gives a block, gets the rows that are complete in it, and puts
 * `block.subarray(rows.consumed)` in front of the next one.
 */
export class CsvScanner {
  readonly #marks: CsvMarks
  /** The first mark that was not looked at, and the offset it is the first mark behind of. */
  #nextMark = 0
  #position = 0
  #block: Uint8Array | undefined
  readonly #dialect: CsvDialect
  readonly #delimiter: number
  readonly #quote: number
  readonly #lineEnd: number
  readonly #comment: number
  readonly #absent: readonly Uint8Array[]
  readonly #columnCount: number
  readonly #maxRows: number
  readonly #maxRowBytes: number
  readonly #rows: CsvRowBuffer
  #line: number
  /** The rest of a too long line is being passed over. */
  #isSkipping = false
  /** Left behind by `#findClosingQuote`. */
  #quotedLines = 0
  #hasEscapes = false

  constructor(dialect: CsvDialect, options: CsvScannerOptions = {}) {
    this.#lineEnd = dialect.lineEnd === 'lf' ? LF : CR
    this.#dialect = dialect
    this.#delimiter = dialect.delimiter
    this.#quote = dialect.quote ?? -1
    this.#marks = new CsvMarks(dialect, options.kernel)
    this.#comment = dialect.comment ?? -1
    this.#absent = dialect.absent.map((text) => new TextEncoder().encode(text))
    this.#columnCount = options.columnCount ?? 0
    this.#maxRows = options.maxRows ?? 32_768
    this.#maxRowBytes = options.maxRowBytes ?? MAX_CSV_ROW_BYTES
    this.#line = options.firstLine ?? 1
    this.#rows = new CsvRowBuffer(this.#maxRows)
  }

  /** Line number (1-based) of the next byte to be scanned. */
  get line(): number {
    return this.#line
  }

  /**
   * Reads the rows that are complete in a block.
   *
   * @param block - UTF-8 bytes, less than 4 GiB. As long as it is given again, its bytes must not change.
   * @param start - Where to begin: at the start of a row.
   * @param isLast - True when nothing follows the block: a last row without line end is then complete.
   * @returns Rows as ranges of `block`. The object is the scanner's own and is overwritten by the next call. When
   *   `rowCount` reached `maxRows`, call again with `start` at `consumed`. When `consumed` equals `start` and more
   *   bytes exist, no row was complete: call again with a block twice as long, since reading begins anew.
   */
  scan(block: Uint8Array, start: number, isLast: boolean): CsvRows {
    const rows = this.#rows
    rows.clear()
    if (block !== this.#block) {
      this.#block = block
      this.#marks.find(block, start)
      this.#nextMark = 0
      this.#position = start
    }
    let at = start
    if (this.#isSkipping) at = this.#skipRest(block, at)
    while (rows.rowCount < this.#maxRows) {
      const next = this.#scanRow(block, at, isLast)
      if (next === NEEDS_MORE) {
        // The marks of a row that was begun are used up: the next call looks anew.
        this.#block = undefined
        break
      }
      at = next
    }
    rows.consumed = at
    return rows
  }

  #scanRow(block: Uint8Array, rowStart: number, isLast: boolean): number {
    const end = block.length
    if (rowStart >= end) return NEEDS_MORE
    if (block[rowStart] === this.#comment) return this.#skipComment(block, rowStart, isLast)
    if (rowStart !== this.#position) this.#seek(block, rowStart)
    const marks = this.#marks
    const { offsets } = marks
    const quote = this.#quote
    const lineEnd = this.#lineEnd
    const delimiter = this.#delimiter
    const rows = this.#rows
    let starts = rows.cellStarts
    let ends = rows.cellEnds
    let flags = rows.cellFlags
    let cell = rows.cellCount
    let next = this.#nextMark
    let markCount = marks.count
    let lines = 1
    let at = rowStart
    for (;;) {
      if (cell === starts.length) {
        rows.growCells()
        starts = rows.cellStarts
        ends = rows.cellEnds
        flags = rows.cellFlags
      }
      let cellStart = at
      let tailStart = at
      let closedAt = -1
      if (at < end && block[at] === quote) {
        cellStart = at + 1
        this.#nextMark = next
        closedAt = this.#findClosingQuote(block)
        if (closedAt < 0) return this.#giveUpQuote(block, rowStart, isLast)
        tailStart = closedAt + 1
        next = this.#nextMark
        markCount = marks.count
      }
      let isRowEnd = true
      for (;;) {
        if (next === markCount) {
          if (!this.#look(block)) {
            at = end
            break
          }
          next = 0
          markCount = marks.count
        }
        at = offsets[next++]!
        const byte = block[at]
        if (byte === lineEnd) break
        if (byte === delimiter) {
          isRowEnd = false
          break
        }
      }
      if (at === end && !isLast) return this.#waitForMore(block, rowStart)
      let cellEnd = at
      if (isRowEnd && lineEnd === LF && cellEnd > tailStart && block[cellEnd - 1] === CR) cellEnd--
      const rowEnd = cellEnd
      let flag = CELL_PLAIN
      if (closedAt >= 0) {
        flag = this.#hasEscapes ? CELL_ESCAPED : CELL_QUOTED
        if (cellEnd === tailStart) cellEnd = closedAt
        else if (this.#quotedLines > 0) return this.#flagLine(block, rowStart, ROW_STRAY_QUOTE)
        else flag = CELL_ESCAPED
        lines += this.#quotedLines
      }
      starts[cell] = cellStart
      ends[cell] = cellEnd
      flags[cell] = flag
      cell++
      at++
      if (isRowEnd) {
        if (lines > 1 && this.#hasStrayQuote(block, rowStart, rowEnd, cell))
          return this.#flagLine(block, rowStart, ROW_ENCLOSES_ROWS)
        if (this.#absent.length > 0) this.#dropAbsent(block, rows.cellCount, cell)
        this.#addRow(rowStart, rowEnd, cell)
        this.#line += lines
        this.#nextMark = next
        this.#position = Math.min(at, end)
        return this.#position
      }
    }
  }

  /** Whether a row of several lines has the wrong number of cells because a quote in it took in the rows that follow. */
  #hasStrayQuote(block: Uint8Array, rowStart: number, rowEnd: number, cellEnd: number): boolean {
    const wanted = this.#columnCount
    const first = this.#rows.cellCount
    if (wanted === 0 || cellEnd - first === wanted) return false
    if (cellEnd - first > wanted && areEmpty(this.#rows, first + wanted, cellEnd)) return false
    const secondLine = block.indexOf(this.#lineEnd, rowStart) + 1
    return enclosesRows(block, secondLine, rowEnd, this.#dialect, wanted)
  }

  /** Sets the next mark to the first one at or behind an offset, the start of a row. */
  #seek(block: Uint8Array, offset: number): void {
    const marks = this.#marks
    if (offset < marks.start || offset >= marks.end) {
      marks.find(block, offset)
      this.#nextMark = 0
    } else this.#nextMark = marks.indexOf(offset)
  }

  /** Looks at the windows behind the present one until there is a mark; false when the block ends without any. */
  #look(block: Uint8Array): boolean {
    const marks = this.#marks
    do {
      if (marks.end >= block.length) return false
      marks.find(block, marks.end)
    } while (marks.count === 0)
    return true
  }

  /** Adds a row unless it is a blank line, after looking at its cell count and at texts that mean "no value". */
  #addRow(rowStart: number, rowEnd: number, cellEnd: number): void {
    const rows = this.#rows
    const first = rows.cellCount
    const wanted = this.#columnCount
    const count = cellEnd - first
    if (count === 1 && rowEnd === rowStart) return
    let problem = ROW_OK
    let keptEnd = cellEnd
    if (wanted > 0 && count !== wanted) {
      if (count > wanted && areEmpty(rows, first + wanted, cellEnd)) keptEnd = first + wanted
      else problem = ROW_WRONG_COUNT
    }
    rows.addRow(this.#line, rowStart, rowEnd, keptEnd, problem)
  }

  /** Where the quote that closes a cell stands, the next mark being its opening one; -1 when the block ends first. */
  #findClosingQuote(block: Uint8Array): number {
    const marks = this.#marks
    const { offsets } = marks
    const quote = this.#quote
    const lineEnd = this.#lineEnd
    let next = this.#nextMark
    let lines = 0
    let hasEscapes = false
    // How many of the marks ahead are quotes that have been taken account of: first the opening one.
    let known = 1
    for (;;) {
      if (next === marks.count) {
        if (!this.#look(block)) return -1
        next = 0
      }
      const at = offsets[next++]!
      if (known > 0) {
        known--
        continue
      }
      const byte = block[at]
      if (byte === quote) {
        if (block[at + 1] !== quote) {
          this.#quotedLines = lines
          this.#hasEscapes = hasEscapes
          this.#nextMark = next
          return at
        }
        hasEscapes = true
        known = 1
      } else if (byte === lineEnd) lines++
    }
  }

  #waitForMore(block: Uint8Array, rowStart: number): number {
    if (block.length - rowStart <= this.#maxRowBytes) return NEEDS_MORE
    return this.#flagLine(block, rowStart, ROW_TOO_LARGE)
  }

  #giveUpQuote(block: Uint8Array, rowStart: number, isLast: boolean): number {
    if (!isLast) return this.#waitForMore(block, rowStart)
    const isLastLine = block.indexOf(this.#lineEnd, rowStart) < 0
    return this.#flagLine(block, rowStart, isLastLine ? ROW_TRUNCATED : ROW_OPEN_QUOTE)
  }

  /** Flags the line that begins here as a row without cells, and goes on behind it. */
  #flagLine(block: Uint8Array, rowStart: number, problem: number): number {
    const rows = this.#rows
    const found = block.indexOf(this.#lineEnd, rowStart)
    let rowEnd = found < 0 ? block.length : found
    if (found >= 0 && this.#lineEnd === LF && rowEnd > rowStart && block[rowEnd - 1] === CR) rowEnd--
    rows.addRow(this.#line, rowStart, rowEnd, rows.cellCount, problem)
    if (found < 0) {
      this.#isSkipping = true
      return block.length
    }
    this.#line++
    return found + 1
  }

  #skipRest(block: Uint8Array, start: number): number {
    const found = block.indexOf(this.#lineEnd, start)
    if (found < 0) return block.length
    this.#isSkipping = false
    this.#line++
    return found + 1
  }

  #skipComment(block: Uint8Array, start: number, isLast: boolean): number {
    const found = block.indexOf(this.#lineEnd, start)
    if (found < 0) return isLast ? block.length : NEEDS_MORE
    this.#line++
    return found + 1
  }

  /** Empties the cells whose text stands for "no value". */
  #dropAbsent(block: Uint8Array, firstCell: number, cellEnd: number): void {
    const { cellStarts, cellEnds, cellFlags } = this.#rows
    for (let cell = firstCell; cell < cellEnd; cell++) {
      if (cellFlags[cell] !== CELL_PLAIN) continue
      const start = cellStarts[cell]!
      const length = cellEnds[cell]! - start
      for (const text of this.#absent) {
        if (text.length === length && isTextAt(block, start, text)) cellEnds[cell] = start
      }
    }
  }
}

function areEmpty(rows: CsvRows, firstCell: number, cellEnd: number): boolean {
  for (let cell = firstCell; cell < cellEnd; cell++) {
    if (rows.cellStarts[cell] !== rows.cellEnds[cell]) return false
  }
  return true
}

function isTextAt(block: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (block[start + i] !== text[i]) return false
  return true
}
