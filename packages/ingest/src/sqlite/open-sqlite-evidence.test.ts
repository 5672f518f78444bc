import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FileSource } from '../containers/file-source.ts'
import { openFileBeside } from '../containers/open-input.ts'
import { openSqliteEvidence, type SqliteEvidence, type SqliteOptions } from './open-sqlite-evidence.ts'
import { listColumns, type ScanItem, scanRows } from './scan-rows.ts'
import { loopTable } from './testing/loop-table.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeskein-sqlite-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

async function openEvidence(path: string, options: SqliteOptions = {}): Promise<SqliteEvidence> {
  await using file = await open(path, 'r')
  const place = { filePath: path, openBeside: (suffix: string) => openFileBeside(path + suffix) }
  return await openSqliteEvidence(path, new FileSource(file), place, { spoolDirectory: folder, ...options })
}

function makeTable(path: string, rows: number): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)')
  const insert = database.prepare('INSERT INTO t VALUES (?, ?)')
  database.exec('BEGIN')
  for (let row = 1; row <= rows; row++) insert.run(row, `text ${row} ${'x'.repeat(200)}`)
  database.exec('COMMIT')
  return database
}

it('reads what its writer has only in the write-ahead log, while the writer holds it', async () => {
  const path = join(folder, 'live #1?.db')
  const writer = new DatabaseSync(path)
  writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)')
  writer.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (3)')
  const before = readdirSync(folder).toSorted()
  {
    await using evidence = await openEvidence(path)
    expect(
      evidence.database
        .prepare('SELECT a FROM t')
        .all()
        .map(({ a }) => a),
    ).toEqual([1, 2])
    expect(evidence.remarks.join()).toMatch(/^\d+ pages of the write-ahead log/)
  }
  expect(readdirSync(folder).toSorted()).toEqual(before)
  writer.close()
})

it('does not read a schema without end that a write-ahead log brings', async () => {
  const path = join(folder, 'a.db')
  makeTable(path, 3).close()
  const looped = join(folder, 'looped.db')
  copyFileSync(path, looped)
  loopTable(looped, 'sqlite_schema')
  const writer = new DatabaseSync(path)
  writer.exec('PRAGMA journal_mode = WAL; UPDATE t SET a = 9 WHERE a = 3')
  const log = readFileSync(`${path}-wal`)
  const pages = readFileSync(looped)
  writer.close()
  const copy = join(folder, 'copy.db')
  copyFileSync(path, copy)
  writeFileSync(`${copy}-wal`, logPages(log.subarray(0, 32), pages))
  await expect(openEvidence(copy)).rejects.toThrow("expected each page of the schema's tree once")
})

/** A write-ahead log of all pages of a database (sqlite.org, "WAL-mode File Format", section 1), committed by the last of them. */
function logPages(header: Buffer, file: Buffer): Buffer {
  const frames: Buffer[] = [header]
  const isBig = (header.readUInt32BE(0) & 1) === 1
  let sums: readonly [number, number] = [header.readUInt32BE(24), header.readUInt32BE(28)]
  for (let at = 0; at < file.length; at += 4096) {
    const page = Buffer.from(file.subarray(at, at + 4096))
    if (at === 0) page.fill(2, 18, 20)
    const frame = Buffer.alloc(24)
    frame.writeUInt32BE(at / 4096 + 1, 0)
    frame.writeUInt32BE(at + 4096 >= file.length ? file.length / 4096 : 0, 4)
    header.copy(frame, 8, 16, 24)
    sums = sumWords(sumWords(sums, frame.subarray(0, 8), isBig), page, isBig)
    frame.writeUInt32BE(sums[0], 16)
    frame.writeUInt32BE(sums[1], 20)
    frames.push(frame, page)
  }
  return Buffer.concat(frames)
}

