import { bold, lines, type Prose } from './prose.ts'
import { showControlCodes } from './terminal-text.ts'

/** How a table is drawn. */
export interface TableOptions {
  /** Width to fit into, in columns; the widest columns are cut, but none of times or numbers. */
  readonly width: number
  readonly color: boolean
  /** Columns that are never cut: what stands there is typed again, as ids are. */
  readonly whole?: readonly string[]
}

const GAP = '  '
const MIN_WIDTH = 8
// A time or a number: cut, it would be another one.
const MEASURE = /^(?:[+-]?\d{4,}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|[\d,]*)$/

/** Draws rows under a header, columns as wide as their widest cell, one line a row whatever the cells hold. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): Prose {
  const titles = header.map(showControlCodes)
  const cells = rows.map((row) => row.map(showControlCodes))
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  )
  const last = widths.length - 1
  const isWhole = header.map(
    (title, column) => options.whole?.includes(title) || rows.every((row) => MEASURE.test(row[column] ?? '')),
  )
  shrinkWidths(widths, isWhole, options.width - last * GAP.length)
  const drawLine = (line: readonly string[]): string =>
    line
      .map((cell, column) => cutTo(cell, widths[column] ?? 0, column === last))
      .join(GAP)
      .trimEnd()
  const title = drawLine(titles)
  return lines([options.color ? bold(title) : title, ...cells.map(drawLine)])
}

// The widest columns give way, down to a width that still says something.
function shrinkWidths(widths: number[], isWhole: readonly boolean[], available: number): void {
  for (let sum = widths.reduce((all, width) => all + width, 0); sum > available; ) {
    const cuttable = widths.map((width, column) => (isWhole[column] ? 0 : width))
    const widest = Math.max(...cuttable)
    if (widest <= MIN_WIDTH) return
    const place = cuttable.indexOf(widest)
    const next = Math.max(
      MIN_WIDTH,
      ...cuttable.filter((width, other) => other !== place && width !== widest),
    )
    const cut = Math.min(widest - next, sum - available) || 1
    widths[place] = widest - cut
    sum -= cut
  }
}

function cutTo(cell: string, width: number, isLast: boolean): string {
  // A character of two units is not cut in half.
  if (cell.length > width)
    return `${cell.slice(0, width - 1).replace(/[\ud800-\udbff]$/, '')}…`.padEnd(isLast ? 0 : width)
  return isLast ? cell : cell.padEnd(width)
}
