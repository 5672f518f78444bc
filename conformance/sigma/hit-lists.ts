import type { Hits } from '@timeskein/analyze'

/** Row numbers of hits, by the rule's key. */
export class HitLists {
  readonly #rows = new Map<string, number[]>()

  add(hits: Hits): void {
    if (hits.kind !== 'rule') return
    const rows = this.#rows.get(hits.rule.key) ?? []
    for (const seq of hits.seqs) rows.push(seq)
    this.#rows.set(hits.rule.key, rows)
  }

  /** Ascending. */
  of(key: string): readonly number[] {
    return this.#rows.get(key)?.toSorted((a, b) => a - b) ?? []
  }
}
