/** One line of CSV (RFC 4180) with its line end. */
export function formatCsvLine(cells: readonly string[]): string {
  return `${cells.map(escapeCsvCell).join(',')}\r\n`
}

/**
 * The first line of a CSV: names of fields. As `formatCsvLine`, but `@` before a plain name (`@timestamp` of ECS) is left as
 * it is: no spreadsheet runs that, it takes `@SUM(A1)` with its bracket, and with the apostrophe the field would come back
 * under another name.
 */
export function formatCsvHeader(names: readonly string[]): string {
  return `${names.map((name) => (AT_NAME.test(name) ? name : escapeCsvCell(name))).join(',')}\r\n`
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
  const isPlain =
    delimiter === ',' ? !/[",\r\n]/.test(text) : !/["\r\n]/.test(text) && !text.includes(delimiter)
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}

// = + - @ tab carriage-return
const FORMULA_STARTS: ReadonlySet<number> = new Set([0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d])

/** Letters, digits, points and underscores, but not the name of a cell, `@A1`. */
const AT_NAME = /^@(?![A-Za-z]{1,3}\d+$)[A-Za-z_][\w.]*$/

function isPlainNumber(text: string): boolean {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text)
}
