import type { ValueColumn } from '@timeskein/store'

/** Hits of one rule in one range of an index, with what correlations look at. */
export interface HitTable {
  readonly index: string
  readonly seqs: Uint32Array
  readonly timesUs: BigInt64Array
  readonly timelineIds: Uint32Array
  /** Values that correlations group by or reckon with, each that of the first of some fields: by `keyOfFields`. */
  readonly fields: ReadonlyMap<string, ValueColumn>
  /** What hits are told with. */
  readonly columns: Readonly<Record<string, ValueColumn>>
  /** Rows from this number on are new. */
  readonly newFrom: number
}

/** One hit of a table, or several that a correlation found together. */
export type HitSource =
  | { readonly kind: 'event'; readonly table: HitTable; readonly at: number; readonly ruleKey: string }
  | { readonly kind: 'finding'; readonly sources: readonly HitSource[] }

/** The events behind a hit. */
export function* listEvents(source: HitSource): Generator<HitSource & { readonly kind: 'event' }> {
  if (source.kind === 'event') yield source
  else for (const one of source.sources) yield* listEvents(one)
}

/** A value of a column, or undefined where there is none. */
export function valueAt(column: ValueColumn | undefined, at: number): string | undefined {
  const id = column?.ids[at] ?? -1
  return id < 0 ? undefined : column!.values[id]
}
