import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { SqliteTables } from './sqlite-tables.ts'

/** What happened at a time of a record, and the time: microseconds since 1970, or what stands there instead of one. */
export interface BrowserMoment {
  readonly description: string
  /** Undefined where the record has no such time. */
  readonly us: bigint | undefined
}

/** A row of a browser's database as events have it. */
export interface BrowserRecord {
  readonly kind: 'record'
  /** Number of the row in its table. */
  readonly rowid: bigint
  readonly dataType: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
  /** One event for each different time. */
  readonly moments: readonly BrowserMoment[]
}

/** One kind of database of a browser. A file of its own, registered in `browser-kinds.ts`. */
export interface BrowserKind {
  /** As in the account. */
  readonly name: string
  readonly title: string
  readonly recognisedBy: string
  /** What Plaso calls the source, as `source_long`. */
  readonly sourceLong: string
  /** Tables that make a database one of these, each with columns that it must have. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  /** What its tables hold, table by table. */
  readonly read: (tables: SqliteTables) => Iterable<BrowserRecord | LostRows>
}