function sumWords([s0, s1]: readonly [number, number], bytes: Buffer, isBig: boolean): [number, number] {
  let [first, second] = [s0, s1]
  for (let at = 0; at < bytes.length; at += 8) {
    const [x, y] = isBig
      ? [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
      : [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
    first = (first + x + second) >>> 0
    second = (second + y + first) >>> 0
  }
  return [first, second]
}

it('takes back a transaction that was under way, and deletes no file that its journal names', async () => {
  const path = join(folder, 'a.db')
  const writer = makeTable(path, 400)
  writer.exec("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; UPDATE t SET b = 'changed ' || b")
  const copy = join(folder, 'copy.db')
  copyFileSync(path, copy)
  const victim = join(folder, 'victim')
  writeFileSync(victim, 'kept')
  writeFileSync(`${copy}-journal`, Buffer.concat([readFileSync(`${path}-journal`), nameSuperJournal(victim)]))
  writer.exec('ROLLBACK')
  writer.close()
  await using evidence = await openEvidence(copy)
  const { n } = evidence.database.prepare("SELECT count(*) AS n FROM t WHERE b LIKE 'changed%'").get()!
  expect(n).toBe(0)
  expect(readFileSync(victim, 'utf8')).toBe('kept')
})

function nameSuperJournal(path: string): Buffer {
  const name = Buffer.from(path)
  const numbers = Buffer.alloc(12)
  numbers.writeUInt32BE(0x40000000 / 4096 + 1)
  numbers.writeUInt32BE(name.length, 4)
  numbers.writeUInt32BE(
    name.reduce((sum, byte) => sum + byte, 0),
    8,
  )
  const magic = Buffer.from('d9d505f920a163d7', 'hex')
  return Buffer.concat([numbers.subarray(0, 4), name, numbers.subarray(4), magic])
}

it('reads a file in place where nothing stands beside it', async () => {
  const path = join(folder, 'a.db')
  makeTable(path, 1).close()
  await using evidence = await openEvidence(path, { inPlace: true })
  expect(evidence.path).toBe(path)
  expect(() => evidence.database.exec('DELETE FROM t')).toThrow(/readonly/)
})

it('reads the rows of a cut file that are there, and tells of the others', async () => {
  const path = join(folder, 'a.db')
  makeTable(path, 5000).close()
  truncateSync(path, 600_000)
  await using evidence = await openEvidence(path, { inPlace: true })
  expect(evidence.remarks.join()).toContain('The database is cut off')
  const items = [...scanRows(evidence.database, 't', ['b'])]
  const rows = items.filter(({ kind }) => kind === 'row')
  expect(rows.length).toBeGreaterThan(2000)
  expect(items.filter(({ kind }) => kind === 'lost')).toHaveLength(1)
  expect(items.at(-1)).toMatchObject({ kind: 'lost', table: 't' })
})

it('reads the rows on both sides of damage', async () => {
  const path = join(folder, 'a.db')
  makeTable(path, 5000).close()
  const bytes = readFileSync(path)
  bytes.fill(0xff, 400 * 1024, 420 * 1024)
  writeFileSync(path, bytes)
  await using evidence = await openEvidence(path)
  const items = [...scanRows(evidence.database, 't', ['b'])]
  const rowids = items.flatMap((item) => (item.kind === 'row' ? [item.rowid] : []))
  expect(rowids[0]).toBe(1n)
  expect(rowids.at(-1)).toBe(5000n)
  expect(rowids.length).toBeGreaterThan(4000)
  expect(items.find(({ kind }) => kind === 'lost')).toMatchObject({
    problem: expect.stringMatching(/malformed/),
  })
})

/** What a scan gives, as far as so many items. */
function take(items: Iterable<ScanItem>, most: number): readonly ScanItem[] {
  const taken: ScanItem[] = []
  for (const item of items) {
    taken.push(item)
    if (taken.length === most) break
  }
  return taken
}

it('stops at pages that lead to the same rows again, and tells of it', async () => {
  const path = join(folder, 'a.db')
  makeTable(path, 3).close()
  loopTable(path, 't')
  await using evidence = await openEvidence(path)
  expect(take(scanRows(evidence.database, 't', ['b']), 100)).toMatchObject([
    { kind: 'row', rowid: 1n },
    { kind: 'row', rowid: 2n },
    { kind: 'row', rowid: 3n },
    { kind: 'lost', after: 3n, problem: expect.stringContaining('expected row numbers in ascending order') },
  ])
})

it('stops where rows give more values than the file can hold', async () => {
  const path = join(folder, 'a.db')
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY)')
  const insert = database.prepare('INSERT INTO t VALUES (?)')
  for (let row = 1; row <= 100; row++) insert.run(row)
  // The text stands in the file once.
  database.exec(`ALTER TABLE t ADD COLUMN b TEXT DEFAULT '${'x'.repeat(8 * 1024 * 1024)}'`)
  database.close()
  await using evidence = await openEvidence(path)
  let rows = 0
  const lost: ScanItem[] = []
  for (const item of scanRows(evidence.database, 't', ['b'])) {
    if (item.kind === 'row') rows++
    else lost.push(item)
  }
  expect(lost).toMatchObject([{ problem: expect.stringContaining('in a table of a file of this size') }])
  expect(rows).toBeLessThan(70)
})

it('goes by the numbers of rows where a column has their name', async () => {
  const path = join(folder, 'a.db')
  const database = new DatabaseSync(path)
  database.exec(
    "CREATE TABLE t (ROWID TEXT, oid TEXT); INSERT INTO t VALUES ('b', 'x'), ('a', 'x'), (NULL, 'x')",
  )
  database.close()
  await using evidence = await openEvidence(path)
  expect([...scanRows(evidence.database, 't', ['ROWID'])]).toMatchObject([
    { rowid: 1n, row: { ROWID: 'b' } },
    { rowid: 2n, row: { ROWID: 'a' } },
    { rowid: 3n, row: { ROWID: null } },
  ])
})

it('names only tables and columns that hold data of their own', async () => {
  const path = join(folder, 'a.db')
  const database = new DatabaseSync(path)
  database.exec(`CREATE TABLE t (a, b AS (a || 'x'), "c d");
    CREATE VIEW urls AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r`)
  database.close()
  await using evidence = await openEvidence(path)
  expect([...listColumns(evidence.database)]).toEqual([['t', new Set(['a', 'c d'])]])
})
