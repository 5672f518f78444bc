import { Buffer } from 'node:buffer'
import { MAX_REJECT_TEXT, MAX_ROW_BYTES } from '../batch/limits.ts'
import type { RowWriter } from '../batch/row-writer.ts'
import { COPY_SLACK, ROW_BYTES, ROW_START, type TextKernel } from '../batch/text-kernel.ts'
import { growBytes, type StringColumn } from '../batch/value-columns.ts'
import { copyCsvCell } from '../csv/csv-cell.ts'
import type { CsvDialect } from '../csv/csv-dialect.ts'
import { CELL_ESCAPED, type CsvRows, describeCsvProblem, ROW_OK } from '../csv/csv-rows.ts'
import { CsvScanner } from '../csv/csv-scanner.ts'

/** What a reader has to know of a delimiter-separated text. */
export interface CsvTable {
  readonly dialect: CsvDialect
  /** Names of the columns, in order. */
  readonly columns: readonly string[]
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
/** Bytes of the longest escape, `\u001f`. */
const MAX_ESCAPE_BYTES = 6
const HEX = Buffer.from('0123456789abcdef')
/** Rows scanned in one go: so few that their cells stay in the processor's cache. */
const SCANNED_ROWS = 512
/** What stands after the backslash for a byte that JSON escapes; 1 for those written as `\u00xx`; 0 for all others. */
const ESCAPES = new Uint8Array(256).fill(1, 0, 0x20)
for (const [byte, letter] of [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const) {
  ESCAPES[byte] = letter.charCodeAt(0)
}

/**
 * Reads delimiter-separated rows as events: each non-empty cell becomes a text value of its column, and the row's source
 * is a JSON object of these cells, in the columns' order, without space, escaping what must be and nothing else.
 *
 * Where the writer's columns are in the memory of a kernel, and the bytes too, the kernel writes the cells.
 */
export class CsvEventReader {
  readonly #writer: RowWriter
  readonly #table: CsvTable
  readonly #kernel: TextKernel | undefined
  /** `,"name":"` of each column. */
  readonly #names: readonly Uint8Array[]
  /** Bytes of a row's source besides its cells: names, closing quotes, brace. */
  readonly #frameBytes: number
  /** Where the names stand in the kernel's memory. */
  #nameStarts: readonly number[] | undefined
  #columns: StringColumn[] = []
  /** The row's source text: in the kernel's memory or in a buffer of the reader's own. */
  #text: Uint8Array<ArrayBuffer>
  #textStart = 0
  #textEnd = 0
  #ownText: Uint8Array<ArrayBuffer> = new Uint8Array(0)

  constructor(writer: RowWriter, table: CsvTable) {
    this.#writer = writer
    this.#table = table
    this.#kernel = writer.builder.kernel
    this.#names = table.columns.map((name) => Buffer.from(`,${JSON.stringify(name.toWellFormed())}:"`))
    this.#frameBytes = this.#names.reduce((sum, { length }) => sum + length + 1, 2)
    this.#text = this.#ownText
    this.#bindColumns()
  }

  /**
   * Reads a stretch of whole rows.
   *
   * @param bytes - Valid UTF-8, beginning at the start of a row and ending at the end of one.
   * @param startLine - Line number (1-based) of the first row.
   */
  read(bytes: Buffer, startLine: number): void {
    const { dialect, columns } = this.#table
    const kernel = this.#kernel
    const isInKernel = kernel !== undefined && bytes.buffer === kernel.bytes.buffer
    this.#nameStarts = isInKernel ? kernel.keepNames(this.#names) : undefined
    const scanner = new CsvScanner(dialect, {
      columnCount: columns.length,
      firstLine: startLine,
      maxRowBytes: MAX_ROW_BYTES,
      maxRows: SCANNED_ROWS,
      kernel,
    })
    for (let at = 0; at < bytes.length; ) {
      const rows = scanner.scan(bytes, at, true)
      for (let row = 0; row < rows.rowCount; row++) this.#readRow(bytes, rows, row)
      if (rows.consumed === at) return
      at = rows.consumed
    }
  }

  #readRow(bytes: Buffer, rows: CsvRows, row: number): void {
    if (this.#writer.makeRoom()) this.#bindColumns()
    const line = rows.rowLines[row]!
    const start = rows.rowStarts[row]!
    const end = rows.rowEnds[row]!
    const getRaw = (): string => bytes.toString('utf8', start, Math.min(end, start + MAX_REJECT_TEXT))
    if (rows.rowProblems[row] !== ROW_OK) {
      const { reason, detail } = describeCsvProblem(rows, row, this.#table.columns.length)
      this.#writer.rejectRow(line, reason, detail, getRaw())
      return
    }
    this.#writeValues(bytes, rows, row)
    this.#writer.keepRow(
      line,
      this.#text,
      this.#textStart,
      this.#textEnd,
      () => this.#writeValues(bytes, rows, row),
      getRaw,
    )
  }

  #bindColumns(): void {
    const { builder } = this.#writer
    this.#columns = this.#table.columns.map((name) => builder.stringColumn(name.toWellFormed()))
  }

  /** Writes the row's cells into the columns and into the JSON text. */
  #writeValues(bytes: Buffer, rows: CsvRows, row: number): void {
    const sizeBytes =
      (rows.rowEnds[row]! - rows.rowStarts[row]!) * MAX_ESCAPE_BYTES + this.#frameBytes + COPY_SLACK
    if (this.#nameStarts !== undefined && sizeBytes <= ROW_BYTES) {
      this.#copyValues(bytes, rows, row, this.#kernel!, this.#nameStarts)
      return
    }
    const { cellStarts, cellEnds } = rows
    const eventRow = this.#writer.builder.row
    const firstCell = rows.rowCells[row]!
    const cellEnd = rows.rowCells[row + 1]!
    let at = 0
    this.#makeTextRoom(at, 2)
    for (let cell = firstCell; cell < cellEnd; cell++) {
      if (cellStarts[cell] === cellEnds[cell]) continue
      const column = this.#columns[cell - firstCell]!
      const start = this.#appendCell(bytes, rows, cell, column, eventRow)
      if (start < 0) continue
      const end = column.base + column.offsets[column.count]!
      const name = this.#names[cell - firstCell]!
      this.#makeTextRoom(at, name.length + measureJsonText(column.bytes, start, end) + 2)
      this.#ownText.set(name, at)
      at = writeJsonText(column.bytes, start, end, this.#ownText, at + name.length)
      this.#ownText[at++] = QUOTE
    }
    this.#endText(this.#ownText, 0, at)
  }

  /** As `#writeValues`, where the bytes are in the kernel's memory and the row's text has room there. */
  #copyValues(
    bytes: Buffer,
    rows: CsvRows,
    row: number,
    kernel: TextKernel,
    nameStarts: readonly number[],
  ): void {
    const { cellStarts, cellEnds, cellFlags } = rows
    const { byteOffset } = bytes
    const text = kernel.bytes
    const columns = this.#columns
    const names = this.#names
    const eventRow = this.#writer.builder.row
    const firstCell = rows.rowCells[row]!
    const cellEnd = rows.rowCells[row + 1]!
    let at = ROW_START
    for (let cell = firstCell, i = 0; cell < cellEnd; cell++, i++) {
      const cellStart = cellStarts[cell]!
      const length = cellEnds[cell]! - cellStart
      if (length === 0) continue
      const column = columns[i]!
      const nameSize = names[i]!.length
      if (column.capacity - column.offsets[column.count]! < length + COPY_SLACK)
        column.reserve(length + COPY_SLACK)
      if (column.isInKernel && cellFlags[cell] !== CELL_ESCAPED) {
        const to = column.base + column.offsets[column.count]!
        at = kernel.writeCell(cellStart + byteOffset, length, to, nameStarts[i]!, nameSize, at)
        column.close(eventRow, to + length)
      } else {
        const start = this.#appendCell(bytes, rows, cell, column, eventRow)
        if (start < 0) continue
        const end = column.base + column.offsets[column.count]!
        // A text may be copied to where it is.
        if (column.isInKernel) at = kernel.writeCell(start, end - start, start, nameStarts[i]!, nameSize, at)
        else {
          text.set(names[i]!, at)
          at = writeJsonText(column.bytes, start, end, text, at + nameSize)
        }
      }
      text[at++] = QUOTE
    }
    this.#endText(text, ROW_START, at)
  }

