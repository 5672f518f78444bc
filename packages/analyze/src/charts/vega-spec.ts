/** A chart as Vega-Lite reads it (https://vega.github.io/schema/vega-lite/v5.json). */
export type VegaSpec = Readonly<Record<string, unknown>>

/** The version of Vega-Lite that the charts are written for. */
export const VEGA_SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json'

/** A member of the rows by its very name: Vega-Lite reads dots and brackets as ways into objects. */
export function fieldName(name: string): string {
  return name.replaceAll(/[\\.[\]'"]/g, '\\$&')
}

/** What surrounds every chart. */
export interface ChartFrame {
  readonly rows: readonly unknown[]
  /** Empty: none. */
  readonly title: string
  /** A CSS colour for all marks; undefined: as it comes. */
  readonly color: string | undefined
  /** Address of the sketch's search page, for marks that can be clicked. */
  readonly exploreUrl: string | undefined
}

/** A specification of one view over the rows. */
export function frameChart(frame: ChartFrame, view: VegaSpec): VegaSpec {
  return {
    $schema: VEGA_SCHEMA,
    data: { values: frame.rows },
    ...(frame.title === '' ? {} : { title: frame.title }),
    ...view,
  }
}
