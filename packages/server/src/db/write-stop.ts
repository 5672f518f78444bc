import type { DatabaseSync } from 'node:sqlite'
import type { Logger } from 'pino'
import { notDurable } from '../errors/not-durable.ts'

/** https://sqlite.org/rescode.html#readonly */
const SQLITE_READONLY = 8

/** What whoever writes is told, while it is tried to be mended and from then on. */
const SENTENCES = {
  paused:
    'This was not done: what was written to the metadata database before it could not be put on the disk, and is just being put there once more. Do it again.',
  stopped:
    'This was not done: the metadata database is not written to, as it could not be put on the disk before; it can still be read. See to the disk and start the server again.',
} as const

/**
 * Keeps a connection from writing while what it commits might be acknowledged and yet not be on the disk; it goes on reading. What
 * the system said of the disk goes to the log here, once: those who are refused are told what to do, not why.
 */
export class WriteStop {
  readonly #sqlite: DatabaseSync
  readonly #log: Logger
  #state: 'open' | keyof typeof SENTENCES = 'open'
  #cause: unknown
  #mend: (() => void) | undefined

  constructor(sqlite: DatabaseSync, log: Logger) {
    this.#sqlite = sqlite
    this.#log = log
  }

  /** What went wrong last; undefined where nothing did. */
  get cause(): unknown {
    return this.#cause
  }

  /** Something waits to be mended by `settle`. */
  get isPaused(): boolean {
    return this.#mend !== undefined
  }

  /**
   * From now on whatever would write fails, until `settle` has mended it.
   *
   * @param cause - What went wrong.
   * @param mend - Puts what was committed on the disk; called where no transaction is open, and throws where it cannot.
   */
  pause(cause: unknown, mend: () => void): void {
    if (this.#state === 'stopped') return
    this.#log.error(
      { err: cause },
      'the metadata database could not be put on the disk: it is tried once more',
    )
    this.#mend = mend
    this.#close('paused', cause)
  }

  /**
   * Mends what it was paused for, if it was; to be called where no transaction is open.
   *
   * @returns False where that failed: nothing is written any more, and what was committed since the pause may be lost.
   */
  settle(): boolean {
    const mend = this.#mend
    if (!mend) return true
    this.#mend = undefined
    try {
      mend()
    } catch (error) {
      this.set(error)
      return false
    }
    this.#sqlite.exec('PRAGMA query_only = OFF')
    this.#state = 'open'
    this.#log.warn(
      'the metadata database was put on the disk at the second attempt: it is written to as before',
    )
    return true
  }

  /** From now on whatever would write fails. @param cause - What went wrong. */
  set(cause: unknown): void {
    if (this.#state === 'stopped') return
    this.#log.error(
      { err: cause },
      'the metadata database is not written to any more: see to the disk and start the server again',
    )
    this.#close('stopped', cause)
  }

  /** @throws {DomainError} `unavailable` (`not-durable`) where nothing is written any more. */
  throwIfStopped(): void {
    if (this.#state === 'stopped') throw notDurable(SENTENCES.stopped, this.#cause)
  }

  /** What to throw in place of an error of SQLite: the reason where it refused to write because of this. */
  explain(error: unknown): unknown {
    if (this.#state === 'open' || (error as { errcode?: number }).errcode !== SQLITE_READONLY) return error
    return notDurable(SENTENCES[this.#state], this.#cause)
  }

  #close(state: keyof typeof SENTENCES, cause: unknown): void {
    this.#state = state
    this.#cause = cause
    this.#sqlite.exec('PRAGMA query_only = ON')
  }
}
