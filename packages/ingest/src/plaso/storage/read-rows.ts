import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { measureRow, nameRowid, TableGuard } from '../../sqlite/table-guard.ts'

/** A row as `node:sqlite` gives it, integers as bigints. */
export type Row = Readonly<Record<string, unknown>>

/** Rows of a table that cannot be read: their identifiers lie from `first` to `last` (inclusive; undefined: to its end). */
export interface RowGap {
  readonly first: number
  readonly last: number | undefined
  readonly problem: string
}

/** What reading a table yields. */
export type RowItem = { readonly row: Row } | { readonly gap: RowGap }

/** Identifiers further than this behind the last one that was read are not looked for. */
const MAX_STEP = 2 ** 40

/**
 * Reads a table in the order of its identifiers, past pages that are damaged or lead to the same rows again: what stands behind
 * is found by asking for higher identifiers.
 *
 * @param columns - A list for SELECT. Identifiers are the numbers of rows, whichever column has them.
 */
export function* readRowsPastDamage(
  database: DatabaseSync,
  table: string,
  columns: string,
): Generator<RowItem> {
  let statement: StatementSync
  try {
    const number = nameRowid(database, table)
    statement = database.prepare(
      `SELECT ${number} AS "row at hand", ${columns} FROM ${table} NOT INDEXED WHERE ${number} >= ? ORDER BY ${number}`,
    )
  } catch (error) {
    // The first page of the table is missing.
    const problem = error instanceof Error ? error.message : String(error)
    yield { gap: { first: 1, last: undefined, problem } }
    return
  }
  statement.setReadBigInts(true)
  const guard = new TableGuard(database)
  let next = 1
  for (;;) {
    let problem: string
    try {
      for (const row of statement.iterate(next)) {
        // Row numbers are integers, which are read as bigints.
        const id = row['row at hand'] as bigint
        if (id > Number.MAX_SAFE_INTEGER) {
          const found = `expected identifiers up to ${Number.MAX_SAFE_INTEGER}, found ${id}`
          yield { gap: { first: next, last: undefined, problem: found } }
          return
        }
        guard.pass(id, measureRow(row))
        yield { row }
        next = Number(id) + 1
      }
      return
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
    const found = guard.isSpent ? undefined : findReadable(statement, next)
    yield { gap: { first: next, last: found === undefined ? undefined : found - 1, problem } }
    if (found === undefined) return
    next = found
  }
}

/** The lowest identifier, from `start` on, behind a damaged place; undefined when nothing can be read behind it. */
function findReadable(statement: StatementSync, start: number): number | undefined {
  let bad = start
  let step = 1
  let good: number | undefined
  while (step <= MAX_STEP) {
    const at = start + step
    const first = readFirst(statement, at)
    // Behind the last row all is well, and there is nothing.
    if (first === 'end') break
    if (first !== 'damage') {
      good = first
      break
    }
    bad = at
    step *= 2
  }
  let end = good ?? start + step
  while (end - bad > 1) {
    const middle = Math.floor((bad + end) / 2)
    const first = readFirst(statement, middle)
    if (first === 'damage') bad = middle
    else {
      end = middle
      if (first !== 'end') good = first
    }
  }
  return good
}

function readFirst(statement: StatementSync, start: number): number | 'damage' | 'end' {
  try {
    const row = statement.get(start)
    if (row === undefined) return 'end'
    const id = Number(row['row at hand'])
    // Not what was asked for: the tree leads elsewhere.
    return id < start ? 'damage' : id
  } catch {
    // The damage is told by the caller, for the range.
    return 'damage'
  }
}
