import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const PAGE_BYTES = 4096
const CELLS = 500
const LEVELS = 4
/** The first page begins with the file's header. */
const FILE_HEADER_BYTES = 100

/**
 * Makes a table, small enough for one page, endless: above its only leaf come pages each of which names the one below 501 times,
 * so that SQLite walks over the leaf 501^4 times. For tests; the file must have pages of 4096 bytes.
 *
 * @param table - May be `sqlite_schema`, whose tree begins on the first page.
 */
export function loopTable(path: string, table: string): void {
  const root = table === 'sqlite_schema' ? 1 : findRoot(path, table)
  const file = readFileSync(path)
  const start = (root - 1) * PAGE_BYTES
  const page = file.subarray(start, start + PAGE_BYTES)
  const headerAt = root === 1 ? FILE_HEADER_BYTES : 0
  const leaf = Buffer.from(page)
  leaf.copyWithin(0, headerAt, headerAt + 8 + 2 * leaf.readUInt16BE(headerAt + 3))
  const pages: Buffer[] = [leaf]
  const before = file.length / PAGE_BYTES
  while (pages.length < LEVELS) pages.push(nameOften(before + pages.length))
  nameOften(before + pages.length, headerAt).copy(page, headerAt, headerAt)
  const all = Buffer.concat([file, ...pages])
  all.writeUInt32BE(all.length / PAGE_BYTES, 28)
  writeFileSync(path, all)
}

function findRoot(path: string, table: string): number {
  using database = new DatabaseSync(path)
  const found = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)
  return Number(found?.['rootpage'])
}

/** An interior page of a table's tree (SQLite's "Database File Format", 1.6) all of whose cells name one page. */
function nameOften(child: number, headerAt = 0): Buffer {
  const page = Buffer.alloc(PAGE_BYTES)
  page[headerAt] = 5
  page.writeUInt16BE(CELLS, headerAt + 3)
  let at = PAGE_BYTES
  for (let cell = 0; cell < CELLS; cell++) {
    at -= 5
    page.writeUInt32BE(child, at)
    page[at + 4] = 1
    page.writeUInt16BE(at, headerAt + 12 + 2 * cell)
  }
  page.writeUInt16BE(at, headerAt + 5)
  page.writeUInt32BE(child, headerAt + 8)
  return page
}
