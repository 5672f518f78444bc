import { VEGA_SCHEMA, type VegaSpec } from './vega-spec.ts'

/** How the charts of a group stand to each other. */
export type ChartOrientation = 'layer' | 'horizontal' | 'vertical'

/** Several charts as one; of one chart, itself; of none, undefined. */
export function combineCharts(
  charts: readonly VegaSpec[],
  orientation: ChartOrientation,
  title: string,
): VegaSpec | undefined {
  const [first] = charts
  if (first === undefined || charts.length === 1) return first
  const parts = charts.map(({ $schema: _schema, ...chart }) => chart)
  const head = { $schema: VEGA_SCHEMA, ...(title === '' ? {} : { title }) }
  if (orientation === 'horizontal') return { ...head, hconcat: parts }
  if (orientation === 'vertical') return { ...head, vconcat: parts }
  return { ...head, layer: parts.map(({ title: _title, ...part }) => part) }
}
