import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

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
 * Goes through a table by its row numbers. Where the file is damaged in between, rows are read from the other end as far as the
 * damage, and what is between is told as lost.
 *
 * @param columns - As they are in the table; quoted here. Others than `listColumns` tells of make the statement fail.
 */
export function* scanRows(
  database: DatabaseSync,
  table: string,
  columns: readonly string[],
): Generator<ScanItem> {
  const wanted = columns.map(quoteName).join(', ')
  const select = `SELECT rowid AS "rowid at hand"${wanted === '' ? '' : `, ${wanted}`} FROM ${quoteName(table)}`
  let after: bigint | undefined
  try {
    for (const { rowid, row } of iterate(database, `${select} ORDER BY rowid`)) {
      after = rowid
      yield { kind: 'row', rowid, row }
    }
    return
  } catch (error) {
    const behind: { rowid: bigint; row: SqliteRow }[] = []
    try {
      const sql = `${select} WHERE rowid > ? ORDER BY rowid DESC`
      for (const item of iterate(database, sql, after ?? LEAST_ROWID)) {
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

function* iterate(
  database: DatabaseSync,
  sql: string,
  ...values: readonly bigint[]
): Generator<{ rowid: bigint; row: SqliteRow }> {
  const statement = database.prepare(sql)
  statement.setReadBigInts(true)
  for (const row of statement.iterate(...values)) {
    const rowid = row['rowid at hand']
    // A table may have a column of its own by that name, with anything in it.
    yield { rowid: typeof rowid === 'bigint' ? rowid : 0n, row }
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
