import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkSchemaTree, SchemaTreeError } from './check-schema-tree.ts'
import { openImmutable } from './open-sqlite-evidence.ts'
import { listColumns } from './scan-rows.ts'
import { loopTable } from './testing/loop-table.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeskein-schema-'))
  path = join(folder, 'a.db')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function makeTables(count: number, comment = ''): void {
  using database = new DatabaseSync(path)
  database.exec('BEGIN')
  for (let i = 0; i < count; i++) database.exec(`CREATE TABLE t${i} (a /* ${comment} */)`)
  database.exec('COMMIT')
}

it('takes a schema of many pages', () => {
  makeTables(800)
  using database = openImmutable(path)
  expect(listColumns(database).size).toBe(800)
})

it('refuses a schema whose pages lead to the same pages again, before SQLite reads it', () => {
  makeTables(1)
  loopTable(path, 'sqlite_schema')
  expect(() => openImmutable(path)).toThrow(SchemaTreeError)
  expect(() => openImmutable(path)).toThrow("expected each page of the schema's tree once, found page")
})

it('refuses a schema of more bytes than SQLite should parse', async () => {
  makeTables(3, 'x'.repeat(24 * 1024 * 1024))
  expect(() => checkSchemaTree(path)).toThrow('MAX_SCHEMA_BYTES')
})

it('leaves what is no database, or has no whole first page, to SQLite', async () => {
  makeTables(1)
  const bytes = await readFile(path)
  for (const end of [0, 50, 100, 103, 111, 300]) {
    await writeFile(path, bytes.subarray(0, end))
    expect(() => checkSchemaTree(path)).not.toThrow()
  }
})
