import type { Buffer } from 'node:buffer'
import { MAX_ROW_BYTES } from '../batch/limits.ts'
import type { JsonRowReader } from './json-row-reader.ts'
import { countLines, type JsonLayout, type JsonPlace, JsonWalker } from './json-walker.ts'

/**
 * Reads a stretch of JSON objects that follow each other: concatenated or pretty-printed documents, with white space,
 * commas or evtx_dump's `Record 1` lines between them, or the elements of an array.
 *
 * @param bytes - Valid UTF-8, beginning between two rows.
 * @param place - Where the stretch begins in the layout.
 * @param startLine - Line number (1-based) of the first byte.
 * @param isLast - The input ends with this stretch: an object that breaks off is `truncated`.
 */
export function readJsonDocuments(
  rows: JsonRowReader,
  bytes: Buffer,
  layout: JsonLayout,
  place: JsonPlace,
  startLine: number,
  isLast: boolean,
): void {
  const walker = new JsonWalker(layout, place)
  let line = startLine
  let counted = 0
  while (walker.next(bytes, true)) {
    const { start, end } = walker
    line += countLines(bytes, counted, start)
    counted = start
    if (end - start > MAX_ROW_BYTES) rows.rejectTooLarge(bytes, start, end, line)
    else rows.readWholeRow(bytes, start, end, line, isLast && walker.isCutOff)
  }
}
