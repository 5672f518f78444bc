import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const PAGE_BYTES = 4096
const CELLS = 500
const LEVELS = 4

/**
 * Makes a table, small enough for one page, endless: above its only leaf come pages each of which names the one below 501 times,
 * so that SQLite walks over the leaf 501^4 times. For tests; the file must have pages of 4096 bytes.
 */
export function loopTable(path: string, table: string): void {
  using database = new DatabaseSync(path)
  const found = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)
  database.close()
  const root = Number(found?.['rootpage'])
  const file = readFileSync(path)
  const start = (root - 1) * PAGE_BYTES
  const pages: Buffer[] = [Buffer.from(file.subarray(start, start + PAGE_BYTES))]
  const before = file.length / PAGE_BYTES
  while (pages.length < LEVELS) pages.push(nameOften(before + pages.length))
  nameOften(before + pages.length).copy(file, start)
  const all = Buffer.concat([file, ...pages])
  all.writeUInt32BE(all.length / PAGE_BYTES, 28)
  writeFileSync(path, all)
}

/** An interior page of a table's tree (SQLite's "Database File Format", 1.6) all of whose cells name one page. */
function nameOften(child: number): Buffer {
  const page = Buffer.alloc(PAGE_BYTES)
  page[0] = 5
  page.writeUInt16BE(CELLS, 3)
  let at = PAGE_BYTES
  for (let cell = 0; cell < CELLS; cell++) {
    at -= 5
    page.writeUInt32BE(child, at)
    page[at + 4] = 1
    page.writeUInt16BE(at, 12 + 2 * cell)
  }
  page.writeUInt16BE(at, 5)
  page.writeUInt32BE(child, 8)
  return page
}
