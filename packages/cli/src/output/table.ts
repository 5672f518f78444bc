import { bold, lines, type Prose } from './prose.ts'
import { showControlCodes } from './terminal-text.ts'

/** How a table is drawn. */
export interface TableOptions {
  /** Width to fit into, in columns; the widest columns are cut. */
  readonly width: number
  readonly color: boolean
  /** Columns that are never cut: what stands there is typed again, as ids are. */
  readonly whole?: readonly string[]
}

const GAP = '  '
const MIN_WIDTH = 16

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
  const { whole = [] } = options
  shrinkWidths(
    widths,
    header.map((title) => whole.includes(title)),
    options.width - last * GAP.length,
  )
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
  if (cell.length > width) return `${cell.slice(0, Math.max(0, width - 1))}…`
  return isLast ? cell : cell.padEnd(width)
}
