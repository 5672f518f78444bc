import type { ChartPlan } from './chart-plan.ts'
import { type ChartFrame, fieldName, frameChart, type VegaSpec } from './vega-spec.ts'

type ValuesPlan = Extract<ChartPlan, { kind: 'values' }>
type Encoding = Record<string, unknown>

/** Upright bars. */
export function drawBars(plan: ValuesPlan, frame: ChartFrame): VegaSpec {
  return withLink(plan, frame, (encoding) => ({ mark: { type: 'bar', strokeWidth: 0.3 }, encoding }))
}

/** Bars that lie, with their count beside them. */
export function drawLyingBars(plan: ValuesPlan, frame: ChartFrame): VegaSpec {
  return withLink(plan, frame, ({ x, y, ...encoding }) => ({
    encoding: { ...encoding, x: y, y: x },
    layer: [
      { mark: { type: 'bar' } },
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 3 },
        encoding: { text: { field: 'count', type: 'quantitative' } },
      },
    ],
  }))
}

/** A dot for each value, coloured by its count. */
export function drawCircles(plan: ValuesPlan, frame: ChartFrame): VegaSpec {
  return withLink(plan, frame, (encoding) => ({
    mark: { type: 'circle', filled: true, size: 100 },
    encoding: { color: { field: 'count', type: 'quantitative' }, ...encoding },
  }))
}

/** A line from value to value. */
export function drawLine(plan: ValuesPlan, frame: ChartFrame): VegaSpec {
  return withLink(plan, frame, (encoding) => ({ mark: { type: 'line' }, encoding }))
}

/** The rows alone: a table is drawn by whoever shows it. */
export function drawTable(frame: ChartFrame): VegaSpec {
  return frameChart(frame, { mark: { type: 'bar' } })
}

function withLink(plan: ValuesPlan, frame: ChartFrame, draw: (encoding: Encoding) => VegaSpec): VegaSpec {
  const field = fieldName(plan.field)
  const isLinked = frame.exploreUrl !== undefined && plan.linkField !== undefined
  const encoding: Encoding = {
    x: {
      field,
      type: 'nominal',
      title: plan.field,
      sort: { op: 'sum', field: fieldName(plan.orderField), order: 'descending' },
    },
    y: { field: 'count', type: 'quantitative' },
    tooltip: [
      { field, type: 'nominal', title: plan.field },
      { field: 'count', type: 'quantitative' },
    ],
    ...(frame.color === undefined ? {} : { color: { value: frame.color } }),
    ...(isLinked ? { href: { field: 'url', type: 'nominal' } } : {}),
  }
  return frameChart(frame, {
    ...(isLinked ? { transform: [{ calculate: linkOf(frame.exploreUrl!, plan), as: 'url' }] } : {}),
    ...draw(encoding),
  })
}

/** Characters that would end a parameter of an address or mean something else in it, the sign of escapes first. */
const ESCAPES: readonly (readonly [pattern: string, escaped: string])[] = [
  ['%', '%25'],
  ['&', '%26'],
  ['#', '%23'],
  ['[+]', '%2B'],
]

/**
 * A Vega expression for the address where the events of a mark are found; JSON's strings are Vega's strings too. Vega knows no
 * `encodeURIComponent`, and draws nothing of a chart that names it.
 */
function linkOf(exploreUrl: string, plan: ValuesPlan): string {
  const before = `${exploreUrl}?q=${encodeURIComponent(`${plan.linkField}:"`)}`
  const value = ESCAPES.reduce(
    (text, [pattern, escaped]) => `replace(${text}, regexp("${pattern}", "g"), "${escaped}")`,
    `toString(datum[${JSON.stringify(plan.field)}])`,
  )
  return `${JSON.stringify(before)} + ${value} + "%22"`
}
