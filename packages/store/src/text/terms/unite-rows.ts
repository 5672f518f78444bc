import { RowSet } from './row-set.ts'
import { RowSetBuilder } from './row-set-builder.ts'

/** Rows of any of some sets, put together in one go: a set for each step on the way costs more than all that is in them. */
export function uniteRows(sets: readonly RowSet[], universe: number): RowSet {
  const [first, second, ...others] = sets
  if (!first) return RowSet.none(universe)
  if (!second) return first
  if (others.length === 0) return first.or(second)
  const builder = new RowSetBuilder(
    universe,
    sets.reduce((sum, { count }) => sum + count, 0),
  )
  for (const set of sets) builder.addSet(set)
  return builder.finish()
}
