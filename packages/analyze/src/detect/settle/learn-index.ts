import type { RowRange } from '@timeskein/store'
import type { BlockThread } from '../blocks/block-thread.ts'
import { listWordless, type SearchedRows, searchSources } from '../rows/search-sources.ts'
import type { KnownValues } from './known-values.ts'
import { type FieldsJob, learnFields } from './learn-fields.ts'
import { learnWords } from './learn-words.ts'
import type { LearntIndexes } from './learnt-indexes.ts'
import { listAsked, settleRules } from './left-rules.ts'

/** What learning of an index needs. */
export interface LearnJob extends FieldsJob {
  /** What earlier runs of the plan learnt. */
  readonly learnt: LearntIndexes
  /** Told the time that each step took. */
  readonly onStep: (name: string, ms: number) => void
}

/** What is known of an index; disposing of it ends what is still being looked for. */
export interface Learning extends Disposable {
  readonly known: KnownValues
  /** Keeps it for the next run; to be called when all of it has been found. */
  keep(): void
}

/** Finds out what can be known of an index before rows are looked at: which of the things that rules ask for there are. */
export async function learnIndex(job: LearnJob, ranges: readonly RowRange[]): Promise<Learning> {
  const { index, plan, learnt, rules, from, thread, signal, onStep } = job
  const isAll = from === 0 && rules.length === plan.rules.length
  const before = isAll ? learnt.find(index) : undefined
  if (before) return { known: before, keep: () => {}, [Symbol.dispose]: () => {} }
  const startMs = performance.now()
  const seen = { ...(await learnFields(job)), searched: undefined }
  const wordsMs = performance.now()
  onStep('values', wordsMs - startMs)
  const asked = listAsked(settleRules(rules, seen), plan)
  const search = thread && startSearch(job, thread, ranges, asked)
  try {
    const options = { from, signal, searched: new Set(search?.predicates) }
    const predicates = await learnWords(index, plan.table, seen, asked, options)
    const known = { ...seen, searched: search && { predicates, found: search.found } }
    onStep('words', performance.now() - wordsMs)
    return {
      known,
      keep: () => {
        if (isAll)
          learnt.keep(
            index,
            search ? { ...known, searched: { predicates, found: withoutTime(search) } } : known,
          )
      },
      [Symbol.dispose]: () => search?.stop(),
    }
  } catch (error) {
    search?.stop()
    throw error
  }
}

/** What was found, for runs that spend no time on it. */
async function withoutTime({ found }: Search): Promise<ReadonlyMap<number, SearchedRows>> {
  return new Map([...(await found)].map(([predicate, { rows }]) => [predicate, { rows, spentMs: 0 }]))
}

/** A search of all sources in another thread. */
interface Search {
  readonly predicates: readonly number[]
  readonly found: Promise<ReadonlyMap<number, SearchedRows>>
  readonly stop: () => void
}

/** @param asked - 1 for predicates that rules ask for. */
function startSearch(
  { index, plan, signal }: LearnJob,
  thread: BlockThread,
  ranges: readonly RowRange[],
  asked: Uint8Array,
): Search | undefined {
  const predicates = listWordless(plan.table, asked)
  if (predicates.length === 0) return undefined
  const stop = new AbortController()
  const found = searchSources(predicates, index, ranges, {
    table: plan.table,
    thread,
    signal: AbortSignal.any(signal ? [stop.signal, signal] : [stop.signal]),
  })
  // Asked for when all else is known: until then a failure waits.
  found.catch(() => {})
  return { predicates, found, stop: () => stop.abort() }
}
