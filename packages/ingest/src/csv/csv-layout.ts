import { TimeReader } from '../time/time-reader.ts'
import { decodeCsvCell } from './csv-cell.ts'
import { CR, type CsvDialect, type CsvLayout, HASH, LF, QUOTE, TAB } from './csv-dialect.ts'
import { makeUniqueNames, nameColumns } from './csv-header.ts'
import { CsvScanner } from './csv-scanner.ts'
import { detectDirectiveLayout } from './directive-layout.ts'

/** What is known beforehand of a delimiter-separated text; all may be left out. */
export interface CsvLayoutOptions {
  /** One character. @default detected among comma, semicolon, tab and bar */
  readonly delimiter?: string
  /** Whether the first row has the names. @default detected */
  readonly hasHeader?: boolean
  /** Somebody says that it is a table: rows of different lengths make no log of it. @default false */
  readonly isTable?: boolean
  /** True when the sample is the whole text, so that its last row counts. @default false */
  readonly isWhole?: boolean
}

const SEPARATOR = 0x3b
const COMMA = 0x2c
const BAR = 0x7c
const APOSTROPHE = 0x27
const CANDIDATES: readonly number[] = [COMMA, SEPARATOR, TAB, BAR]
const SAMPLE_ROWS = 200
/** Share of the sampled rows that must have one and the same number of cells. */
const ENOUGH_ALIKE = 0.75
/** The same, for rows as long as the first, where the cells of that look like names. */
const ENOUGH_BESIDE_NAMES = 0.3
/** The same for lines with times of which no row holds the names: they may well be a log's. One row may differ in any case. */
const ENOUGH_OF_LOG_LINES = 0.9
/** Rows after the first up to which a table is judged by its header: a share of so few rows says nothing. */
const FEW_ROWS = 10
const NAME = /^[\w @.:#()/%-]{1,60}$/
/** Share of the rows that must have more cells than the header before columns are added for them. */
const ENOUGH_LONGER = 0.95

interface Reading {
  readonly dialect: CsvDialect
  readonly rows: readonly (readonly string[])[]
  /** Where each row begins, and its line. */
  readonly starts: readonly number[]
  readonly lines: readonly number[]
  /** Whether the first row has the names. */
  readonly hasHeader: boolean
  /** Looks whether the text could be a log, as nobody says that it is none. */
  readonly mayBeLog: () => boolean
  /** The most frequent number of cells of the rows after the first, and the share of them that has it, or only empty cells more. */
  readonly width: number
  readonly alike: number
}

/**
 * Finds out how a delimiter-separated text is written and what its columns are called.
 *
 * Of the candidate delimiters that one counts which gives the most rows with an equal number of cells, two at least. A
 * table of few rows is known by a header of different names, however broken its rows are; lines with times of which none
 * holds names by rows that are nearly all of one length, since they may be a log. A first line `sep=;`
 * (spreadsheets) is obeyed; Zeek's `#separator` and W3C's `#Fields:` preambles are read. The first row holds the names
 * unless one of its cells is a time or an address, or half of them are numbers. Empty names become `column_N`, repeated
 * ones get `_2`, `_3`. When nearly all rows have the same number of cells more than the header (as Event Viewer's exports
 * do), columns are added at its end.
 *
 * @param sample - The beginning of the text, UTF-8, with or without a byte order mark; 64 KiB to 1 MiB serve well, more where one row is longer.
 * @param hasDatedLines - Looks whether the text would be a log if it turns out to be no table; asked once at most. @default it would not
 * @returns Undefined when the text is not delimiter-separated: no delimiter gives even rows of two or more cells (rows at all, where
 *   somebody says that it is a table).
 */
export function detectCsvLayout(
  sample: Uint8Array,
  options: CsvLayoutOptions = {},
  hasDatedLines: () => boolean = () => false,
): CsvLayout | undefined {
  const hasMark = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf
  const textStart = hasMark ? 3 : 0
  const { isWhole = false, isTable = false } = options
  const lineEnd = sample.includes(LF) || !sample.includes(CR) ? 'lf' : 'cr'
  if (sample[textStart] === HASH) {
    const layout = detectDirectiveLayout(sample, textStart)
    if (layout) return layout
  }
  const hint = readSeparatorLine(sample, textStart, lineEnd)
  const start = hint?.next ?? textStart
  const firstLine = hint ? 2 : 1
  const given = options.delimiter?.charCodeAt(0) ?? hint?.delimiter
  const quote = detectQuote(sample, start, given)
  const isOpen = options.hasHeader === undefined && given === undefined && !isTable
  let areDated: boolean | undefined
  const mayBeLog = (): boolean => {
    areDated ??= isOpen && hasDatedLines()
    return areDated
  }
  const isAcceptable = (reading: Reading): boolean =>
    given !== undefined || isEven(reading) || (isTable && reading.width > 1)
  let best: Reading | undefined
  for (const delimiter of given === undefined ? CANDIDATES : [given]) {
    const dialect: CsvDialect = { delimiter, quote, lineEnd, comment: undefined, absent: [] }
    const reading = readSample(sample, start, dialect, firstLine, { ...options, isWhole, mayBeLog })
    if (!reading || !isAcceptable(reading)) continue
    if (best === undefined || isBetter(reading, best)) best = reading
  }
  return best && makeLayout(best, sample.length)
}

function isEven({ rows, hasHeader, mayBeLog, width, alike }: Reading): boolean {
  const first = rows[0]!
  if (first.length < 2) return false
  if (rows.length - 1 <= FEW_ROWS && isClearHeader(first)) return true
  if (width < 2) return false
  const isOneOther = alike >= ENOUGH_ALIKE && (rows.length - 1) * (1 - alike) < 1.5
  if (!hasHeader && alike < ENOUGH_OF_LOG_LINES && !isOneOther && mayBeLog()) return false
  if (!hasHeader || alike >= ENOUGH_ALIKE) return alike >= ENOUGH_ALIKE
  const fitting = rows.filter((row) => row.length === first.length).length / rows.length
  return fitting >= ENOUGH_BESIDE_NAMES && first.every((cell) => NAME.test(cell.trim()))
}

/** Different names with no space around them, as prose has behind its commas; the first of them begins with a letter or `@`. */
function isClearHeader(cells: readonly string[]): boolean {
  const areNames = cells.every((cell) => NAME.test(cell) && cell.trim() === cell)
  return (
    areNames && new Set(cells).size === cells.length && /^[a-z@_]/i.test(cells[0]!) && looksLikeHeader(cells)
  )
}

function makeLayout(reading: Reading, sampleEnd: number): CsvLayout {
  const { dialect, rows, starts, lines, hasHeader, width } = reading
  const first = rows[0]!
  const format = dialect.delimiter === TAB ? 'tsv' : 'csv'
  const columns = hasHeader ? makeUniqueNames(first) : nameColumns(width)
  const data = rows.slice(1)
  const isLonger =
    hasHeader &&
    width > columns.length &&
    data.filter((row) => row.length === width).length >= data.length * ENOUGH_LONGER
  const all = isLonger
    ? makeUniqueNames([...first, ...Array<string>(width - first.length).fill('')])
    : columns
  const dataRow = hasHeader ? 1 : 0
  return {
    dialect,
    columns: all,
    hasHeader,
    headerStart: starts[0]!,
    dataStart: starts[dataRow] ?? sampleEnd,
    dataLine: lines[dataRow] ?? lines[0]! + 1,
    format,
    reason:
      `${all.length} columns parted by ${nameDelimiter(dialect.delimiter)}, ` +
      (hasHeader ? 'named in the first row' : 'without a row of names') +
      (isLonger ? `; ${width - first.length} more than the header has, as in nearly all rows` : ''),
  }
}

function readSample(
  bytes: Uint8Array,
  start: number,
  dialect: CsvDialect,
  firstLine: number,
  { hasHeader, isWhole = false, mayBeLog }: CsvLayoutOptions & { readonly mayBeLog: () => boolean },
): Reading | undefined {
  const scanner = new CsvScanner(dialect, { maxRows: SAMPLE_ROWS, firstLine })
  let scanned = scanner.scan(bytes, start, isWhole)
  // A sample that holds less than one row still shows its header.
  if (scanned.rowCount === 0)
    scanned = new CsvScanner(dialect, { maxRows: SAMPLE_ROWS, firstLine }).scan(bytes, start, true)
  const rows: string[][] = []
  const starts: number[] = []
  const lines: number[] = []
  const widths = new Map<number, number>()
  for (let row = 0; row < scanned.rowCount; row++) {
    const cells: string[] = []
    for (let cell = scanned.rowCells[row]!; cell < scanned.rowCells[row + 1]!; cell++) {
      cells.push(decodeCsvCell(bytes, scanned, cell, dialect.quote))
    }
    rows.push(cells)
    starts.push(scanned.rowStarts[row]!)
    lines.push(scanned.rowLines[row]!)
    if (row > 0 || scanned.rowCount === 1) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1)
  }
  if (rows.length === 0) return undefined
  if (rows.length === 1) {
    starts.push(scanned.consumed)
    lines.push(scanner.line)
  }
  let width = 0
  let most = 0
  for (const [count, times] of widths) {
    if (times > most || (times === most && count > width)) {
      most = times
      width = count
    }
  }
  const data = rows.length === 1 ? rows : rows.slice(1)
  return {
    dialect,
    rows,
    starts,
    lines,
    hasHeader: hasHeader ?? looksLikeHeader(rows[0]!),
    mayBeLog,
    width,
    alike: data.filter((row) => hasWidth(row, width)).length / data.length,
  }
}

