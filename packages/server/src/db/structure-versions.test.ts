import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { makeTemporaryDirectory } from '../testing/temporary-system.ts'
import { migrate } from './migrate.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import { STRUCTURE_TABLES, StructureVersions } from './structure-versions.ts'

it('counts writes to a table, and to no other one', async () => {
  const versions = new StructureVersions()
  const write = versions.watch('update "sketches" set "revision" = ? where "id" = ?')!
  const before = [versions.of(['sketches', 'users']), versions.of(['users', 'grants'])]
  write()
  expect(versions.of(['sketches', 'users'])).toBe(before[0]! + 1)
  expect(versions.of(['users', 'grants'])).toBe(before[1])
  for (const sql of ['select * from "users"', 'insert into "audit_log" values (?)'])
    expect(versions.watch(sql)).toBeUndefined()
})

it('counts for each table whose rows go, or change, with those of another one', async () => {
  const directory = await makeTemporaryDirectory()
  try {
    const path = join(directory, 'metadata.sqlite')
    const database = openSqliteDatabase(path)
    await migrate(database, directory)
    await database.close()
    using sqlite = new DatabaseSync(path, { readOnly: true })
    let found = 0
    for (const table of STRUCTURE_TABLES) {
      for (const key of sqlite.prepare(`PRAGMA foreign_key_list(${table})`).all()) {
        if (key['on_delete'] === 'NO ACTION') continue
        const versions = new StructureVersions()
        versions.watch(`delete from "${key['table']}" where "id" = ?`)?.()
        expect(versions.of([table]), `${table} when rows of ${key['table']} are deleted`).toBe(1)
        found++
      }
    }
    expect(found).toBeGreaterThan(5)
  } finally {
    await rm(directory, { recursive: true })
  }
})
