import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { MAX_KEPT_ROW_BYTES } from './limits.ts'
import { measureRow, nameRowid, TableGuard } from './table-guard.ts'

/** A row of a table, by the names of its columns. Integers are bigints. */
export type SqliteRow = Readonly<Record<string, SQLOutputValue>>

/** Rows that could not be read. */
export interface LostRows {
  readonly kind: 'lost'
  readonly table: string
  /** The last row that was read before them, and the first behind them; undefined where there is none. */
  readonly after: bigint | undefined
  readonly before: bigint | undefined
  readonly problem: string
}

const LEAST_ROWID = -(2n ** 63n)

/** One step through a table. */
export type ScanItem = { readonly kind: 'row'; readonly rowid: bigint; readonly row: SqliteRow } | LostRows

/** Rows behind damage that are kept until the order is set right again. */
const MAX_ROWS_BEHIND = 200_000

/**
 * Goes through a table by its row numbers, each of which comes once and in order. Where the file is damaged in between, or leads
 * to the same rows again, rows are read from the other end as far as the damage, and what is between is told as lost.
 *
 * @param columns - As they are in the table; quoted here. Others than `listColumns` tells of make the statement fail.
 */
export function* scanRows(
  database: DatabaseSync,
  table: string,
  columns: readonly string[],
): Generator<ScanItem> {
  let after: bigint | undefined
  try {
    for (const { rowid, row } of iterate(database, table, columns)) {
      after = rowid
      yield { kind: 'row', rowid, row }
    }
    return
  } catch (error) {
    const behind: { rowid: bigint; row: SqliteRow }[] = []
    let bytes = 0
    try {
      for (const item of iterate(database, table, columns, after ?? LEAST_ROWID)) {
        bytes += measureRow(item.row)
        if (bytes > MAX_KEPT_ROW_BYTES) break
        behind.push(item)
        if (behind.length >= MAX_ROWS_BEHIND) break
      }
    } catch {
      // The other side of the same damage.
    }
    const problem = error instanceof Error ? error.message : String(error)
    yield { kind: 'lost', table, after, before: behind.at(-1)?.rowid, problem }
    for (const { rowid, row } of behind.reverse()) yield { kind: 'row', rowid, row }
  }
}

/** All rows from the first one on, or from the last one back as far as `after`, which is not among them. */
function* iterate(
  database: DatabaseSync,
  table: string,
  columns: readonly string[],
  after?: bigint,
): Generator<{ rowid: bigint; row: SqliteRow }> {
  const number = nameRowid(database, table)
  const wanted = [`${number} AS "rowid at hand"`, ...columns.map(quoteName)].join(', ')
  const part = after === undefined ? `ORDER BY ${number}` : `WHERE ${number} > ? ORDER BY ${number} DESC`
  // By the table itself: what an index names may be anything.
  const statement = database.prepare(`SELECT ${wanted} FROM ${quoteName(table)} NOT INDEXED ${part}`)
  statement.setReadBigInts(true)
  const guard = new TableGuard(database, after !== undefined)
  for (const row of statement.iterate(...(after === undefined ? [] : [after]))) {
    // Row numbers are integers, which are read as bigints.
    const rowid = row['rowid at hand'] as bigint
    guard.pass(rowid, measureRow(row))
    yield { rowid, row }
  }
}

/**
 * The columns of the tables of a database that hold data of their own: no views, no virtual tables, no computed columns, whose
 * makers decide what reading them does.
 */
export function listColumns(database: DatabaseSync): ReadonlyMap<string, ReadonlySet<string>> {
  const tables = new Map<string, ReadonlySet<string>>()
  const names = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND sql NOT LIKE '%WITHOUT ROWID%'",
    )
    .all()
  const info = database.prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
  for (const { name } of names) {
    if (typeof name !== 'string') continue
    const columns = info.all(name).map((column) => String(column['name']))
    tables.set(name, new Set(columns))
  }
  return tables
}

/** A name as SQL has it, whatever characters it has. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
