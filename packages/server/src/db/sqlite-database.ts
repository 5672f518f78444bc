/** The only file that knows SQLite. PostgreSQL gets a sibling with the same functions. */
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite'
import { CompiledQuery, Kysely, type Transaction } from 'kysely'
import type { Logger } from 'pino'
import { createLogger } from '../log.ts'
import { adaptDatabase, rollBack } from './adapt-sqlite.ts'
import { LogSync } from './log-sync.ts'
import type { Schema } from './schema.ts'
import { SettlingDialect } from './settling-dialect.ts'
import { type StructureTable, StructureVersions } from './structure-versions.ts'
import { WriteStop } from './write-stop.ts'
import type { ThreadJob, ThreadOutcome } from './write-thread/thread-job.ts'
import { ThreadWriter } from './write-thread/thread-writer.ts'
import { WriteGate } from './write-thread/write-gate.ts'

/** Pages kept in memory: keys of a million alerts come in no order, and each touches pages all over their indexes. */
const CACHE_KIB = 65_536
/**
 * Pages in the log until it is put into the database file: 16 MiB. With SQLite's own 1000 nearly every batch of a pull does that, and
 * each time writes the pages of the same indexes.
 */
const LOG_PAGES = 4000
/** How long a statement waits for another connection (a backup, a shell) before it fails. */
const BUSY_TIMEOUT_MS = 5000
/** No room for the file that processes share the write-ahead log by; https://sqlite.org/rescode.html#ioerr_shmsize */
const SQLITE_IOERR_SHMSIZE = 4874
/** https://sqlite.org/rescode.html#full */
const SQLITE_FULL = 13

/**
 * Whether commits wait for the disk; compiled once, as they stand around every other write. Where they do not, what a statement of many
 * rows keeps in case it has to be taken back is in memory: writing that to a file was a third of the system time of a pull.
 */
const SYNC = CompiledQuery.raw('PRAGMA synchronous = FULL; PRAGMA temp_store = DEFAULT')
const DO_NOT_SYNC = CompiledQuery.raw('PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY')
/** What each connection is told once. */
const SET_UP = `PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`
/** Puts all of the log into the database file and empties it; https://sqlite.org/pragma.html#pragma_wal_checkpoint */
const CHECKPOINT = 'PRAGMA wal_checkpoint(TRUNCATE)'

/** The metadata database and how to copy it. */
export interface MetadataDatabase {
  readonly db: Kysely<Schema>
  /** Grows with every write to one of these tables by this process, which alone has the data directory (data-lock.ts). */
  structureVersion(tables: readonly StructureTable[]): number
  /**
   * Resolves when all that has been committed before is on the disk; with `writeWithoutSync` before it what waiting for the disk
   * is for those who must, without holding up others.
   */
  sync(): Promise<void>
  /**
   * A transaction of thousands of rows, as `writeWithoutSync` makes one of few: in a thread of its own where there can be one, so that
   * the process answers others meanwhile. They read what was committed before; who would write waits.
   *
   * @param mayCommit - It is committed when this is fulfilled, and undone when it is rejected.
   */
  writeInThread<Input>(
    job: ThreadJob<Input>,
    input: Input,
    mayCommit?: Promise<unknown>,
  ): Promise<ThreadOutcome>
  /** Writes a consistent copy to a new file. */
  copyTo(path: string): Promise<void>
  /** Empty when the database is whole; else what is wrong, one sentence each. */
  checkIntegrity(): readonly string[]
  close(): Promise<void>
}

/**
 * Opens (or makes) an SQLite file: write-ahead log, every commit on disk before it is acknowledged, foreign keys enforced.
 * Statements run on the caller's thread, so they must be short. On a full disk it is opened too, and can be read: then other
 * processes cannot look at it meanwhile.
 *
 * @param log - Told what the disk said when something could not be put on it. @default silent
 */
