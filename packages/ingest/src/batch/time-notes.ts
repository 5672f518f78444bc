/**
 * What there is to say of a time.
 *
 * - `unread`: the value should be a time and is none; the row has another time.
 * - `no-clock`: of a date and a clock time in two fields that of the clock says nothing, so the time is midnight.
 * - `unknown-zone`: the row names a zone that is not known, so the time was read as if it named none.
 * - `other-unit`: the number was read in another unit than the column's, in which alone it is a plausible time.
 */
export type TimeNoteKind = 'unread' | 'no-clock' | 'unknown-zone' | 'other-unit'

/** What there is to say of the times of one field, in rows that were kept. */
export interface TimeNotes {
  readonly kind: TimeNoteKind
  /** The field, or those that make up a time, as people name them; of an unknown zone the field that names it. */
  readonly field: string
  /** The zone that is not known, or the unit; undefined for `unread` and `no-clock`, and for zones beyond the first of very many. */
  readonly subject?: string
  readonly count: number
  /** Line number (1-based) of the first. */
  readonly firstLine: number
  /** Why the first is no time; of other kinds, what was done. */
  readonly detail: string
}

/** Unknown zones that are counted one by one: no file that means well has more. */
const MAX_ZONES = 20
const MAX_ZONE_LENGTH = 80

/** Counts what there is to say of times by kind, field and subject. */
export class TimeTally {
  #found = new Map<string, TimeNotes>()
  #zones = 0

  /** Adds what was found elsewhere, or one value. */
  add(more: TimeNotes): void {
    const { kind, field, subject } = more
    const key = JSON.stringify([kind, field, subject?.slice(0, MAX_ZONE_LENGTH)])
    const found = this.#found.get(key)
    if (found) {
      const first = found.firstLine <= more.firstLine ? found : more
      this.#found.set(key, { ...first, count: found.count + more.count })
    } else if (kind === 'unknown-zone' && subject !== undefined && this.#zones++ >= MAX_ZONES) {
      const { subject: _, ...others } = more
      this.add(others)
    } else this.#found.set(key, more)
  }

  /** Hands out everything since the last call, in the order in which it was met. */
  take(): readonly TimeNotes[] {
    const all = [...this.#found.values()]
    this.#found = new Map()
    this.#zones = 0
    return all
  }
}
