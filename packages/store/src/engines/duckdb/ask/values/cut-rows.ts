import { RowSet } from '../../../../text/terms/row-set.ts'

/**
 * Rows `start` to `end` (exclusive) of a segment that are in a set counted from elsewhere.
 *
 * @param base - The segment's first row as the set counts it.
 */
export function cutRows(rows: RowSet, base: number, start: number, end: number, rowCount: number): RowSet {
  if (rows.countIn(base + start, base + end) === end - start) return RowSet.range(start, end, rowCount)
  const cut = rows.toArray(base + start, base + end)
  for (let i = 0; i < cut.length; i++) cut[i]! -= base
  return RowSet.fromSorted(cut, rowCount)
}
