import type { RowsAnswer } from '../aggregators/aggregator.ts'
import { drawHeatmap, drawOverTime } from './time-charts.ts'
import { drawBars, drawCircles, drawLine, drawLyingBars, drawTable } from './value-charts.ts'
import type { ChartFrame, VegaSpec } from './vega-spec.ts'

/** How a chart is wanted beside its type. */
export interface ChartOptions {
  /** @default the aggregator's own */
  readonly title?: string | undefined
  /** A CSS colour. */
  readonly color?: string | undefined
  /** Address of the sketch's search page; marks then lead to their events. */
  readonly exploreUrl?: string | undefined
}

/** Rows as a chart; undefined for a type that these rows have no chart of. */
export function drawChart(
  type: string,
  answer: RowsAnswer,
  options: ChartOptions = {},
): VegaSpec | undefined {
  const plan = answer.chart
  if (plan === undefined) return undefined
  if (plan.kind === 'spec') return plan.spec
  const frame: ChartFrame = {
    rows: plan.kind === 'times' ? answer.rows.flat() : answer.rows,
    title: options.title || answer.title,
    color: options.color || undefined,
    exploreUrl: options.exploreUrl,
  }
  if (type === 'table') return drawTable(frame)
  if (plan.kind === 'times') {
    if (type === 'heatmap') return drawHeatmap(plan.interval, frame)
    if (type === 'barchart' || type === 'date_histogram') return drawOverTime('bar', frame)
    return type === 'linechart' ? drawOverTime('line', frame) : undefined
  }
  if (type === 'barchart') return drawBars(plan, frame)
  if (type === 'hbarchart') return drawLyingBars(plan, frame)
  if (type === 'circlechart') return drawCircles(plan, frame)
  return type === 'linechart' ? drawLine(plan, frame) : undefined
}
