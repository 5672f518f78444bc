/** One line of CSV (RFC 4180) with its line end. */
export function formatCsvLine(cells: readonly string[]): string {
  return `${cells.map(escapeCsvCell).join(',')}\r\n`
}

/**
 * One cell of CSV. Text that a spreadsheet would run as a formula (beginning with `= + - @`, tab or carriage return) gets an
 * apostrophe before it; plain numbers are left alone.
 */
export function escapeCsvCell(text: string): string {
  if (text === '') return text
  const isNumber = /^[+-]?\d+(?:\.\d+)?$/.test(text)
  const safe = /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
