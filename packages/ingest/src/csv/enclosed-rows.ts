import { CR, type CsvDialect, LF } from './csv-dialect.ts'

/** Lines that are looked at, beginning with the first. */
const SAMPLED_LINES = 1000
/** Fewer lines than these show nothing. */
const LEAST_LINES = 3
/** Share of the lines that must be rows. */
const ENOUGH_ROWS = 0.9

/**
 * Whether the lines that a quote encloses look like rows of the table, each with as many cells as it has columns: then the
 * quote was a stray one. Text of several lines has other numbers of delimiters in most of them.
 *
 * @param start - Behind the line in which the quote was opened.
 * @param end - Exclusive; a line that has not ended there is not looked at.
 * @param columnCount - Two at least; with fewer every line is a row, and nothing is shown.
 */
export function enclosesRows(
  block: Uint8Array,
  start: number,
  end: number,
  dialect: CsvDialect,
  columnCount: number,
): boolean {
  if (columnCount < 2) return false
  const lineEnd = dialect.lineEnd === 'lf' ? LF : CR
  let rows = 0
  let lines = 0
  let cells = 1
  let lineStart = start
  for (let at = start; at < end && lines < SAMPLED_LINES; at++) {
    const byte = block[at]
    if (byte === dialect.delimiter) cells++
    else if (byte === lineEnd) {
      const isBlank = at === lineStart || (at === lineStart + 1 && block[lineStart] === CR)
      if (!isBlank) lines++
      if (cells === columnCount) rows++
      cells = 1
      lineStart = at + 1
    }
  }
  return lines >= LEAST_LINES && rows >= lines * ENOUGH_ROWS
}
