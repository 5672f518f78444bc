/** The longest value that is read from a database, in bytes; a longer one makes its row a reject. */
export const MAX_SQLITE_VALUE_BYTES: number = 64 * 1024 * 1024

/** Pages of a database that are kept in memory, as KiB. */
export const SQLITE_CACHE_KIB: number = 32 * 1024
