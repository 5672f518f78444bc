import { CR, type CsvDialect, LF } from './csv-dialect.ts'
import { CsvScanner } from './csv-scanner.ts'

/** A place between two rows. */
export interface CsvSplit {
  /** Offset behind the last complete row of the block; 0 when there is none. */
  readonly end: number
  /** Lines before that offset. */
  readonly lines: number
}

/**
 * Finds the last place in a block where one row ends and the next begins, so that several threads can each scan a part.
 * Without a quote in the block that is the last line end, found without reading rows.
 *
 * @param block - Begins at the start of a row.
 */
export function findCsvSplit(block: Uint8Array, dialect: CsvDialect): CsvSplit {
  const lineEnd = dialect.lineEnd === 'lf' ? LF : CR
  if (dialect.quote === undefined || !block.includes(dialect.quote)) {
    const end = block.lastIndexOf(lineEnd) + 1
    return { end, lines: countBytes(block, end, lineEnd) }
  }
  const scanner = new CsvScanner(dialect)
  let end = 0
  for (;;) {
    const { consumed, rowCount } = scanner.scan(block, end, false)
    end = consumed
    if (rowCount === 0) return { end, lines: scanner.line - 1 }
  }
}

function countBytes(block: Uint8Array, end: number, wanted: number): number {
  let count = 0
  for (let at = 0; at < end; at++) if (block[at] === wanted) count++
  return count
}
