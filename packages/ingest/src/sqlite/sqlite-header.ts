import type { Buffer } from 'node:buffer'

/**
 * The header of an SQLite database.
 *
 * Source: sqlite.org, "Database File Format", section 1.3. Offset 0: `SQLite format 3` and a NUL; 16: page size, 1 for 65,536;
 * 24: change counter; 28: pages of the file; 92: the change counter for which that number holds. Big-endian.
 */
export const SQLITE_HEADER_BYTES = 100

/** Where the number of pages stands. */
export const PAGE_COUNT_OFFSET = 28

const MAGIC = 'SQLite format 3\0'

/** Whether a file begins as an SQLite database. */
export function isSqlite(head: Buffer): boolean {
  return head.length >= MAGIC.length && head.toString('latin1', 0, MAGIC.length) === MAGIC
}

/** What a header says of the file's size. */
export interface SqliteSize {
  readonly pageBytes: number
  /** Undefined where the header has no number that holds. */
  readonly pages: number | undefined
}

/** @returns Undefined where it is no whole header, or its page size is none. */
export function readSqliteSize(header: Buffer): SqliteSize | undefined {
  if (header.length < SQLITE_HEADER_BYTES || !isSqlite(header)) return undefined
  const written = header.readUInt16BE(16)
  const pageBytes = written === 1 ? 65_536 : written
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0) return undefined
  const pages = header.readUInt32BE(PAGE_COUNT_OFFSET)
  const holds = pages > 0 && header.readUInt32BE(24) === header.readUInt32BE(92)
  return { pageBytes, pages: holds ? pages : undefined }
}
