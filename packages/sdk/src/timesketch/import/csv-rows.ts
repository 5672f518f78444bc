import type { SourceRow } from './source-row.ts'

/** Longest record of a CSV file, in UTF-16 units: an unclosed quote would take in the rest of the file. */
export const MAX_RECORD_UNITS: number = 64 * 1024 * 1024

/**
 * Rows of CSV (RFC 4180; quotes, line ends inside of them, LF and CRLF). The first record names the columns. Empty cells are left out;
 * a record with too many or too few cells is told, not bent.
 *
 * @param delimiter - One character. @default ','
 * @param numericColumns - Columns whose digits become numbers; all others stay text.
 */
export async function* readCsvRows(
  text: AsyncIterable<string>,
  delimiter = ',',
  numericColumns: ReadonlySet<string> = new Set(),
): AsyncGenerator<SourceRow> {
  checkDelimiter(delimiter)
  let header: readonly string[] | undefined
  for await (const { line, cells, problem } of readRecords(text, delimiter)) {
    if (problem !== undefined) yield { line, problem }
    else if (!header) header = checkHeader(cells)
    else if (cells.length === 1 && cells[0] === '') continue
    else if (cells.length !== header.length)
      yield { line, problem: `expected ${header.length} cells, found ${cells.length}` }
    else yield { line, row: toRow(header, cells, numericColumns), columns: header }
  }
}

/** Names of the columns; none of an empty file. */
export async function readCsvHeader(
  text: AsyncIterable<string>,
  delimiter = ',',
): Promise<readonly string[]> {
  checkDelimiter(delimiter)
  for await (const { cells, problem } of readRecords(text, delimiter))
    if (problem === undefined) return cells.map((cell) => cell.trim())
  return []
}

function checkDelimiter(delimiter: string): void {
  if ([...delimiter].length !== 1 || /["\r\n]/.test(delimiter))
    throw new RangeError(
      `a delimiter is one character, neither quote nor line end, found ${JSON.stringify(delimiter)}`,
    )
}

function checkHeader(cells: readonly string[]): readonly string[] {
  const names = cells.map((cell) => cell.trim())
  const double = names.find((name, place) => names.indexOf(name) !== place)
  if (double !== undefined)
    throw new RangeError(`two columns of the CSV file are called ${JSON.stringify(double)}`)
  return names
}

function toRow(
  header: readonly string[],
  cells: readonly string[],
  numericColumns: ReadonlySet<string>,
): Record<string, unknown> {
  const entries: [string, unknown][] = []
  for (const [place, name] of header.entries()) {
    const cell = cells[place] ?? ''
    if (cell !== '') entries.push([name, numericColumns.has(name) ? toNumber(cell) : cell])
  }
  // A column may be called __proto__.
  return Object.fromEntries(entries)
}

function toNumber(cell: string): string | number | bigint {
  if (/^-?\d+$/.test(cell)) return Number.isSafeInteger(Number(cell)) ? Number(cell) : BigInt(cell)
  return /^-?\d+\.\d+(?:[eE][+-]?\d+)?$/.test(cell) ? Number(cell) : cell
}

interface CsvRecord {
  /** Of its first character, counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
  readonly problem?: string
}

async function* readRecords(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRecord> {
  let line = 1
  let startLine = 1
  let cells: string[] = []
  let cell = ''
  let state: 'start' | 'plain' | 'quoted' | 'quote' = 'start'
  let units = 0
  let skipsLineFeed = false
  for await (const part of text) {
    let at = 0
    while (at < part.length) {
      const character = part[at] ?? ''
      if (skipsLineFeed) {
        skipsLineFeed = false
        if (character === '\n') {
          at += 1
          continue
        }
      }
      if (state === 'quoted') {
        const quote = part.indexOf('"', at)
        const end = quote < 0 ? part.length : quote
        cell += part.slice(at, end)
        for (let feed = part.indexOf('\n', at); feed >= 0 && feed < end; feed = part.indexOf('\n', feed + 1))
          line += 1
        units += end - at
        at = end
        if (quote >= 0) {
          state = 'quote'
          at += 1
        }
      } else if (character === '"' && state === 'start') {
        state = 'quoted'
        at += 1
      } else if (character === '"' && state === 'quote') {
        cell += '"'
        state = 'quoted'
        at += 1
      } else if (character === delimiter) {
        cells.push(cell)
        cell = ''
        state = 'start'
        at += 1
      } else if (character === '\n' || character === '\r') {
        cells.push(cell)
        yield { line: startLine, cells }
        skipsLineFeed = character === '\r'
        line += 1
        startLine = line
        cells = []
        cell = ''
        state = 'start'
        units = 0
        at += 1
      } else {
        let end = at + 1
        while (end < part.length && !isSpecial(part[end] ?? '', delimiter)) end += 1
        cell += part.slice(at, end)
        units += end - at
        state = 'plain'
        at = end
      }
      if (units > MAX_RECORD_UNITS)
        throw new RangeError(
          `a record of the CSV file may have ${MAX_RECORD_UNITS} characters; that of line ${startLine} has more: is a quote not closed?`,
        )
    }
  }
  if (state === 'quoted') yield { line: startLine, cells, problem: 'a quote is not closed' }
  else if (cells.length > 0 || cell !== '' || state !== 'start')
    yield { line: startLine, cells: [...cells, cell] }
}

function isSpecial(character: string, delimiter: string): boolean {
  return character === delimiter || character === '\n' || character === '\r'
}
