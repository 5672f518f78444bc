/** The only file that knows SQLite. PostgreSQL gets a sibling with the same functions. */
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { CompiledQuery, Kysely, type SqliteDatabase, type SqliteStatement, type Transaction } from 'kysely'
import type { Logger } from 'pino'
import { createLogger } from '../log.ts'
import { LogSync } from './log-sync.ts'
import type { Schema } from './schema.ts'
import { SettlingDialect } from './settling-dialect.ts'
import { type StructureTable, StructureVersions } from './structure-versions.ts'
import { WriteStop } from './write-stop.ts'

/** Prepared statements kept; Kysely makes the same texts again and again. */
const MAX_CACHED_STATEMENTS = 256
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
  const sqlite = openWithLog(path, false) ?? openWithLog(path, true)!
  sqlite.exec(SYNC.sql)
  sqlite.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`)
  const versions = new StructureVersions()
  const stop = new WriteStop(sqlite, log)
  const database = adaptDatabase(sqlite, versions, stop)
  const db = new Kysely<Schema>({ dialect: new SettlingDialect({ database }, stop) })
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
    async copyTo(target) {
      await backup(sqlite, target)
    },
    checkIntegrity: () => listProblems(sqlite),
    async close() {
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

function adaptDatabase(sqlite: DatabaseSync, versions: StructureVersions, stop: WriteStop): SqliteDatabase {
  const commands = new Map([
    ['rollback', () => rollBack(sqlite)],
    [SYNC.sql, () => waitAgain(sqlite, stop)],
    [DO_NOT_SYNC.sql, () => sqlite.exec(DO_NOT_SYNC.sql)],
  ])
  const cache = new Map<string, SqliteStatement>()
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const cached = cache.get(sql)
      if (cached) {
        cache.delete(sql)
        cache.set(sql, cached)
        return cached
      }
      const command = commands.get(sql)
      const statement = command
        ? adaptCommand(command)
        : adaptStatement(sqlite.prepare(sql), versions.watch(sql), stop)
      cache.set(sql, statement)
      if (cache.size > MAX_CACHED_STATEMENTS) cache.delete(cache.keys().next().value ?? '')
      return statement
    },
  }
}

function adaptStatement(
  statement: StatementSync,
  onWrite: (() => void) | undefined,
  stop: WriteStop,
): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all(parameters) {
      onWrite?.()
      return tellingWhy(stop, () => statement.all(...toInputs(parameters)))
    },
    run(parameters) {
      onWrite?.()
      return tellingWhy(stop, () => statement.run(...toInputs(parameters)))
    },
    iterate: (parameters) => statement.iterate(...toInputs(parameters)),
  }
}

function adaptCommand(command: () => void): SqliteStatement {
  const run = (): { changes: number; lastInsertRowid: number } => {
    command()
    return { changes: 0, lastInsertRowid: 0 }
  }
  return { reader: false, run, all: () => [], iterate: () => [].values() }
}

/** SQLite undoes a transaction by itself where the disk is full: there is nothing left then. */
function rollBack(sqlite: DatabaseSync): void {
  if (sqlite.isTransaction) sqlite.exec('rollback')
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

/** @throws An error with the system's code `ENOSPC` where SQLite says that the disk is full, and why it is not to write. */
function tellingWhy<Result>(stop: WriteStop, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_FULL) throw stop.explain(error)
    const full = new Error('the metadata database could not be written: no space left on the disk', {
      cause: error,
    })
    throw Object.assign(full, { code: 'ENOSPC' })
  }
}

function toInputs(parameters: readonly unknown[]): SQLInputValue[] {
  // Kysely's types admit only values of Schema: text, numbers and null.
  return parameters as SQLInputValue[]
}
