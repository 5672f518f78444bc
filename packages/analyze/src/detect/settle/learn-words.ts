import type { IndexReading, WordQuestion } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import type { KnownValues, LearnOptions } from './known-values.ts'

/** Memory for rows that words tell, in bytes; what would take more is asked of the store question by question. */
const MAX_WORD_BYTES = 192 * 1024 * 1024

/**
 * Looks at the words of an index once, for all predicates that look at texts which no list of values has: keywords, and texts too
 * long for columns. What no words allow falls away.
 *
 * @param matters - 1 for predicates that rules still ask for.
 * @param options - `searched`: predicates that are looked for in the sources of all events at the same time.
 * @returns Those of `searched` that sources alone decide.
 */
export async function learnWords(
  index: IndexReading,
  table: PredicateTable,
  known: KnownValues,
  matters: Uint8Array,
  {
    from,
    signal,
    searched,
  }: Pick<LearnOptions, 'from' | 'signal'> & { readonly searched: ReadonlySet<number> },
): Promise<ReadonlySet<number>> {
  const confirmed = new Set<number>()
  const asked: { readonly number: number; readonly query: WordQuestion }[] = []
  for (const { number, query, field } of table.all) {
    if (!matters[number] || (query.kind !== 'wildcard' && query.kind !== 'regexp') || !query.anyType) continue
    if (known.words.has(number)) continue
    if (query.field === undefined || (field !== undefined && known.possibleLong[number]))
      asked.push({ number, query })
  }
  if (asked.length === 0) return confirmed
  const bounds = await index.wordBoundsOf(
    asked.map(({ query }) => query),
    signal,
    from,
  )
  let bytes = 0
  for (const [at, { number, query }] of asked.entries()) {
    const found = bounds[at]
    if (!found) continue
    const isNothing = found.high.count === 0
    if (query.field === undefined) known.possible[number] = isNothing ? 0 : 1
    else known.possibleLong[number] = isNothing ? 0 : 1
    if (searched.has(number)) {
      confirmed.add(number)
      continue
    }
    bytes += Math.min(found.high.count * 4, found.high.universe / 8)
    if (!isNothing && bytes <= MAX_WORD_BYTES) known.words.set(number, found)
  }
  return confirmed
}