  /** Appends a cell's text to its column; returns where in the column's bytes it begins, -1 when it is empty. */
  #appendCell(bytes: Buffer, rows: CsvRows, cell: number, column: StringColumn, eventRow: number): number {
    column.reserve(rows.cellEnds[cell]! - rows.cellStarts[cell]!)
    const start = column.base + column.offsets[column.count]!
    const end = copyCsvCell(bytes, rows, cell, this.#table.dialect.quote, column.bytes, start)
    if (end === start) return -1
    column.close(eventRow, end)
    return start
  }

  /** Ends the row's text, of which the members stand there, each with a comma in front. */
  #endText(text: Uint8Array<ArrayBuffer>, start: number, membersEnd: number): void {
    let at = Math.max(membersEnd, start + 1)
    text[start] = OPEN_BRACE
    text[at++] = CLOSE_BRACE
    this.#text = text
    this.#textStart = start
    this.#textEnd = at
  }

  #makeTextRoom(used: number, sizeBytes: number): void {
    if (this.#ownText.length - used >= sizeBytes) return
    this.#ownText = growBytes(this.#ownText, used, used + sizeBytes)
  }
}

/** Bytes that the text needs in a JSON string, quotes apart. */
function measureJsonText(source: Uint8Array, start: number, end: number): number {
  let sizeBytes = end - start
  for (let at = start; at < end; at++) {
    const letter = ESCAPES[source[at]!]!
    if (letter > 0) sizeBytes += letter > 1 ? 1 : MAX_ESCAPE_BYTES - 1
  }
  return sizeBytes
}

/** Writes UTF-8 text as that of a JSON string, quotes apart; returns where it ended. */
function writeJsonText(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let to = at
  for (let from = start; from < end; from++) {
    const byte = source[from]!
    const letter = ESCAPES[byte]!
    if (letter === 0) target[to++] = byte
    else {
      target[to++] = BACKSLASH
      if (letter > 1) target[to++] = letter
      else {
        target[to++] = 0x75
        target[to++] = 0x30
        target[to++] = 0x30
        target[to++] = HEX[byte >> 4]!
        target[to++] = HEX[byte & 15]!
      }
    }
  }
  return to
}
