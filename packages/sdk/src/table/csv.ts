/** Takes a cell apart where it must be quoted (RFC 4180, section 2). */
const NEEDS_QUOTES = /[",\r\n]/
/** What a spreadsheet would run as a formula (OWASP, "CSV Injection"). */
const IS_FORMULA = /^[=+\-@\t\r]/
const IS_NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** A line of CSV with its end (RFC 4180). Cells that a spreadsheet would run get an apostrophe; numbers do not. */
export function toCsvLine(cells: readonly string[]): string {
  return `${cells.map(toCsvCell).join(',')}\r\n`
}

function toCsvCell(text: string): string {
  const safe = IS_FORMULA.test(text) && !IS_NUMBER.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
