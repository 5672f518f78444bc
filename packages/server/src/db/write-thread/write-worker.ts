/**
 * A thread with a connection to the metadata database of its own: carries out one transaction after the other. It is asked to begin
 * one, tells when all is written, and ends it as it is told.
 */
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Kysely, SqliteDialect } from 'kysely'
import { type ToldError, tellError } from '../../errors/told-error.ts'
import { adaptDatabase, rollBack } from '../adapt-sqlite.ts'
import type { Schema } from '../schema.ts'
import { StructureVersions } from '../structure-versions.ts'
import type { ThreadWork } from './thread-job.ts'

/** What the thread is started with. */
export interface WriteThreadSettings {
  readonly path: string
  /** Carried out once when the database is open. */
  readonly setUp: string
  /** Milliseconds that a statement waits for another connection. */
  readonly timeoutMs: number
}

/** What the thread is asked, in turns: to begin a transaction and to end it. */
export type WriteRequest =
  | { readonly module: string; readonly name: string; readonly input: unknown }
  | { readonly commits: boolean }

/** What it answers: to the first, when all is written and not committed, and to the second. A failure is the end of a transaction. */
export type WriteReply =
  | {
      readonly kind: 'written'
      /** Statements that others want to know of. */
      readonly watched: readonly string[]
    }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: ToldError }

/** Thrown to take back what was written. */
const TAKEN_BACK = Symbol('taken back')

const { path, setUp, timeoutMs } = workerData as WriteThreadSettings
const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: timeoutMs })
sqlite.exec(setUp)
const versions = new StructureVersions()
const watched = new Set<string>()
const db = new Kysely<Schema>({
  dialect: new SqliteDialect({
    database: adaptDatabase(sqlite, {
      watch: (sql) => versions.watch(sql) && (() => void watched.add(sql)),
      explain: (error) => error,
      commands: new Map([['rollback', () => rollBack(sqlite)]]),
    }),
  }),
})

async function serve(port: MessagePort): Promise<void> {
  for (;;) {
    const [request] = (await once(port, 'message')) as [WriteRequest]
    if ('commits' in request) throw new Error('a transaction was expected to begin, found the end of one')
    port.postMessage(await carryOut(port, request))
  }
}

async function carryOut(
  port: MessagePort,
  { module, name, input }: Extract<WriteRequest, { readonly module: string }>,
): Promise<WriteReply> {
  watched.clear()
  try {
    const { [name]: work } = (await import(module)) as Readonly<Record<string, ThreadWork<unknown>>>
    if (!work) throw new Error(`${module} was expected to export ${name}`)
    await db.transaction().execute(async (transaction) => {
      await work(transaction, input)
      port.postMessage({ kind: 'written', watched: [...watched] } satisfies WriteReply)
      const [end] = (await once(port, 'message')) as [WriteRequest]
      if (!('commits' in end && end.commits)) throw TAKEN_BACK
    })
    return { kind: 'ended' }
  } catch (error) {
    if (error === TAKEN_BACK) return { kind: 'ended' }
    return { kind: 'failed', error: tellError(error) }
  }
}

if (parentPort) await serve(parentPort)
