import type { ServiceContext } from '../../services/service-context.ts'
import type { ImportJob } from '../import-service.ts'
import { finishImportRows, type ImportEnd } from './import-log.ts'

/** Between two tries to write down what the log could not take. */
const RETRY_MS = 30_000

/**
 * Ends of imports that the log could not take, its disk being full for example. They are told from here, since the log still says
 * that the import runs, and written down as soon as there is room; what the end of the process cuts off, the next start settles.
 */
export class UnrecordedEnds {
  readonly #context: Pick<ServiceContext, 'db' | 'store' | 'now' | 'log'>
  readonly #ends = new Map<string, { readonly job: ImportJob; readonly end: ImportEnd }>()
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(context: Pick<ServiceContext, 'db' | 'store' | 'now' | 'log'>) {
    this.#context = context
  }

  /**
   * @param job - As it is told from now on.
   * @param end - What is to be written down.
   */
  add(job: ImportJob, end: ImportEnd): void {
    this.#ends.set(job.id, { job, end })
    this.#retryLater()
  }

  /** What the import's items of platforms tell of is entered: its end is written down with that. */
  noteItemsEntered(importId: string): void {
    const found = this.#ends.get(importId)
    if (found) this.#ends.set(importId, { ...found, end: { ...found.end, areItemsEntered: true } })
  }

  find(importId: string): ImportJob | undefined {
    return this.#ends.get(importId)?.job
  }

  /** Tries to write down all of them; never rejects. */
  async record(): Promise<void> {
    for (const [importId, { end }] of this.#ends) {
      try {
        await finishImportRows(this.#context, end)
        // What became known of it meanwhile is written down with the next try.
        if (this.#ends.get(importId)?.end === end) this.#ends.delete(importId)
        this.#context.log.info({ importId }, 'the end of an import was recorded late')
      } catch (error) {
        this.#context.log.warn({ err: error, importId }, 'the end of an import still cannot be recorded')
        break
      }
    }
    this.#retryLater()
  }

  /** Tries a last time. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.record()
  }

  #retryLater(): void {
    clearTimeout(this.#timer)
    if (this.#isClosed || this.#ends.size === 0) return
    this.#timer = setTimeout(() => void this.record(), RETRY_MS)
    this.#timer.unref()
  }
}
