/** Kinds of correlation (specification 2.1.0); `value_median` is pySigma's. */
export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const
export type CorrelationType = (typeof CORRELATION_TYPES)[number]

export const CORRELATION_OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const
export type CorrelationOperator = (typeof CORRELATION_OPERATORS)[number]

/** When a correlation is a hit. */
export type CorrelationCondition =
  | ThresholdCondition
  /** Which of the rules must have been hit, in words of and, or, not (for `temporal` and `temporal_ordered`). */
  | { readonly kind: 'expression'; readonly expression: CorrelationExpression }

/** Each comparison must hold for the count, or for the figure made of the fields. */
export interface ThresholdCondition {
  readonly kind: 'threshold'
  readonly comparisons: readonly { readonly operator: CorrelationOperator; readonly number: number }[]
  /** Fields that values are taken from; empty for counts of events. Several make one value together. */
  readonly fields: readonly string[]
  /** For `value_percentile`: which one, 0 to 100. */
  readonly percentile: number | undefined
}

export type CorrelationExpression =
  | { readonly kind: 'rule'; readonly rule: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly CorrelationExpression[] }
  | { readonly kind: 'not'; readonly of: CorrelationExpression }
