import type { RowSet } from '../../../../text/terms/row-set.ts'
import type { PlanNode } from '../plan/plan-node.ts'

/** Row sets of one question in one index, by segment number. */
export type FoundRows = Map<number, RowSet>

/** Bytes that an entry costs beside its rows. */
const ENTRY_BYTES = 500

/**
 * Remembers what questions found, so that the next page, the same question with other aggregations, or a chip switched
 * off and on again, is answered without asking. Entries belong to a state of an index, which is never changed in place;
 * the least recently used go first.
 */
export class ResultCache {
  readonly #maxBytes: number
  readonly #entries = new Map<string, { readonly rows: FoundRows; readonly sizeBytes: number }>()
  readonly #states = new WeakMap<object, number>()
  #lastState = 0
  #sizeBytes = 0

  /** @param maxBytes - How much may be kept. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Names a plan in a state of an index. The state is given by the objects that make it up. */
  keyOf(plan: PlanNode, ...state: readonly object[]): string {
    const numbers = state.map((part) => {
      let number = this.#states.get(part)
      if (number === undefined) {
        number = ++this.#lastState
        this.#states.set(part, number)
      }
      return number
    })
    return `${numbers.join(' ')} ${JSON.stringify(plan, replaceUnwritable)}`
  }

  get(key: string): FoundRows | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.rows
  }

  set(key: string, rows: FoundRows): void {
    let sizeBytes = ENTRY_BYTES + key.length * 2
    for (const set of rows.values()) sizeBytes += 100 + Math.min(set.count * 4, set.universe / 8)
    const before = this.#entries.get(key)
    if (before) this.#sizeBytes -= before.sizeBytes
    this.#entries.delete(key)
    if (sizeBytes > this.#maxBytes) return
    this.#entries.set(key, { rows, sizeBytes })
    this.#sizeBytes += sizeBytes
    for (const [oldest, entry] of this.#entries) {
      if (this.#sizeBytes <= this.#maxBytes) break
      this.#entries.delete(oldest)
      this.#sizeBytes -= entry.sizeBytes
    }
  }
}

function replaceUnwritable(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Set) return [...value]
  return value === Number.POSITIVE_INFINITY ? 'infinity' : value
}
