import type { Buffer } from 'node:buffer'
import { MAX_ROW_BYTES } from '../batch/limits.ts'
import type { JsonRowReader } from './json-row-reader.ts'

const LINE_FEED = 0x0a

/**
 * Reads a stretch of JSON lines (one object a line; several on one line are several rows; blank lines are none).
 *
 * @param bytes - Valid UTF-8, beginning at the start of a line.
 * @param startLine - Line number (1-based) of the first line.
 * @param isLast - The input ends with this stretch: a last line that breaks off is `truncated`.
 * @returns How many lines were seen, the one without line end included.
 */
export function readJsonLines(
  rows: JsonRowReader,
  bytes: Buffer,
  startLine: number,
  isLast: boolean,
): number {
  let line = startLine
  let at = 0
  while (at < bytes.length) {
    const found = bytes.indexOf(LINE_FEED, at)
    const end = found < 0 ? bytes.length : found
    readLine(rows, bytes, at, end, line, isLast && found < 0)
    line++
    at = end + 1
  }
  return line - startLine
}

function readLine(
  rows: JsonRowReader,
  bytes: Buffer,
  lineStart: number,
  lineEnd: number,
  line: number,
  isOpenEnd: boolean,
): void {
  let end = lineEnd
  while (end > lineStart && bytes[end - 1]! <= 0x20 && bytes[end - 1] !== 0) end--
  let at = lineStart
  while (at < end) {
    while (bytes[at]! <= 0x20 && bytes[at] !== 0) at++
    if (end - at > MAX_ROW_BYTES) {
      rows.rejectTooLarge(bytes, at, end, line)
      return
    }
    at = rows.readRow(bytes, at, end, line, isOpenEnd)
  }
}
