/** Values of one time field that could not be read, in rows that were kept all the same. */
export interface UnreadTimes {
  /** The field, or those that make up a time, as people name them. */
  readonly field: string
  readonly count: number
  /** Line number (1-based) of the first. */
  readonly firstLine: number
  /** Why the first is no time. */
  readonly detail: string
}

/** Counts by field the values that are no times. */
export class UnreadTally {
  #found = new Map<string, UnreadTimes>()

  /** Adds what was found elsewhere, or one value. */
  add(more: UnreadTimes): void {
    const found = this.#found.get(more.field)
    if (!found) {
      this.#found.set(more.field, more)
      return
    }
    const first = found.firstLine <= more.firstLine ? found : more
    this.#found.set(more.field, { ...first, count: found.count + more.count })
  }

  /** Hands out everything since the last call, in the order in which fields were met. */
  take(): readonly UnreadTimes[] {
    const all = [...this.#found.values()]
    this.#found = new Map()
    return all
  }
}