/** Whether a row has as many cells, or more of which those behind are empty. */
function hasWidth(row: readonly string[], width: number): boolean {
  return row.length >= width && row.slice(width).every((cell) => cell === '')
}

function isBetter(one: Reading, other: Reading): boolean {
  if (isEven(one) !== isEven(other)) return isEven(one)
  const isHeaderEven = one.rows[0]!.length === one.width
  if (isHeaderEven !== (other.rows[0]!.length === other.width)) return isHeaderEven
  if (Math.abs(one.alike - other.alike) > 0.1) return one.alike > other.alike
  return one.width > other.width
}

/** `sep=;` in the first line, as spreadsheet programs write it. */
function readSeparatorLine(
  bytes: Uint8Array,
  start: number,
  lineEnd: 'lf' | 'cr',
): { readonly delimiter: number; readonly next: number } | undefined {
  const end = bytes.indexOf(lineEnd === 'lf' ? LF : CR, start)
  if (end < 0 || end - start > 8) return undefined
  const line = new TextDecoder().decode(bytes.subarray(start, end))
  const match = /^"?sep=([^\r\n])"?\r?$/i.exec(line)
  return match && match[1]!.charCodeAt(0) < 128
    ? { delimiter: match[1]!.charCodeAt(0), next: end + 1 }
    : undefined
}