export function openSqliteDatabase(
  path: string,
  log: Logger = createLogger({ level: 'silent' }),
): MetadataDatabase {
  const shared = openWithLog(path, false)
  const sqlite = shared ?? openWithLog(path, true)!
  sqlite.exec(`${SYNC.sql}; ${SET_UP}`)
  const versions = new StructureVersions()
  const stop = new WriteStop(sqlite, log)
  const database = adaptDatabase(sqlite, {
    watch: (sql) => versions.watch(sql),
    explain: (error) => explain(stop, error),
    commands: new Map([
      ['rollback', () => rollBack(sqlite)],
      [SYNC.sql, () => waitAgain(sqlite, stop)],
      [DO_NOT_SYNC.sql, () => sqlite.exec(DO_NOT_SYNC.sql)],
    ]),
  })
  const gate = new WriteGate()
  const db = new Kysely<Schema>({ dialect: new SettlingDialect({ database }, stop, gate) })
  const thread = new ThreadWriter(
    { path, setUp: `${DO_NOT_SYNC.sql}; ${SET_UP}`, timeoutMs: BUSY_TIMEOUT_MS },
    { db, gate, versions, stop, explain: (error) => explain(stop, error) },
  )
  const sync = new LogSync(`${path}-wal`, async (cause) => {
    stop.pause(cause, () => emptyLog(sqlite, stop))
    // Whoever is given the connection settles it first: also those who have waited for it longer than this.
    await db.connection().execute(async () => {})
    stop.throwIfStopped()
  })
  return {
    db,
    structureVersion: (tables) => versions.of(tables),
    sync: () => sync.sync(),
    async writeInThread(job, input, mayCommit) {
      if (shared) return await thread.write(job, input, mayCommit)
      await writeWithoutSync(db, async (transaction) => {
        await job.work(transaction, input)
        await mayCommit
      })
      return { hasHeldUp: false }
    },
    async copyTo(target) {
      // It would begin anew whenever another connection has written.
      await thread.alone(async () => await backup(sqlite, target))
    },
    checkIntegrity: () => listProblems(sqlite),
    async close() {
      await thread.close()
      await sync.close()
      await db.destroy()
      if (sqlite.isOpen) sqlite.close()
    },
  }
}

/**
 * A transaction that does not wait for the disk: it survives the end of the process at any moment, but may be lost, whole, when
 * the machine itself fails before the next commit that waits, or `MetadataDatabase.sync`. For what nobody is told is kept, such
 * as the history of searches, or not before one of these: a commit that waits holds up everybody's requests for milliseconds.
 *
 * @param work - Its statements are of some hundred rows at most: what each could have to take back is in memory.
 */
export async function writeWithoutSync<Result>(
  db: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  return await db.connection().execute(async (connection) => {
    try {
      // Of two settings the first may hold where the second cannot be made.
      await connection.executeQuery(DO_NOT_SYNC)
      return await connection.transaction().execute(work)
    } finally {
      await connection.executeQuery(SYNC)
    }
  })
}

/** Puts all that the log has into the database file, on the disk, and empties it. */
function emptyLog(sqlite: DatabaseSync, stop: WriteStop): void {
  waitAgain(sqlite, stop)
  const checkpoint = sqlite.prepare(CHECKPOINT)
  let outcome: ReturnType<StatementSync['get']>
  try {
    outcome = checkpoint.get()
  } catch {
    // The system tells each open file once that it could not be written; SQLite's own may not have heard it yet.
    outcome = checkpoint.get()
  }
  if (outcome?.['busy'] !== 0) throw new Error('the log of the metadata database is being read')
}

/**
 * @param isAlone - Keeps in memory what processes would share, and keeps other ones out.
 * @returns Undefined when there is no room on the disk for what they would share.
 */
function openWithLog(path: string, isAlone: boolean): DatabaseSync | undefined {
  const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: BUSY_TIMEOUT_MS })
  try {
    if (isAlone) sqlite.exec('PRAGMA locking_mode = EXCLUSIVE')
    sqlite.exec('PRAGMA journal_mode = WAL')
    return sqlite
  } catch (error) {
    sqlite.close()
    if (!isAlone && (error as { errcode?: number }).errcode === SQLITE_IOERR_SHMSIZE) return undefined
    throw error
  }
}

/**
 * Checks an SQLite file without changing it, also while another process has it open.
 *
 * @returns Empty when it is whole; else what is wrong, one sentence each.
 * @throws What SQLite says when it cannot be read at all.
 */
export function checkSqliteFile(path: string): readonly string[] {
  const sqlite = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    return listProblems(sqlite)
  } finally {
    sqlite.close()
  }
}

function listProblems(sqlite: DatabaseSync): readonly string[] {
  const rows = sqlite.prepare('PRAGMA integrity_check(20)').all()
  const findings = rows.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok')
  for (const row of sqlite.prepare('PRAGMA foreign_key_check').all()) {
    findings.push(
      `A row of ${String(row['table'])} points to a row of ${String(row['parent'])} that is not there.`,
    )
  }
  return findings
}

/** Where commits cannot be made to wait for the disk again, there are none. */
function waitAgain(sqlite: DatabaseSync, stop: WriteStop): void {
  try {
    sqlite.exec(SYNC.sql)
  } catch {
    try {
      // It cannot be set within a transaction that could not be undone.
      rollBack(sqlite)
      sqlite.exec(SYNC.sql)
    } catch (error) {
      stop.set(error)
      throw error
    }
  }
}

/** An error with the system's code `ENOSPC` where SQLite says that the disk is full, and why it is not to write. */
function explain(stop: WriteStop, error: unknown): unknown {
  if ((error as { errcode?: number }).errcode !== SQLITE_FULL) return stop.explain(error)
  const full = new Error('the metadata database could not be written: no space left on the disk', {
    cause: error,
  })
  return Object.assign(full, { code: 'ENOSPC' })
}
