import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { shapeRows } from './row-shape.ts'

/** Prepared statements kept; Kysely makes the same texts again and again. */
const MAX_CACHED_STATEMENTS = 256

/** Statements that change tables, or take back such a change. */
const STRUCTURE = /^\s*(?:alter|create|drop|rollback)\b/i

/** Who looks on while statements are carried out. */
export interface StatementHooks {
  /** What is to be called whenever a statement runs; undefined for one of which nobody wants to know. */
  watch(sql: string): (() => void) | undefined
  /** What to throw in place of what SQLite says. */
  explain(error: unknown): unknown
  /** Statement -> what is done in its place. */
  readonly commands: ReadonlyMap<string, () => void>
}

/** A connection as Kysely's dialect of SQLite wants it. */
export function adaptDatabase(sqlite: DatabaseSync, hooks: StatementHooks): SqliteDatabase {
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
      const command = hooks.commands.get(sql)
      const statement = command ? adaptCommand(command) : adaptStatement(sqlite.prepare(sql), sql, hooks)
      // Which columns a statement has may be otherwise behind it, and behind the end of its transaction.
      if (STRUCTURE.test(sql)) {
        cache.clear()
        return statement
      }
      cache.set(sql, statement)
      if (cache.size > MAX_CACHED_STATEMENTS) cache.delete(cache.keys().next().value ?? '')
      return statement
    },
  }
}

/** SQLite undoes a transaction by itself where the disk is full: there is nothing left then. */
export function rollBack(sqlite: DatabaseSync): void {
  if (sqlite.isTransaction) sqlite.exec('rollback')
}

function adaptStatement(
  statement: StatementSync,
  sql: string,
  { watch, explain }: StatementHooks,
): SqliteStatement {
  const onRun = watch(sql)
  const explained = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      throw explain(error)
    }
  }
  const isReader = statement.columns().length > 0
  const toRow = isReader ? shapeRows(statement) : undefined
  return {
    reader: isReader,
    all(parameters) {
      onRun?.()
      const rows: readonly unknown[] = explained(() => statement.all(...toInputs(parameters)))
      return toRow ? rows.map(toRow) : []
    },
    run(parameters) {
      onRun?.()
      return explained(() => statement.run(...toInputs(parameters)))
    },
    *iterate(parameters) {
      for (const values of statement.iterate(...toInputs(parameters))) if (toRow) yield toRow(values)
    },
  }
}

function adaptCommand(command: () => void): SqliteStatement {
  const run = (): { changes: number; lastInsertRowid: number } => {
    command()
    return { changes: 0, lastInsertRowid: 0 }
  }
  return { reader: false, run, all: () => [], iterate: () => [].values() }
}

function toInputs(parameters: readonly unknown[]): SQLInputValue[] {
  // Kysely's types admit only values of Schema: text, numbers and null.
  return parameters as SQLInputValue[]
}
