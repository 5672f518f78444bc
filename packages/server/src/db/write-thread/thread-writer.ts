import type { Kysely } from 'kysely'
import { writtenNotDurable } from '../../errors/not-durable.ts'
import { readError } from '../../errors/told-error.ts'
import type { Schema } from '../schema.ts'
import type { StructureVersions } from '../structure-versions.ts'
import type { WriteStop } from '../write-stop.ts'
import type { ThreadJob, ThreadOutcome } from './thread-job.ts'
import type { WriteGate } from './write-gate.ts'
import { WriteThread } from './write-thread.ts'
import type { WriteReply, WriteRequest, WriteThreadSettings } from './write-worker.ts'

/** The connection that everybody else of the process uses, and what it is held by. */
export interface MainConnection {
  readonly db: Kysely<Schema>
  readonly gate: WriteGate
  readonly versions: StructureVersions
  readonly stop: WriteStop
  /** What to throw in place of what SQLite said. */
  explain(error: unknown): unknown
}

/**
 * Transactions in a thread of their own: while thousands of rows are made and written, the process answers others, which read what was
 * committed before; who would write waits. One transaction at a time.
 */
export class ThreadWriter {
  readonly #main: MainConnection
  readonly #thread: WriteThread
  #last: Promise<unknown> = Promise.resolve()

  constructor(settings: WriteThreadSettings, main: MainConnection) {
    this.#main = main
    this.#thread = new WriteThread(settings)
  }

  /** See `MetadataDatabase.writeInThread`. @throws What the work throws, or `mayCommit`; nothing of it is written then. */
  write<Input>(
    { module, work }: ThreadJob<Input>,
    input: Input,
    mayCommit?: Promise<unknown>,
  ): Promise<ThreadOutcome> {
    // It is heard below; until then it is no unhandled one.
    mayCommit?.catch(() => undefined)
    return this.alone(async () => {
      const { stop, db, gate, versions } = this.#main
      // Whoever is given the connection knows that nobody is within a transaction.
      using _closed = await db.connection().execute(async () => gate.close())
      stop.throwIfStopped()
      const written = await this.#ask({ module, name: work.name, input })
      try {
        await mayCommit
      } catch (error) {
        // A thread that has ended has undone it.
        await this.#ask({ commits: false }).catch(() => undefined)
        throw error
      }
      await this.#ask({ commits: true })
      // Not before: who read meanwhile read what had been, and would keep that as the newest.
      if (written.kind === 'written') for (const sql of written.watched) versions.watch(sql)?.()
      // What was written before a pause is committed behind what is not on the disk.
      if (!stop.settle()) throw writtenNotDurable(stop.cause)
      return { hasHeldUp: gate.hasHeldUp }
    })
  }

  /** Carries out what no transaction of the thread may come between. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when the transactions that were asked for are done and the thread has ended. */
  async close(): Promise<void> {
    await this.#last
    await this.#thread.close()
  }

  async #ask(request: WriteRequest): Promise<WriteReply> {
    const reply = await this.#thread.ask(request)
    if (reply.kind === 'failed') throw this.#main.explain(readError(reply.error))
    return reply
  }
}
