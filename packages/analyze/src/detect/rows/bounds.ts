import type { RowSet } from '@timeskein/store'

/** What is known of the rows that answer: all of `low` do, and none outside of `high` does. */
export interface Bounds {
  readonly low: RowSet
  readonly high: RowSet
}

/** Rows that answer for certain and rows that may. */
export function exactly(rows: RowSet): Bounds {
  return { low: rows, high: rows }
}

/** True when nothing is left to be found out. */
export function isExact({ low, high }: Bounds): boolean {
  return low === high || low.count === high.count
}
