import type { TimeInterval } from '../aggregators/time-interval.ts'

/** Which of the rows' members make a chart. */
export type ChartPlan =
  | {
      /** A value and its `count`. */
      readonly kind: 'values'
      readonly field: string
      /** The member that the values are sorted by, the greatest first. */
      readonly orderField: string
      /** The field to search for when a mark is clicked; undefined when the rows are not of the events. */
      readonly linkField: string | undefined
    }
  /** Rows with `timestamp`, `datetime`, `count` and parts of the date; they are a list in a list. */
  | { readonly kind: 'times'; readonly interval: TimeInterval }
  /** A chart that is ready. */
  | { readonly kind: 'spec'; readonly spec: Readonly<Record<string, unknown>> }
