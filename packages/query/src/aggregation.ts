import type { Query } from './query.ts'

/** What to count or measure over the events that answer a question. Names and meanings are OpenSearch's. */
export type Aggregation =
  | TermsAggregation
  | DateHistogramAggregation
  | AutoDateHistogramAggregation
  | HistogramAggregation
  | FiltersAggregation
  | MissingAggregation
  | GlobalAggregation
  | MetricAggregation

/** Aggregations by the name their results come back under. */
export type Aggregations = Readonly<Record<string, Aggregation>>

/** A bucket for each distinct value. */
export interface TermsAggregation {
  readonly kind: 'terms'
  readonly field: string
  /** Buckets wanted at most. @default 10 */
  readonly size: number
  /** `_count` descending with ties by key is the default. */
  readonly order: { readonly by: '_count' | '_key'; readonly direction: 'asc' | 'desc' }
  /** Buckets with fewer events are left out. @default 1 */
  readonly minCount: number
  /** Only values that match; Lucene regular expression or list. */
  readonly include?: string | readonly string[]
  readonly exclude?: string | readonly string[]
  readonly aggregations?: Aggregations
}
/** A bucket for each interval of time. */
export interface DateHistogramAggregation {
  readonly kind: 'date_histogram'
  readonly field: string
  /** Calendar unit, or a fixed length in milliseconds. */
  readonly interval:
    | { readonly calendar: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year' }
    | { readonly fixedMs: number }
  /** Buckets with fewer events are left out; 0 fills the gaps. @default 0 */
  readonly minCount: number
  /** Offset or IANA zone whose days are meant. @default UTC */
  readonly timeZone?: string
  readonly aggregations?: Aggregations
}
/** At most so many buckets, of the finest of OpenSearch's round intervals that fits. */
export interface AutoDateHistogramAggregation {
  readonly kind: 'auto_date_histogram'
  readonly field: string
  /** @default 10 */
  readonly buckets: number
  readonly aggregations?: Aggregations
}
/** A bucket for each interval of a number. */
export interface HistogramAggregation {
  readonly kind: 'histogram'
  readonly field: string
  readonly interval: number
  readonly minCount: number
  readonly aggregations?: Aggregations
}
/** A bucket for each named question. */
export interface FiltersAggregation {
  readonly kind: 'filters'
  readonly filters: Readonly<Record<string, Query>>
  /** Asked as OpenSearch's `filter`: one question (named `filter`), answered without the list around its bucket. */
  readonly single?: boolean
  /** Asked as a list: the names are `0`, `1`, … and the answer is a list too. */
  readonly anonymous?: boolean
  /** Asked as ranges: the names are `0`, `1`, …, and the answer tells these, one for each. */
  readonly ranges?: readonly BucketRange[]
  readonly aggregations?: Aggregations
}
/** What a bucket of a `range` or `date_range` holds: values from `from` (inclusive) to `to` (exclusive). */
export interface BucketRange {
  readonly key: string
  /** Of a date: milliseconds since 1970. */
  readonly from?: number
  readonly to?: number
  readonly isDate: boolean
}
/** One bucket: every event that could have been found, whatever the question finds. */
export interface GlobalAggregation {
  readonly kind: 'global'
  readonly aggregations?: Aggregations
}
/** One bucket: the events without a value in the field. */
export interface MissingAggregation {
  readonly kind: 'missing'
  readonly field: string
  readonly aggregations?: Aggregations
}
/** One figure over a field's values; `cardinality` and `value_count` also over text. */
export interface MetricAggregation {
  readonly kind: 'min' | 'max' | 'avg' | 'sum' | 'stats' | 'extended_stats' | 'cardinality' | 'value_count'
  readonly field: string
}

/** What an aggregation found. */
export type AggregationResult =
  | {
      readonly kind: 'buckets'
      readonly buckets: readonly Bucket[]
      /** Events in buckets beyond `size`; 0 elsewhere. */
      readonly otherCount: number
      /** The interval chosen by `auto_date_histogram`, e.g. `1d`. */
      readonly interval?: string
    }
  | { readonly kind: 'metric'; readonly value: number | null }
  | {
      readonly kind: 'stats'
      readonly count: number
      readonly min: number | null
      readonly max: number | null
      readonly sum: number
      readonly avg: number | null
      /** Of `extended_stats` alone. */
      readonly sumOfSquares?: number
    }

/**
 * One bucket: its key (milliseconds since 1970 for dates; the name for `filters`; a whole number beyond 2^53 is text, its exact
 * digits), its count, its own aggregations.
 */
export interface Bucket {
  readonly key: string | number
  readonly count: number
  readonly aggregations?: Readonly<Record<string, AggregationResult>>
}
