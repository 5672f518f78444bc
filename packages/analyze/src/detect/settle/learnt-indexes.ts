import type { IndexReading, WordBounds } from '@timeskein/store'
import type { KnownValues } from './known-values.ts'

/** Indexes that something is kept of. */
const MAX_INDEXES = 2
/** What is kept of one index at most: values, and bytes of sets of rows. */
const MAX_VALUES = 500_000
const MAX_ROWS_BYTES = 64 * 1024 * 1024

/**
 * What a plan learnt of indexes: which values, words and sources answer what it asks. It is good for the same events alone: a run
 * over more of them, or fewer, learns anew.
 */
export class LearntIndexes {
  readonly #kept = new Map<string, { readonly events: string; readonly known: KnownValues }>()

  /** What was learnt of the events of an index. */
  find(index: IndexReading): KnownValues | undefined {
    const kept = this.#kept.get(index.index)
    return kept?.events === describeEvents(index) ? kept.known : undefined
  }

  /** Keeps it, unless it is too large. */
  keep(index: IndexReading, known: KnownValues): void {
    this.#kept.delete(index.index)
    if (countValues(known) > MAX_VALUES || sizeOf(known.words.values()) > MAX_ROWS_BYTES) return
    this.#kept.set(index.index, { events: describeEvents(index), known })
    for (const other of this.#kept.keys()) {
      if (this.#kept.size <= MAX_INDEXES) break
      this.#kept.delete(other)
    }
  }
}

/** Rows are never changed and their numbers never given again: the same runs of them are the same events. */
function describeEvents({ runs, nextSeq }: IndexReading): string {
  return JSON.stringify([nextSeq, runs])
}

function countValues({ fields }: KnownValues): number {
  let count = 0
  for (const byKind of fields.values()) for (const values of byKind.values()) count += values.size
  return count
}

function sizeOf(sets: Iterable<WordBounds>): number {
  let bytes = 0
  for (const { low, high } of sets)
    for (const rows of new Set([low, high])) bytes += Math.min(rows.count * 4, rows.universe / 8)
  return bytes
}
