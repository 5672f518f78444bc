import { setImmediate } from 'node:timers/promises'
import { type Compilable, CompiledQuery, type Kysely } from 'kysely'
import type { Schema } from '../db/schema.ts'
import { chunk } from './chunk.ts'

/**
 * Carries out a statement for rows, so many at once, in their order; others of the thread get their turn behind each statement that is
 * full, though not at its connection where it is done in a transaction. @returns What it returns of all.
 */
export type RowStatement<Row, Result> = (
  db: Kysely<Schema>,
  rows: readonly Row[],
) => Promise<readonly Result[]>

/**
 * A statement of many rows, built once: of thousands of rows the building takes as long as the database does.
 *
 * @param rowsAtOnce - Rows in one statement at most: each brings its columns as parameters.
 * @param build - The statement for some rows, which all have the same members, none of them undefined. It has no parameters but theirs.
 */
export function prepareRows<Row extends object, Result>(
  rowsAtOnce: number,
  build: (db: Kysely<Schema>, rows: readonly Row[]) => Compilable<Result>,
): RowStatement<Row, Result> {
  let full: { readonly sql: string; readonly names: readonly (keyof Row)[] } | undefined
  return async (db, rows) => {
    const results: Result[] = []
    for (const some of chunk(rows, rowsAtOnce)) {
      let query: CompiledQuery<Result>
      if (full && some.length === rowsAtOnce) {
        const { sql, names } = full
        query = CompiledQuery.raw(
          sql,
          some.flatMap((row) => names.map((name) => row[name])),
        ) as CompiledQuery<Result>
      } else {
        query = build(db, some).compile()
        const names = Object.keys(some[0]!) as (keyof Row)[]
        if (query.parameters.length !== names.length * some.length)
          throw new Error(
            `a statement of ${some.length} rows with ${names.length} members each was expected to have as many parameters, found ${query.parameters.length}`,
          )
        if (some.length === rowsAtOnce) full = { sql: query.sql, names }
      }
      for (const one of (await db.executeQuery<Result>(query)).rows) results.push(one)
      // No statement waits for anything: nobody else of the process would get a turn before all of them are done.
      if (some.length === rowsAtOnce) await setImmediate()
    }
    return results
  }
}
