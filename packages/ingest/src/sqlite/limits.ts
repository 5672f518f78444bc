/** The longest value that is read from a database, in bytes; a longer one makes its row a reject. */
export const MAX_SQLITE_VALUE_BYTES: number = 64 * 1024 * 1024

/** Pages of a database that are kept in memory, as KiB. */
export const SQLITE_CACHE_KIB: number = 32 * 1024

/** Bytes of values that one pass through a table may give beyond those that the file has. */
export const VALUE_ALLOWANCE_BYTES: number = 256 * 1024 * 1024

/** Bytes of texts and blobs of rows that are kept while a table is read from its other end, or to be looked up. */
export const MAX_KEPT_ROW_BYTES: number = 128 * 1024 * 1024

/** Bytes of all rows of a database's schema: SQLite parses each before the first table can be read. */
export const MAX_SCHEMA_BYTES: number = 64 * 1024 * 1024
