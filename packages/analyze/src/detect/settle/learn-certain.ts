import { cutRanges, rowsInScope } from '../stored/ranges.ts'
import type { FieldsJob } from './learn-fields.ts'
import type { Possible } from './settle.ts'

/**
 * Finds out which predicates every event of the scope has. Where log sources exclude events by them, as other products do those of
 * Windows, a timeline that has no others then needs no look at rows.
 *
 * @param predicates - Those that are asked about.
 * @param known - What some event may have: nothing else is looked at.
 */
export async function learnCertain(
  { index, plan, from, signal }: Pick<FieldsJob, 'index' | 'plan' | 'from' | 'signal'>,
  predicates: Iterable<number>,
  { possible }: Pick<Possible, 'possible'>,
): Promise<ReadonlySet<number>> {
  const certain = new Set<number>()
  const ranges = cutRanges(index).filter(({ end }) => end > from)
  const isEverywhere = async (predicate: number): Promise<boolean> => {
    for (const range of ranges) {
      const wanted = rowsInScope(index, range, from)
      const rows = await index.rowsOf(plan.table.get(predicate).query, range, wanted, signal)
      if (wanted.andNot(rows).count > 0) return false
    }
    return true
  }
  for (const predicate of predicates)
    if (possible[predicate] && (await isEverywhere(predicate))) certain.add(predicate)
  return certain
}
