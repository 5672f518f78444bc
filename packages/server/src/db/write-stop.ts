import type { DatabaseSync } from 'node:sqlite'
import { notDurable } from '../errors/not-durable.ts'

/** https://sqlite.org/rescode.html#readonly */
const SQLITE_READONLY = 8

/** Keeps a connection from writing while what it commits might be acknowledged and yet not be on the disk; it goes on reading. */
export class WriteStop {
  readonly #sqlite: DatabaseSync
  #cause: unknown

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite
  }

  /** From now on whatever would write fails. @param cause - What went wrong. */
  set(cause: unknown): void {
    this.#cause ??= cause
    this.#sqlite.exec('PRAGMA query_only = ON')
  }

  /** Commits are on the disk again. */
  lift(): void {
    this.#sqlite.exec('PRAGMA query_only = OFF')
    this.#cause = undefined
  }

  /** What to throw in place of an error of SQLite: the reason where it refused to write because of this. */
  explain(error: unknown): unknown {
    if (this.#cause === undefined || (error as { errcode?: number }).errcode !== SQLITE_READONLY) return error
    return notDurable(
      'This was not done: the metadata database is not written to, as it could not be put on the disk before; it can still be read. See to the disk and start the server again.',
      this.#cause,
    )
  }
}
