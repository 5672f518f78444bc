import { MAX_BATCH_ROWS } from '../batch/limits.ts'
import type { TextKernel } from '../batch/text-kernel.ts'
import { CR, type CsvDialect, LF } from './csv-dialect.ts'
import { CsvScanner } from './csv-scanner.ts'

/** A place between two rows. */
export interface CsvSplit {
  /** Offset behind the last complete row of the block, or behind as many whole batches of rows as it holds; 0 when there is none. */
  readonly end: number
  /** Lines before that offset. */
  readonly lines: number
}

/** What may be said about the split of a block; all may be left out. */
export interface CsvSplitOptions {
  /** Wanted cells per row, as for the scanner that will read them. @default no check */
  readonly columnCount?: number
  /** True when nothing follows the block: a last row without line end is then complete. @default false */
  readonly isLast?: boolean
  /** Looks at the block faster. @default none */
  readonly kernel?: TextKernel | undefined
}

/**
 * Finds a place in a block where one row ends and the next begins, so that several threads can each scan a part: behind a
 * multiple of `MAX_BATCH_ROWS` rows, so that batches are full ones, or behind the last complete row when there are fewer.
 * Without a quote in the block rows are lines, and none is read.
 *
 * @param block - Begins at the start of a row.
 */
export function findCsvSplit(
  block: Uint8Array,
  dialect: CsvDialect,
  options: CsvSplitOptions = {},
): CsvSplit {
  if (dialect.quote === undefined || !block.includes(dialect.quote)) {
    return findLineSplit(block, dialect.lineEnd === 'lf' ? LF : CR, options.isLast)
  }
  // Whether a row is too long is for the caller to say, who knows how much of it is there.
  const { isLast = false, ...rest } = options
  const scanner = new CsvScanner(dialect, { ...rest, maxRows: SCANNED_ROWS, maxRowBytes: Infinity })
  let split: CsvSplit = { end: 0, lines: 0 }
  let end = 0
  let rows = 0
  for (;;) {
    const { consumed, rowCount } = scanner.scan(block, end, isLast)
    end = consumed
    rows += rowCount
    if (rowCount < SCANNED_ROWS) return split.end > 0 ? split : { end, lines: scanner.line - 1 }
    if (rows % MAX_BATCH_ROWS === 0) split = { end, lines: scanner.line - 1 }
  }
}

/** Rows looked at in one go, a part of `MAX_BATCH_ROWS`: so few that their cells stay in the processor's cache. */
const SCANNED_ROWS = 512

/** As `findCsvSplit`, for rows that are lines. */
export function findLineSplit(block: Uint8Array, lineEnd: number, isLast = false): CsvSplit {
  let split: CsvSplit = { end: 0, lines: 0 }
  let end = 0
  let lines = 0
  for (let at = block.indexOf(lineEnd); at >= 0; at = block.indexOf(lineEnd, end)) {
    end = at + 1
    lines++
    if (lines % MAX_BATCH_ROWS === 0) split = { end, lines }
  }
  return split.end > 0 ? split : { end: isLast ? block.length : end, lines }
}
