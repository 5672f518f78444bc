import type { EventStore, Scope } from '@timeskein/store'
import type { ChartPlan } from '../charts/chart-plan.ts'
import type { FormField } from './form-field.ts'

/** What an aggregator reads events through. */
export type AggregatorStore = Pick<EventStore, 'search' | 'listFields'>

/** One run of an aggregator. */
export interface AggregatorRun {
  readonly store: AggregatorStore
  readonly scope: Scope
  /** Whose labels are meant where labels are asked for. */
  readonly sketchId: number
  /** As a client sent them: numbers may be digits. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

/** Rows as people see them, with how they can be drawn. */
export interface RowsAnswer {
  readonly kind: 'rows'
  readonly rows: readonly unknown[]
  readonly title: string
  /** Undefined when these rows are no chart. */
  readonly chart: ChartPlan | undefined
  readonly tookMs: number
}

/** Lists of figures, one for each name, beside the list of what they belong to. */
export interface SeriesAnswer {
  readonly kind: 'series'
  readonly series: Readonly<Record<string, readonly (number | null)[]>>
  readonly labels: readonly string[]
  readonly chartType: string
  readonly chartOptions: unknown
  /** The aggregation as OpenSearch answers it; buckets of time without their keys, which are the labels. */
  readonly raw: Readonly<Record<string, unknown>>
  /** Events that were counted over. */
  readonly total: number
  readonly tookMs: number
}

/** What an aggregator answers with. */
export type AggregatorAnswer = RowsAnswer | SeriesAnswer

/** A way to count events that has a name and parameters (as Timesketch 20261014 has them in lib/aggregators). */
export interface Aggregator {
  /** In lower case. */
  readonly name: string
  readonly displayName: string
  readonly description: string
  /** `legacy` answers with rows, `apex` with series. */
  readonly family: 'legacy' | 'apex'
  /** Shown in lists; the others are run by their name only. */
  readonly isListed: boolean
  readonly formFields: readonly FormField[]
  /** Every parameter there is; others are refused. */
  readonly parameters: readonly string[]
  /** @throws {AnalyzeError} `bad-parameter` for parameters that cannot be, `too-many-buckets`. */
  run(asked: AggregatorRun): Promise<AggregatorAnswer>
}
