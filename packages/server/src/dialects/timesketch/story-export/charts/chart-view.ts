import type { VegaSpec } from '@timeskein/analyze'
import { asObject } from '../../request.ts'

/** How the rows of a view are shown: `cell` is a heat map's. */
export type ChartMark = 'bar' | 'line' | 'circle' | 'cell'

/** What lies along one side of a view. */
export interface ChartAxis {
  /** The rows' member, by its very name. */
  readonly field: string
  readonly title: string
  /** `band`: a place for each value; `number`, and `time` in milliseconds since 1970, have a scale. */
  readonly scale: 'band' | 'number' | 'time'
  /** What of a time makes its band; undefined: the value as it is. */
  readonly timeUnit: string | undefined
  /** The member whose sum orders the bands; undefined: they are ordered by themselves. */
  readonly order: { readonly field: string; readonly isDescending: boolean } | undefined
}

/** One view of a chart: its rows, and how they are drawn; undefined where it cannot be. */
export interface ChartView {
  readonly title: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly drawing: ChartDrawing | undefined
}

/** What a drawing needs to know beside the rows. */
export interface ChartDrawing {
  readonly mark: ChartMark
  readonly x: ChartAxis
  /** Undefined: a heat map of one line. */
  readonly y: ChartAxis | undefined
  /** A CSS colour without address; undefined: as it comes. */
  readonly color: string | undefined
  /** The member that makes a mark the darker the more it is. */
  readonly shade: string | undefined
}

/** Views of one chart beyond which nothing is read: charts that people made elsewhere may hold any number. */
export const MAX_VIEWS = 50
const MAX_DEPTH = 8

interface Inherited {
  readonly data: unknown
  readonly datasets: Readonly<Record<string, unknown>>
  readonly encoding: Readonly<Record<string, unknown>>
  readonly isLayer: boolean
}

/** The views of a chart (Vega-Lite 5: layered and concatenated views), their data and encoding passed down as there. */
export function readViews(spec: VegaSpec): readonly ChartView[] {
  const views: ChartView[] = []
  const visit = (part: Readonly<Record<string, unknown>>, from: Inherited, depth: number): void => {
    if (views.length >= MAX_VIEWS) return
    const here: Inherited = {
      data: part['data'] ?? from.data,
      datasets: { ...from.datasets, ...asObject(part['datasets']) },
      encoding: { ...from.encoding, ...asObject(part['encoding']) },
      isLayer: Array.isArray(part['layer']),
    }
    const parts =
      depth < MAX_DEPTH ? ['layer', 'hconcat', 'vconcat', 'concat'].flatMap((name) => asList(part[name])) : []
    if (parts.length === 0) {
      const mark = asObject(part['mark'])?.['type'] ?? part['mark']
      // Text in a layer only repeats what lies below it.
      if (from.isLayer && mark === 'text') return
      views.push(readView(part, mark, here))
      return
    }
    for (const inner of parts) visit(asObject(inner) ?? {}, here, depth + 1)
  }
  visit(spec, { data: undefined, datasets: {}, encoding: {}, isLayer: false }, 0)
  return views
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

const MARKS: ReadonlyMap<unknown, ChartMark> = new Map([
  ['bar', 'bar'],
  ['line', 'line'],
  ['circle', 'circle'],
  ['point', 'circle'],
  ['rect', 'cell'],
])

function readView(part: Readonly<Record<string, unknown>>, markType: unknown, here: Inherited): ChartView {
  const mark = MARKS.get(markType)
  const x = readAxis(here.encoding['x'])
  const y = readAxis(here.encoding['y'])
  const color = asObject(here.encoding['color'])
  const isDrawable = mark !== undefined && x !== undefined && (mark === 'cell' || y !== undefined)
  return {
    title: readTitle(part['title']),
    rows: readRows(here),
    drawing: isDrawable
      ? { mark, x, y, color: readColor(color?.['value']), shade: readField(color?.['field']) }
      : undefined,
  }
}

function readTitle(title: unknown): string {
  const text = asObject(title)?.['text'] ?? title
  return typeof text === 'string' ? text : ''
}

function readRows({ data, datasets }: Inherited): readonly Readonly<Record<string, unknown>>[] {
  const source = asObject(data)
  const name = source?.['name']
  const values = source?.['values'] ?? (typeof name === 'string' ? datasets[name] : undefined)
  // A value that is no object is a row with the member `data`, as in Vega.
  return asList(values).map((row) => asObject(row) ?? { data: row })
}

const SCALES: ReadonlyMap<unknown, ChartAxis['scale']> = new Map([
  ['quantitative', 'number'],
  ['temporal', 'time'],
])

function readAxis(channel: unknown): ChartAxis | undefined {
  const encoding = asObject(channel)
  const field = readField(encoding?.['field'])
  if (encoding === undefined || field === undefined) return undefined
  const sort = asObject(encoding['sort'])
  const orderField = readField(sort?.['field'])
  return {
    field,
    title: typeof encoding['title'] === 'string' ? encoding['title'] : field,
    scale: SCALES.get(encoding['type']) ?? 'band',
    timeUnit: typeof encoding['timeUnit'] === 'string' ? encoding['timeUnit'] : undefined,
    order:
      orderField === undefined
        ? undefined
        : { field: orderField, isDescending: sort?.['order'] === 'descending' },
  }
}

/** A member's very name: Vega-Lite's names have a backslash before what would lead into objects. */
function readField(name: unknown): string | undefined {
  return typeof name === 'string' ? name.replaceAll(/\\(.)/gs, '$1') : undefined
}

/** Colours by name or number; nothing that could lead elsewhere (`url(…)`). */
function readColor(color: unknown): string | undefined {
  return typeof color === 'string' &&
    /^(#[0-9a-f]{3,8}|[a-z]{1,30}|(rgb|hsl)a?\([\d\s.,%/]{1,60}\))$/i.test(color)
    ? color
    : undefined
}
