import { lines, type Prose } from '../prose.ts'
import { showControlCodes } from '../terminal-text.ts'

const IS_NUMBER = /^[+-]?\d+(?:\.\d+)?$/

/** Columns under their names, aligned to the right and as wide as their widest cell: Timesketch's `text`. */
export function formatPlain(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  hasHeader: boolean,
): Prose {
  const all = shown(hasHeader ? [header, ...rows] : rows)
  const widths = header.map((_name, column) => widest(all, column))
  return lines(all.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join(' ')))
}

/** Columns in a frame of lines, numbers aligned to the right: Timesketch's `tabular`. Nothing is cut. */
export function formatGrid(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  hasHeader: boolean,
): Prose {
  const cells = shown(rows)
  const [names = []] = shown([header])
  // A name has room for two more, as there.
  const widths = names.map((name, column) => Math.max(hasHeader ? name.length + 2 : 0, widest(cells, column)))
  const isNumeric = names.map(
    (_name, column) =>
      cells.length > 0 && cells.every((row) => IS_NUMBER.test(row[column] ?? '') || row[column] === ''),
  )
  const drawRow = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(row[column] ?? '', width, isNumeric[column] === true)).join(' | ')} |`
  const frame = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('+')}|`
  return lines([frame, ...(hasHeader ? [drawRow(names), rule] : []), ...cells.map(drawRow), frame])
}

function pad(cell: string, width: number, isNumeric: boolean): string {
  return isNumeric ? cell.padStart(width) : cell.padEnd(width)
}

function shown(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return rows.map((row) => row.map(showControlCodes))
}

function widest(rows: readonly (readonly string[])[], column: number): number {
  return rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0)
}
