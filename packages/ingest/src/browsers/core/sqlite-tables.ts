import { Buffer } from 'node:buffer'
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { MAX_KEPT_ROW_BYTES } from '../../sqlite/limits.ts'
import { type LostRows, listColumns, quoteName, type SqliteRow, scanRows } from '../../sqlite/scan-rows.ts'
import { measureRow } from '../../sqlite/table-guard.ts'

/** A row of a table with the number it has there. */
export interface NumberedRow {
  readonly kind: 'row'
  readonly rowid: bigint
  readonly row: SqliteRow
}

/** The tables of a browser's database, whichever of its columns there are in this release of the browser. */
export class SqliteTables {
  readonly #database: DatabaseSync
  readonly #columns: ReadonlyMap<string, ReadonlySet<string>>
  readonly #lookups = new Map<string, Lookup>()
  readonly #lostInLookups: LostRows[] = []
  /** Bytes of the rows that are kept to be looked up. */
  #keptBytes = 0

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#columns = listColumns(database)
  }

  /** Whether there is a table with all of these columns. */
  has(table: string, columns: readonly string[] = []): boolean {
    const found = this.#columns.get(table)
    return found !== undefined && columns.every((column) => found.has(column))
  }

  /** Names of all tables. */
  get names(): readonly string[] {
    return [...this.#columns.keys()]
  }

  /** Rows that what was looked up so far went without. */
  get lostInLookups(): readonly LostRows[] {
    return this.#lostInLookups
  }

  /** Goes through a table; of the columns those that it has. Nothing where there is no such table. */
  *scan(table: string, columns: readonly string[]): Generator<NumberedRow | LostRows> {
    const found = this.#columns.get(table)
    if (found === undefined) return
    yield* scanRows(
      this.#database,
      table,
      columns.filter((column) => found.has(column)),
    )
  }

  /** The first row in which a column has a value; undefined where there is none, or where it cannot be read. */
  find(
    table: string,
    column: string,
    value: SQLOutputValue | undefined,
    wanted: readonly string[],
  ): SqliteRow | undefined {
    return this.list(table, column, value, wanted, 1)[0]
  }

  /** The rows in which a column has a value, at most so many. */
  list(
    table: string,
    column: string,
    value: SQLOutputValue | undefined,
    wanted: readonly string[],
    most: number,
  ): readonly SqliteRow[] {
    if (value === undefined || value === null) return []
    const key = [table, column, most, ...wanted].join('\0')
    let lookup = this.#lookups.get(key)
    if (lookup === undefined) {
      lookup = this.#makeLookup(table, column, wanted, most)
      this.#lookups.set(key, lookup)
    }
    try {
      return lookup(value)
    } catch {
      // Damage in what is looked up: the row that it belongs to is told without it.
      return []
    }
  }

  #makeLookup(table: string, column: string, wanted: readonly string[], most: number): Lookup {
    const found = this.#columns.get(table)
    const columns = wanted.filter((name) => found?.has(name))
    if (!found?.has(column) || columns.length === 0) return () => []
    const sql = `SELECT ${columns.map(quoteName).join(', ')} FROM ${quoteName(table)} WHERE ${quoteName(column)} = ? LIMIT ${most}`
    try {
      const plan = this.#database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(null)
      if (plan.some(({ detail }) => String(detail).startsWith('SCAN')))
        return this.#gather(table, column, columns, most)
      const statement = this.#database.prepare(sql)
      statement.setReadBigInts(true)
      return (value) => statement.all(value)
    } catch {
      // An index that the statement would use is damaged.
      return this.#gather(table, column, columns, most)
    }
  }

  /** Looks up in memory what has no index that serves. */
  #gather(table: string, column: string, columns: readonly string[], most: number): Lookup {
    const rows = new Map<SQLOutputValue, SqliteRow[]>()
    for (const item of this.scan(table, [...new Set([column, ...columns])])) {
      if (item.kind === 'lost') {
        this.#lostInLookups.push(item)
        continue
      }
      const value = item.row[column] ?? null
      const known = rows.get(value)
      if (known !== undefined && known.length >= most) continue
      const bytes = measureRow(item.row) + ROW_BYTES
      if (this.#keptBytes + bytes > MAX_KEPT_ROW_BYTES) {
        const problem = `expected at most ${MAX_KEPT_ROW_BYTES} bytes of rows to look up (MAX_KEPT_ROW_BYTES), found more`
        const after = item.rowid - 1n
        this.#lostInLookups.push({ kind: 'lost', table, after, before: undefined, problem })
        break
      }
      this.#keptBytes += bytes
      if (known === undefined) rows.set(value, [item.row])
      else known.push(item.row)
    }
    return (value) => rows.get(value) ?? []
  }
}

/** What a row takes in memory beside its texts and blobs, about. */
const ROW_BYTES = 200

type Lookup = (value: Exclude<SQLOutputValue, null>) => readonly SqliteRow[]

/** A value as text; undefined for none. Any column of SQLite may hold a value of any kind. */
export function toText(value: SQLOutputValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)
}

/** As `toText`, without the empty text. */
export function toFilledText(value: SQLOutputValue | undefined): string | undefined {
  const text = toText(value)
  return text === '' ? undefined : text
}

/** A value as a number; as text where a double would not hold it. */
export function toNumber(value: SQLOutputValue | undefined): number | string | undefined {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return typeof value === 'number' && Number.isFinite(value) ? value : toText(value)
}

/** A flag; undefined for none. */
export function toFlag(value: SQLOutputValue | undefined): boolean | undefined {
  return value === undefined || value === null ? undefined : Number(value) !== 0
}