/** The apostrophe, when cells begin with it far more often than with the usual quote; else that. */
function detectQuote(bytes: Uint8Array, start: number, delimiter: number | undefined): number {
  let quotes = 0
  let apostrophes = 0
  let closed = 0
  const end = Math.min(bytes.length, start + (1 << 16))
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte !== QUOTE && byte !== APOSTROPHE) continue
    const isOpening = at === start || isBorder(bytes[at - 1]!, delimiter)
    if (isOpening && byte === QUOTE) quotes++
    if (isOpening && byte === APOSTROPHE) apostrophes++
    if (byte === APOSTROPHE && !isOpening && (at + 1 >= end || isBorder(bytes[at + 1]!, delimiter))) closed++
  }
  return apostrophes > 1 && quotes === 0 && closed >= apostrophes * 0.9 ? APOSTROPHE : QUOTE
}

function isBorder(byte: number, delimiter: number | undefined): boolean {
  if (byte === LF || byte === CR) return true
  return delimiter === undefined ? CANDIDATES.includes(byte) : byte === delimiter
}

function looksLikeHeader(cells: readonly string[]): boolean {
  const reader = new TimeReader()
  let numbers = 0
  let texts = 0
  for (const cell of cells) {
    const text = cell.trim()
    if (text === '') continue
    texts++
    if (/^[-+]?[\d.,]+$/.test(text)) numbers++
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return false
    else if (text.length > 5 && /\d/.test(text) && /[:/.-]/.test(text) && reader.readText(text)) return false
  }
  return texts > 0 && numbers * 2 < texts
}

function nameDelimiter(byte: number): string {
  if (byte === TAB) return 'tabs'
  if (byte === 0x20) return 'spaces'
  return JSON.stringify(String.fromCharCode(byte))
}
