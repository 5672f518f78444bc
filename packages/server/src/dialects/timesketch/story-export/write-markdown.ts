import type { ReportPiece } from './report-piece.ts'
import type { ReportRow, ReportTable } from './report-table.ts'

/** A report as Markdown; parts stand a blank line apart. */
export function writeMarkdown(pieces: readonly ReportPiece[]): string {
  return pieces.map(writePiece).join('\n\n')
}

function writePiece(piece: ReportPiece): string {
  switch (piece.kind) {
    case 'text':
      return piece.markdown
    case 'table':
      return writeTable(piece.table)
    case 'chart':
      return '*<unable_to_display_chart_objects>*'
    case 'missing':
      return `*${escapeMarkdown(piece.reason)}*`
    default:
      return piece satisfies never
  }
}

function writeTable(table: ReportTable): string {
  if (table.total === 0) return '*<empty table>*'
  const header = ['', ...table.columns.map(cell)]
  const lines = [
    line(header),
    `|${header.map(() => ':---').join('|')}|`,
    ...table.head.map(rowLine),
    ...(table.tail.length > 0 ? ['| ... |', ...table.tail.map(rowLine)] : []),
  ]
  return lines.join('\n')
}

function rowLine(row: ReportRow): string {
  return line([String(row.number), ...row.cells.map(cell)])
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Text in a table: no pipe, no line end, nothing that Markdown or HTML would read. */
function cell(text: string): string {
  return escapeMarkdown(text).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
}

/** Text of events shown as it is. */
function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
