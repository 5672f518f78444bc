import type { MarkRecord } from './mark-record.ts'

/**
 * The active mark operations of an index in the order they were made. A list never changes for those who hold it; a longer
 * one made of it shares its records, so that one more mark among many thousands costs one record.
 */
export class MarkList {
  readonly length: number
  /** Shared by lists of which one continues the other; only its first `length` records are this list's. */
  readonly #records: MarkRecord[]

  private constructor(records: MarkRecord[], length: number) {
    this.#records = records
    this.length = length
  }

  /** A list of these records, which belong to it. */
  static of(records: readonly MarkRecord[]): MarkList {
    return new MarkList([...records], records.length)
  }

  /** The last record; undefined when there is none. */
  get last(): MarkRecord | undefined {
    return this.#records[this.length - 1]
  }

  /** A list with more at its end; this very one when there is nothing more. */
  append(more: readonly MarkRecord[]): MarkList {
    if (more.length === 0) return this
    // Another list may have gone on from here already.
    const isNewest = this.#records.length === this.length
    const records = isNewest ? this.#records : this.#records.slice(0, this.length)
    for (const record of more) records.push(record)
    return new MarkList(records, records.length)
  }

  /** Whether this list begins with all of another one, and was made of it by appending. */
  continues(other: MarkList): boolean {
    return this.#records === other.#records && this.length >= other.length
  }

  /** The records from a place on. */
  *from(start: number): Generator<MarkRecord, void, undefined> {
    for (let at = start; at < this.length; at++) yield this.#records[at]!
  }
}
