import { Buffer } from 'node:buffer'
import { MAX_REJECT_TEXT, MAX_ROW_BYTES } from '../batch/limits.ts'
import type { RowWriter } from '../batch/row-writer.ts'
import type { StringColumn } from '../batch/value-columns.ts'
import { copyCsvCell } from '../csv/csv-cell.ts'
import type { CsvDialect } from '../csv/csv-dialect.ts'
import { type CsvRows, describeCsvProblem, ROW_OK } from '../csv/csv-rows.ts'
import { CsvScanner } from '../csv/csv-scanner.ts'

/** What a reader has to know of a delimiter-separated text. */
export interface CsvTable {
  readonly dialect: CsvDialect
  /** Names of the columns, in order. */
  readonly columns: readonly string[]
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = Buffer.from('0123456789abcdef')
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
 * is a JSON object of these cells, in the columns' order.
 */
export class CsvEventReader {
  readonly #writer: RowWriter
  readonly #table: CsvTable
  /** `"name":` of each column. */
  readonly #keys: readonly Uint8Array[]
  #columns: StringColumn[] = []
  #text: Uint8Array<ArrayBuffer> = new Uint8Array(64 * 1024)
  #textEnd = 0

  constructor(writer: RowWriter, table: CsvTable) {
    this.#writer = writer
    this.#table = table
    this.#keys = table.columns.map((name) => Buffer.from(`${JSON.stringify(name.toWellFormed())}:`))
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
    const scanner = new CsvScanner(dialect, {
      columnCount: columns.length,
      firstLine: startLine,
      maxRowBytes: MAX_ROW_BYTES,
      maxRows: 4096,
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
      0,
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
    const { cellStarts, cellEnds } = rows
    const { quote } = this.#table.dialect
    const eventRow = this.#writer.builder.row
    const firstCell = rows.rowCells[row]!
    const cellEnd = rows.rowCells[row + 1]!
    let at = 0
    this.#makeTextRoom(at, 2)
    this.#text[at++] = 0x7b
    for (let cell = firstCell; cell < cellEnd; cell++) {
      const length = cellEnds[cell]! - cellStarts[cell]!
      if (length === 0) continue
      const column = this.#columns[cell - firstCell]!
      column.reserve(length)
      const start = column.base + column.offsets[column.count]!
      const end = copyCsvCell(bytes, rows, cell, quote, column.bytes, start)
      if (end === start) continue
      column.close(eventRow, end)
      const key = this.#keys[cell - firstCell]!
      this.#makeTextRoom(at, key.length + (end - start) * 6 + 4)
      if (at > 1) this.#text[at++] = 0x2c
      this.#text.set(key, at)
      at = writeJsonString(column.bytes, start, end, this.#text, at + key.length)
    }
    this.#text[at++] = 0x7d
    this.#textEnd = at
  }

  #makeTextRoom(used: number, sizeBytes: number): void {
    if (this.#text.length - used >= sizeBytes + 1) return
    const grown = new Uint8Array(Math.max(this.#text.length * 2, used + sizeBytes + 1))
    grown.set(this.#text.subarray(0, used))
    this.#text = grown
  }
}

/** Writes UTF-8 text as a JSON string; returns where it ended. Needs up to six bytes for each, and two more. */
function writeJsonString(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let to = at
  target[to++] = QUOTE
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
  target[to++] = QUOTE
  return to
}
