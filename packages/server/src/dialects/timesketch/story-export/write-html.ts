import type { VegaSpec } from '@timeskein/analyze'
import type { Story } from '../../../services/stories/story-service.ts'
import { type Html, html } from '../pages/html.ts'
import { modelDate } from '../wire/dates.ts'
import { type ChartView, MAX_VIEWS, readViews } from './charts/chart-view.ts'
import { drawSvg, MAX_MARKS } from './charts/draw-svg.ts'
import { markdownToHtml } from './markdown-to-html.ts'
import type { ReportPiece } from './report-piece.ts'
import { type ReportRow, type ReportTable, tableOf } from './report-table.ts'

/**
 * A report as an HTML page that stands alone: charts are drawn in it, their rows beside them, and nothing in it runs or is loaded
 * from elsewhere, whoever opens it and wherever.
 */
export function writeHtml(
  story: Story,
  pieces: readonly ReportPiece[],
  by: { readonly username: string; readonly nowMs: number },
): string {
  return html`<html><head><meta charset="utf-8">${NOTHING_LOADED}<title>${story.title}</title></head><body>

<h1>${story.title}</h1>

Story Metadata:<br/><ul><li><b>Creation Date:</b> ${modelDate(story.createdAtMs)}</li><li><b>Created by:</b> ${story.owner?.username ?? 'System'}</li><li><b>Report Generated:</b> ${modelDate(by.nowMs)}</li><li><b>Report Exported by:</b> ${by.username}</li></ul>

${pieces.map(writePiece)}
</body></html>`.html
}

/** One chart as a page. */
export function writeChartPage(name: string, spec: VegaSpec): string {
  const piece: ReportPiece = { kind: 'chart', name, spec }
  return html`<html><head><meta charset="utf-8">${NOTHING_LOADED}<title>${name}</title></head><body>${writePiece(piece)}</body></html>`
    .html
}

/** Content Security Policy, level 3: browsers hold the page to what it says of itself. */
const NOTHING_LOADED = html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`

function writePiece(piece: ReportPiece): Html {
  switch (piece.kind) {
    case 'text':
      return html`${markdownToHtml(piece.markdown)}\n`
    case 'table':
      return html`<h3>${piece.name}</h3>${writeTable(piece.table)}\n`
    case 'chart':
      return html`<h3>${piece.name}</h3>${writeChart(piece.spec)}\n`
    case 'missing':
      return html`<p><em>${piece.reason}</em></p>\n`
    default:
      return piece satisfies never
  }
}

function writeChart(spec: VegaSpec): readonly Html[] {
  const views = readViews(spec)
  const parts = views.map((view) => {
    const drawn = drawSvg(view)
    const title = view.title === '' ? [] : [html`<h4>${view.title}</h4>`]
    return html`${[...title, drawn ?? NOT_DRAWN, ...tellUndrawn(view, drawn !== undefined), writeTable(tableOf(view.rows, CHART_ROWS))]}`
  })
  return views.length < MAX_VIEWS
    ? parts
    : [...parts, html`<p><em>Of a chart no more than ${MAX_VIEWS} views are shown.</em></p>`]
}

/** First rows of the table beside a chart. */
const CHART_ROWS = 1000

const NOT_DRAWN = html`<p><em>A chart of this kind is not drawn here; these are the rows that it holds.</em></p>`

function tellUndrawn({ rows }: ChartView, isDrawn: boolean): readonly Html[] {
  return isDrawn && rows.length > MAX_MARKS
    ? [html`<p><em>The first ${MAX_MARKS} of ${rows.length} rows are drawn.</em></p>`]
    : []
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
