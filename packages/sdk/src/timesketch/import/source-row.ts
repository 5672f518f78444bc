import type { ImportRow } from './to-event.ts'

/** What a reader makes of one row of a source: the row, or why there is none. */
export type SourceRow = { readonly line: number } & (
  | {
      readonly row: ImportRow
      /** What all rows of the source have, where it says so: a row has not those that are empty in it. */
      readonly columns?: readonly string[]
    }
  | { readonly problem: string }
)

/** Rows of any iterable; their number stands for the line, counted from 1. */
export async function* numberRows(
  rows: Iterable<ImportRow> | AsyncIterable<ImportRow>,
): AsyncGenerator<SourceRow> {
  let line = 0
  for await (const row of rows) {
    line += 1
    const isObject = typeof row === 'object' && row !== null && !Array.isArray(row)
    yield isObject ? { line, row } : { line, problem: 'expected an object' }
  }
}
