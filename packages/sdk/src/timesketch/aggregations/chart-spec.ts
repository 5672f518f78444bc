import type { ExactJson } from '../../transport/exact-json.ts'
import type { WireRecord } from '../wire/record.ts'

/** A Vega-Lite specification, data included: any renderer of Vega-Lite 5 draws it, and `altair.Chart.from_dict` too. */
export type VegaLiteSpec = { readonly [name: string]: unknown }

/** How a chart looks. */
export interface ChartOptions {
  /** barchart, hbarchart, circlechart, linechart, table, heatmap, date_histogram. @default 'barchart' */
  readonly type?: string | undefined
  readonly title?: string | undefined
  /** A colour of CSS for all marks. */
  readonly color?: string | undefined
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json'
/** Names that hold the figure of a row, the likeliest first. */
const FIGURES = ['count', 'doc_count', 'value_count', 'value']

/** Draws rows of an aggregation: what they are of on one axis, how many on the other. */
export function makeChartSpec(rows: readonly WireRecord[], options: ChartOptions = {}): VegaLiteSpec {
  const { type = 'barchart', title, color } = options
  const figure = pickFigure(rows)
  const subject = pickSubject(rows, figure)
  const isTime = subject === 'datetime'
  const category = {
    field: subject,
    type: isTime ? 'temporal' : 'nominal',
    ...(isTime ? {} : { sort: null }),
  }
  const quantity = { field: figure, type: 'quantitative' }
  const tooltip = [category, quantity].map(({ field, type: kind }) => ({ field, type: kind }))
  const base = {
    $schema: SCHEMA,
    ...(title === undefined ? {} : { title }),
    data: { values: rows.map(toPlainRow) },
  }
  const paint = color === undefined ? {} : { color: { value: color } }
  const upright = { x: category, y: quantity, tooltip, ...paint }
  switch (type) {
    case 'hbarchart':
      return {
        ...base,
        encoding: { x: quantity, y: category, tooltip, ...paint },
        layer: [
          { mark: { type: 'bar', strokeWidth: 0.3 } },
          { mark: { type: 'text', align: 'left', baseline: 'middle', dx: 3 }, encoding: { text: quantity } },
        ],
      }
    case 'circlechart':
      return {
        ...base,
        mark: { type: 'circle', size: 100 },
        encoding: { ...upright, ...(color ? paint : { color: quantity }) },
      }
    case 'linechart':
      return { ...base, mark: { type: 'line', point: true }, encoding: upright }
    case 'heatmap':
      return {
        ...base,
        mark: 'rect',
        encoding: {
          x: { timeUnit: 'hours', field: subject, type: 'ordinal' },
          y: { timeUnit: 'yearmonthdate', field: subject, type: 'ordinal' },
          color: { aggregate: 'sum', ...quantity },
          tooltip,
        },
      }
    default:
      return { ...base, mark: { type: 'bar', strokeWidth: 0.3 }, encoding: upright }
  }
}

/** Charts of a group in one: over one another, or side by side. */
export function joinChartSpecs(specs: readonly VegaLiteSpec[], orientation: string): VegaLiteSpec {
  const inner = specs.map(({ $schema, ...spec }) => spec)
  const key = orientation === 'horizontal' ? 'hconcat' : orientation === 'vertical' ? 'vconcat' : 'layer'
  return { $schema: SCHEMA, [key]: inner, resolve: key === 'layer' ? { scale: { y: 'shared' } } : {} }
}

function pickFigure(rows: readonly WireRecord[]): string {
  const names = Object.keys(rows[0] ?? {})
  const known = FIGURES.find((name) => names.includes(name))
  return known ?? names.find((name) => typeof rows[0]?.[name] === 'number') ?? 'count'
}

function pickSubject(rows: readonly WireRecord[], figure: string): string {
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== figure && name !== 'bucket_name')
  for (const name of ['datetime', 'label', 'key_as_string', 'key']) if (names.includes(name)) return name
  return names[0] ?? 'label'
}

/** Vega knows numbers only as JavaScript has them. */
function toPlainRow(row: WireRecord): Record<string, ExactJson> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  )
}
