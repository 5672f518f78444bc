/** Rows of a report, cut in the middle when there are many. */
export interface ReportTable {
  readonly columns: readonly string[]
  /** The first rows, each with its number from 0. */
  readonly head: readonly ReportRow[]
  /** The last rows; empty when nothing was cut. */
  readonly tail: readonly ReportRow[]
  /** Rows there are. */
  readonly total: number
}

/** One row with its number. */
export interface ReportRow {
  readonly number: number
  readonly cells: readonly string[]
}

/** Rows at the beginning of a table that is cut. */
export const HEAD_ROWS = 20
/** Rows at the end of a table that is cut. */
export const TAIL_ROWS = 5

/**
 * Objects as a table: a column for each member, in the order in which they appear.
 *
 * @param headRows - Rows at its beginning when it is cut.
 */
export function tableOf(objects: readonly unknown[], headRows: number = HEAD_ROWS): ReportTable {
  const rows = objects.filter(
    (row): row is Record<string, unknown> => row !== null && typeof row === 'object',
  )
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const all = rows.map((row, number) => ({ number, cells: columns.map((name) => cellText(row[name])) }))
  const isCut = all.length > headRows + TAIL_ROWS
  return {
    columns,
    head: isCut ? all.slice(0, headRows) : all,
    tail: isCut ? all.slice(-TAIL_ROWS) : [],
    total: all.length,
  }
}

/** A value as a cell shows it. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
