import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { VALUE_ALLOWANCE_BYTES } from './limits.ts'

/** A table's pages lead to the same rows, or the same values, again and again: reading on would never end. */
export class TableLoopError extends Error {
  override readonly name = 'TableLoopError'
}

/**
 * Watches the rows of one pass through a table. A table has each row number once, in order, and its values once: where pages
 * name the same pages again, a small file gives rows without end.
 */
export class TableGuard {
  readonly #isDescending: boolean
  readonly #maxBytes: number
  #last: bigint | undefined
  #bytes = 0

  /** @param isDescending - The pass goes from the last row to the first. */
  constructor(database: DatabaseSync, isDescending = false) {
    this.#isDescending = isDescending
    // Values that a column has by default stand in the file once, for any number of rows: hence what is allowed on top.
    this.#maxBytes = measureDatabase(database) + VALUE_ALLOWANCE_BYTES
  }

  /** Whether more values came than the file can hold: whatever else is read of the table may be more of the same. */
  get isSpent(): boolean {
    return this.#bytes > this.#maxBytes
  }

  /**
   * Takes note of the next row.
   *
   * @param bytes - Of its values, as `measureRow` has them.
   * @throws {TableLoopError} When its number does not follow, or more values came than the file can hold.
   */
  pass(rowid: bigint, bytes: number): void {
    const last = this.#last
    if (last !== undefined && (this.#isDescending ? rowid >= last : rowid <= last)) {
      const order = this.#isDescending ? 'descending' : 'ascending'
      throw new TableLoopError(
        `expected row numbers in ${order} order, found ${rowid} after ${last}: pages of the table lead to the same rows again`,
      )
    }
    this.#last = rowid
    this.#bytes += bytes
    if (this.isSpent) {
      throw new TableLoopError(
        `expected at most ${this.#maxBytes} bytes in a table of a file of this size, found more at row ${rowid}: pages of the table lead to the same values again`,
      )
    }
  }
}

/** Bytes of a row's texts and blobs; of texts at least as many as they have UTF-16 units. */
export function measureRow(row: Readonly<Record<string, SQLOutputValue>>): number {
  let bytes = 0
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'string' || value instanceof Uint8Array) bytes += value.length
  }
  return bytes
}

/**
 * The name by which SQL asks for a table's row numbers: the first that none of its columns has taken.
 *
 * @throws {Error} When all are taken.
 */
export function nameRowid(database: DatabaseSync, table: string): string {
  const columns = database.prepare('SELECT lower(name) AS name FROM pragma_table_xinfo(?)').all(table)
  const taken = new Set(columns.map(({ name }) => name))
  const name = ['rowid', '_rowid_', 'oid'].find((each) => !taken.has(each))
  if (name === undefined)
    throw new Error('expected a name for the row numbers, found columns with all of them')
  return name
}

/** Bytes of a database's pages. */
export function measureDatabase(database: DatabaseSync): number {
  const { page_count: count } = database.prepare('PRAGMA page_count').get() ?? {}
  const { page_size: size } = database.prepare('PRAGMA page_size').get() ?? {}
  return Number(count) * Number(size)
}
