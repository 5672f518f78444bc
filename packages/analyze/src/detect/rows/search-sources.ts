import { type IndexReading, type RowRange, RowSet, RowSetBuilder } from '@timeskein/store'
import type { BlockThread } from '../blocks/block-thread.ts'
import type { Predicate, PredicateTable } from '../plan/predicate.ts'
import { rowsInScope } from '../stored/ranges.ts'
import { readRequiredLiteral } from '../values/required-literal.ts'
import type { PredicateRows } from './find-bounds.ts'
import { type Uncertain, verifyUncertain } from './verify-uncertain.ts'

/** Rows of a whole index that answer a predicate, and the milliseconds it took to read them. */
export interface SearchedRows {
  readonly rows: RowSet
  readonly spentMs: number
}

/** Shorter literals stand in too many sources. */
const MIN_LITERAL_LENGTH = 3

/**
 * Predicates that only a look at every source can answer: keywords that hold no word of two letters, as `(){:;};`.
 *
 * @param matters - 1 for predicates that rules ask for.
 */
export function listWordless({ all }: PredicateTable, matters: Uint8Array): readonly number[] {
  return all.filter((one) => matters[one.number] === 1 && isWordless(one)).map(({ number }) => number)
}

function isWordless({ query }: Predicate): boolean {
  if (query.kind !== 'wildcard' && query.kind !== 'regexp') return false
  if (query.field !== undefined || !query.anyType) return false
  const literal = readRequiredLiteral(query)
  return literal !== undefined && literal.length >= MIN_LITERAL_LENGTH && !/[a-z0-9]{2}/.test(literal)
}

/** Reads every source of an index from a row on, in another thread, for what nothing else tells of predicates. */
export async function searchSources(
  predicates: readonly number[],
  index: IndexReading,
  ranges: readonly RowRange[],
  options: {
    readonly table: PredicateTable
    readonly thread: BlockThread
    readonly signal: AbortSignal | undefined
  },
): Promise<ReadonlyMap<number, SearchedRows>> {
  const found = predicates.map(() => ({ rows: new RowSetBuilder(index.nextSeq), spentMs: 0 }))
  for (const range of ranges) {
    const rows = rowsInScope(index, range)
    const questions = predicates.map(
      (predicate): Uncertain => ({ node: { kind: 'is', predicate }, rows, found: [], spentMs: 0 }),
    )
    await verifyUncertain(questions, index, range, UNKNOWN_ROWS, { ...options, leaves: true })
    for (const [at, { found: some, spentMs }] of questions.entries()) {
      for (const row of some) found[at]!.rows.add(row + range.start)
      found[at]!.spentMs += spentMs
    }
  }
  return new Map(
    predicates.map((predicate, at) => [predicate, { ...found[at]!, rows: found[at]!.rows.finish() }]),
  )
}

/** Nothing is known: any row may answer. */
const UNKNOWN_ROWS: PredicateRows = {
  costOf: () => 0,
  find: (_, within) => ({ low: RowSet.none(within.universe), high: within }),
}
