import { formatCsvHeader, formatCsvLine } from '@timeskein/model'

/** Rows as CSV with a header of all their columns; objects and lists stand in cells as JSON, null as nothing. */
export function writeCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = rows.map((row) => formatCsvLine(names.map((name) => toCell(row[name]))))
  return formatCsvHeader(names) + lines.join('')
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
