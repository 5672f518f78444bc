import { styleText } from 'node:util'
import { showControlCodes } from './terminal-text.ts'

/** How a table is drawn. */
export interface TableOptions {
  /** Width to fit into, in columns; the last column is cut first. */
  readonly width: number
  readonly color: boolean
}

const GAP = '  '
const MIN_LAST_WIDTH = 20

/** Draws rows under a header, columns as wide as their widest cell, one line a row whatever the cells hold. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string {
  const cells = rows.map((row) => row.map(showControlCodes))
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  )
  const last = widths.length - 1
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0)
  widths[last] = Math.max(MIN_LAST_WIDTH, Math.min(widths[last] ?? 0, options.width - before))
  const drawLine = (line: readonly string[]): string =>
    line
      .map((cell, column) => cutTo(cell, widths[column] ?? 0, column === last))
      .join(GAP)
      .trimEnd()
  const title = drawLine(header)
  return `${[options.color ? styleText('bold', title, { validateStream: false }) : title, ...cells.map(drawLine)].join('\n')}\n`
}

function cutTo(cell: string, width: number, isLast: boolean): string {
  if (cell.length > width) return `${cell.slice(0, Math.max(0, width - 1))}…`
  return isLast ? cell : cell.padEnd(width)
}
