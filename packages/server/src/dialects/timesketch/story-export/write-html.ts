import type { VegaSpec } from '@timeskein/analyze'
import type { Story } from '../../../services/stories/story-service.ts'
import { type Html, html } from '../pages/html.ts'
import { modelDate } from '../wire/dates.ts'
import { markdownToHtml } from './markdown-to-html.ts'
import type { ReportPiece } from './report-piece.ts'
import type { ReportRow, ReportTable } from './report-table.ts'

/** Where browsers that open a report find what draws its charts. */
const SCRIPTS = ['vega@5', 'vega-lite@5', 'vega-embed@6']

/** A report as an HTML page; its charts are drawn where it is opened, by Vega from a public place. */
export function writeHtml(
  story: Story,
  pieces: readonly ReportPiece[],
  by: { readonly username: string; readonly nowMs: number },
): string {
  const hasCharts = pieces.some((piece) => piece.kind === 'chart')
  const body = pieces.map((piece, number) => writePiece(piece, number))
  return html`<html><head><meta charset="utf-8"><title>${story.title}</title>${hasCharts ? scripts() : []}</head><body>

<h1>${story.title}</h1>

Story Metadata:<br/><ul><li><b>Creation Date:</b> ${modelDate(story.createdAtMs)}</li><li><b>Created by:</b> ${story.owner?.username ?? 'System'}</li><li><b>Report Generated:</b> ${modelDate(by.nowMs)}</li><li><b>Report Exported by:</b> ${by.username}</li></ul>

${body}
</body></html>`.html
}

/** One chart as a page. */
export function writeChartPage(name: string, spec: VegaSpec): string {
  const piece: ReportPiece = { kind: 'chart', name, spec }
  return html`<html><head><meta charset="utf-8"><title>${name}</title>${scripts()}</head><body>${writePiece(piece, 0)}</body></html>`
    .html
}

function scripts(): readonly Html[] {
  return SCRIPTS.map((name) => html`<script src="https://cdn.jsdelivr.net/npm/${name}"></script>`)
}

function writePiece(piece: ReportPiece, number: number): Html {
  switch (piece.kind) {
    case 'text':
      return html`${markdownToHtml(piece.markdown)}\n`
    case 'table':
      return html`<h3>${piece.name}</h3>${writeTable(piece.table)}\n`
    case 'chart':
      return html`<h3>${piece.name}</h3><div id="chart-${number}"></div><script>vegaEmbed("#chart-${number}", ${scriptJson(piece.spec)})</script>\n`
    case 'missing':
      return html`<p><em>${piece.reason}</em></p>\n`
    default:
      return piece satisfies never
  }
}

/** JSON inside a script element: nothing in it can end the element (HTML Standard, section 4.12.1.3). */
function scriptJson(value: unknown): Html {
  return {
    html: JSON.stringify(value)
      .replaceAll('<', '\\u003c')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  }
}

function writeTable(table: ReportTable): Html {
  if (table.total === 0) return html`<p><em>&lt;empty table&gt;</em></p>`
  const between = table.total - table.head.length - table.tail.length
  const gap =
    between > 0 ? [html`<tr><td colspan="${table.columns.length + 1}">… ${between} more …</td></tr>`] : []
  return html`<table border="1"><thead><tr><th></th>${table.columns.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${[...table.head.map(writeRow), ...gap, ...table.tail.map(writeRow)]}</tbody></table>`
}

function writeRow(row: ReportRow): Html {
  return html`<tr><th>${row.number}</th>${row.cells.map((cell) => html`<td>${cell}</td>`)}</tr>`
}
