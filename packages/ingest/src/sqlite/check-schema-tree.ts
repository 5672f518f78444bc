import { Buffer } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import { MAX_SCHEMA_BYTES } from './limits.ts'
import { readSqliteSize, SQLITE_HEADER_BYTES } from './sqlite-header.ts'

/** The tree that holds a database's schema leads to the same pages again, or holds too much: SQLite would read it without end. */
export class SchemaTreeError extends Error {
  override readonly name = 'SchemaTreeError'
}

const INTERIOR_TABLE = 5
const LEAF_TABLE = 13
/** Bytes of a page's header in front of its cells' places. */
const INTERIOR_HEADER_BYTES = 12
const LEAF_HEADER_BYTES = 8
/** Nine bytes hold any varint. */
const MAX_VARINT_BYTES = 9

/**
 * Looks at the tree of the table `sqlite_schema`, which SQLite reads as a whole before anything else: each of its pages must stand in
 * it once. What else is wrong with it, SQLite says itself.
 *
 * Source: sqlite.org, "Database File Format", sections 1.6 and 2.6. The tree begins on page 1, behind the file's header. A page has its
 * type (offset 0), the number of its cells (3) and, if it has pages below it, the last of them (8); then the places of its cells. A cell
 * begins with the page below it, or with the length of its row. Big-endian.
 *
 * @param path - A database that nobody writes.
 * @throws {SchemaTreeError} When a page is named twice, or the rows have more than `MAX_SCHEMA_BYTES`.
 */
export function checkSchemaTree(path: string): void {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(SQLITE_HEADER_BYTES)
    readSync(file, header, 0, header.length, 0)
    const size = readSqliteSize(header)
    if (size !== undefined) walkPages(file, size.pageBytes)
  } finally {
    closeSync(file)
  }
}

function walkPages(file: number, pageBytes: number): void {
  const page = Buffer.alloc(pageBytes)
  const seen = new Set([1])
  const waiting = [1]
  let schemaBytes = 0
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const sizeBytes = readSync(file, page, 0, pageBytes, (number - 1) * pageBytes)
    const { children, rowBytes } = readPage(
      page.subarray(0, sizeBytes),
      number === 1 ? SQLITE_HEADER_BYTES : 0,
    )
    schemaBytes += rowBytes
    if (schemaBytes > MAX_SCHEMA_BYTES) {
      throw new SchemaTreeError(
        `expected a schema of at most ${MAX_SCHEMA_BYTES} bytes (MAX_SCHEMA_BYTES), found more`,
      )
    }
    for (const child of children) {
      if (seen.has(child)) {
        throw new SchemaTreeError(
          `expected each page of the schema's tree once, found page ${child} again below page ${number}`,
        )
      }
      seen.add(child)
      waiting.push(child)
    }
  }
}

/** @param start - Where the page's own header stands in it. */
function readPage(page: Buffer, start: number): { readonly children: number[]; readonly rowBytes: number } {
  const children: number[] = []
  let rowBytes = 0
  const type = page[start]
  const isInterior = type === INTERIOR_TABLE
  if (!(isInterior || type === LEAF_TABLE) || page.length < start + INTERIOR_HEADER_BYTES)
    return { children, rowBytes }
  const cells = page.readUInt16BE(start + 3)
  const places = start + (isInterior ? INTERIOR_HEADER_BYTES : LEAF_HEADER_BYTES)
  for (let place = places; place < places + 2 * cells && place + 2 <= page.length; place += 2) {
    const at = page.readUInt16BE(place)
    if (!isInterior) rowBytes += readVarint(page, at)
    else if (at + 4 <= page.length) children.push(page.readUInt32BE(at))
  }
  if (isInterior) children.push(page.readUInt32BE(start + 8))
  return { children, rowBytes }
}

/** Seven bits a byte, the highest first; the ninth byte has eight. Huge numbers lose their last digits; behind the page are zeros. */
function readVarint(page: Buffer, at: number): number {
  let value = 0
  for (let i = 0; i < MAX_VARINT_BYTES - 1; i++) {
    const byte = page[at + i] ?? 0
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return value
  }
  return value * 256 + (page[at + MAX_VARINT_BYTES - 1] ?? 0)
}
