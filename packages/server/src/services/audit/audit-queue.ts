import type { Insertable } from 'kysely'
import type { Logger } from 'pino'
import type { AuditRow } from '../../db/schema.ts'

/** How long an entry that nobody waits for may wait for others to be written with. */
const WRITE_AFTER_MS = 1000
/** Entries that may wait; whoever brings one more waits until they are written. */
export const MAX_WAITING = 1000
/** Entries of one transaction: the database serves nobody else meanwhile. */
const BATCH_SIZE = 128

/** A row that has no number yet. */
export type NewAuditRow = Insertable<AuditRow>

/**
 * Entries on their way to the audit log, in the order they came. Many are written in one transaction, so that a question
 * does not pay for a write to the disk.
 */
export class AuditQueue {
  readonly #write: (rows: readonly NewAuditRow[]) => Promise<void>
  readonly #log: Logger
  readonly #waiting: NewAuditRow[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  /** @param write - Writes all of the rows or none. */
  constructor(write: (rows: readonly NewAuditRow[]) => Promise<void>, log: Logger) {
    this.#write = write
    this.#log = log
  }

  /**
   * Takes an entry. Resolves at once while few wait, else when those are written. When they cannot be, as on a full disk, they
   * go to the server's log: reading goes on, and nothing is lost without being said.
   */
  async add(row: NewAuditRow): Promise<void> {
    this.#waiting.push(row)
    if (this.#waiting.length > MAX_WAITING) await this.#flushOrLog()
    else this.#schedule()
  }

  /** Takes an entry and writes it with all before it. @throws What writing throws; the entry is tried again later, as others are. */
  async addNow(row: NewAuditRow): Promise<void> {
    this.#waiting.push(row)
    try {
      await this.flush()
    } catch (error) {
      if (this.#waiting.length > MAX_WAITING) this.#giveToLog(error)
      throw error
    }
  }

  /** Writes all that wait. What cannot be written goes on waiting. @throws What writing throws. */
  async flush(): Promise<void> {
    const work = this.#writing.then(() => this.#writeAll())
    this.#writing = work.catch(() => {
      // Whoever asked for it hears of it; those behind it in the queue try for themselves.
    })
    await work
  }

  /** Writes all that wait; what cannot be written goes to the server's log. */
  async close(): Promise<void> {
    await this.#flushOrLog()
    clearTimeout(this.#timer)
  }

  async #flushOrLog(): Promise<void> {
    try {
      await this.flush()
    } catch (error) {
      this.#giveToLog(error)
    }
  }

  #giveToLog(error: unknown): void {
    const entries = this.#waiting.splice(0)
    this.#log.error({ err: error, entries }, 'entries of the audit log could not be written')
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => {
        this.#log.error({ err: error }, 'the audit log could not be written; it is tried again')
      })
    }, WRITE_AFTER_MS).unref()
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (this.#waiting.length > 0) {
      const rows = this.#waiting.splice(0, BATCH_SIZE)
      try {
        await this.#write(rows)
      } catch (error) {
        this.#waiting.unshift(...rows)
        this.#schedule()
        throw error
      }
    }
  }
}
