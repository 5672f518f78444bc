/** The only file that knows SQLite. PostgreSQL gets a sibling with the same functions. */
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
  type Transaction,
} from 'kysely'
import { LogSync } from './log-sync.ts'
import type { Schema } from './schema.ts'
import { type StructureTable, StructureVersions } from './structure-versions.ts'

/** Prepared statements kept; Kysely makes the same texts again and again. */
const MAX_CACHED_STATEMENTS = 256
/** Pages kept in memory: keys of a million alerts come in no order, and each touches pages all over their indexes. */
const CACHE_KIB = 65_536
/** How long a statement waits for another connection (a backup, a shell) before it fails. */
const BUSY_TIMEOUT_MS = 5000
/** No room for the file that processes share the write-ahead log by; https://sqlite.org/rescode.html#ioerr_shmsize */
const SQLITE_IOERR_SHMSIZE = 4874
/** https://sqlite.org/rescode.html#full */
const SQLITE_FULL = 13

/** Whether commits wait for the disk; compiled once, as they stand around every other write. */
const SYNC = CompiledQuery.raw('PRAGMA synchronous = FULL')
const DO_NOT_SYNC = CompiledQuery.raw('PRAGMA synchronous = NORMAL')

/** The metadata database and how to copy it. */
export interface MetadataDatabase {
  readonly db: Kysely<Schema>
  /** Grows with every write to one of these tables; undefined where other processes write too. */
  structureVersion(tables: readonly StructureTable[]): number | undefined
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
 */
export function openSqliteDatabase(path: string): MetadataDatabase {
  const sqlite = openWithLog(path, false) ?? openWithLog(path, true)!
  sqlite.exec(SYNC.sql)
  sqlite.exec(`PRAGMA cache_size = -${CACHE_KIB}`)
  const versions = new StructureVersions()
  const database = adaptDatabase(sqlite, versions)
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
  const log = new LogSync(`${path}-wal`)
  return {
    db,
    structureVersion: (tables) => versions.of(tables),
    sync: () => log.sync(),
    async copyTo(target) {
      await backup(sqlite, target)
    },
    checkIntegrity: () => listProblems(sqlite),
    async close() {
      await log.close()
      await db.destroy()
      if (sqlite.isOpen) sqlite.close()
    },
  }
}

/**
 * A transaction that does not wait for the disk: it survives the end of the process at any moment, but may be lost, whole, when
 * the machine itself fails before the next commit that waits, or `MetadataDatabase.sync`. For what nobody is told is kept, such
 * as the history of searches, or not before one of these: a commit that waits holds up everybody's requests for milliseconds.
 */
export async function writeWithoutSync<Result>(
  db: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  return await db.connection().execute(async (connection) => {
    await connection.executeQuery(DO_NOT_SYNC)
    try {
      return await connection.transaction().execute(work)
    } finally {
      await connection.executeQuery(SYNC)
    }
  })
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

function adaptDatabase(sqlite: DatabaseSync, versions: StructureVersions): SqliteDatabase {
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
      const statement =
        sql === 'rollback' ? makeRollback(sqlite) : adaptStatement(sqlite.prepare(sql), versions.watch(sql))
      cache.set(sql, statement)
      if (cache.size > MAX_CACHED_STATEMENTS) cache.delete(cache.keys().next().value ?? '')
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync, onWrite: (() => void) | undefined): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all(parameters) {
      onWrite?.()
      return tellingOfRoom(() => statement.all(...toInputs(parameters)))
    },
    run(parameters) {
      onWrite?.()
      return tellingOfRoom(() => statement.run(...toInputs(parameters)))
    },
    iterate: (parameters) => statement.iterate(...toInputs(parameters)),
  }
}

/** SQLite undoes a transaction by itself where the disk is full: there is nothing left then. */
function makeRollback(sqlite: DatabaseSync): SqliteStatement {
  const run = (): { changes: number; lastInsertRowid: number } => {
    if (sqlite.isTransaction) sqlite.exec('rollback')
    return { changes: 0, lastInsertRowid: 0 }
  }
  return { reader: false, run, all: () => [], iterate: () => [].values() }
}

/** @throws An error with the system's code `ENOSPC` where SQLite says that the disk is full. */
function tellingOfRoom<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_FULL) throw error
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
