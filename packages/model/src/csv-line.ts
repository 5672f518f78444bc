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
  return quoteCsvCell(FORMULA_STARTS.has(text.charCodeAt(0)) && !isPlainNumber(text) ? `'${text}` : text)
}

/**
 * One cell of CSV as it stands, formulas and all: for programs, not for spreadsheets.
 *
 * @param delimiter - One character. @default ,
 */
export function quoteCsvCell(text: string, delimiter: string = ','): string {
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
}

// = + - @ tab carriage-return
const FORMULA_STARTS: ReadonlySet<number> = new Set([0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d])

function isPlainNumber(text: string): boolean {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text)
}
