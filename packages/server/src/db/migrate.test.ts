import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTemporaryDirectory } from '../testing/temporary-system.ts'
import { migrate, SCHEMA_VERSION } from './migrate.ts'
import type { Schema } from './schema.ts'
import { type MetadataDatabase, openSqliteDatabase, writeWithoutSync } from './sqlite-database.ts'

let directory: string
let database: MetadataDatabase

beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  database = openSqliteDatabase(join(directory, 'metadata.sqlite'))
})
afterEach(async () => {
  await database.close()
  await rm(directory, { recursive: true })
})

it('makes the tables once, without a copy of nothing', async () => {
  expect(await migrate(database, directory)).toEqual({ from: 0, to: SCHEMA_VERSION, backupPath: undefined })
  expect(await migrate(database, directory)).toMatchObject({ from: SCHEMA_VERSION, backupPath: undefined })
  expect(await database.db.selectFrom('users').selectAll().execute()).toEqual([])
  expect(database.checkIntegrity()).toEqual([])
})

it('refuses a newer database and touches nothing', async () => {
  await migrate(database, directory)
  await database.db
    .insertInto('schema_versions')
    .values({ version: SCHEMA_VERSION + 1, name: 'later', applied_at_ms: 0 })
    .execute()
  await expect(migrate(database, directory)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'schema-too-new',
  })
})

it('copies a database whole while it is open', async () => {
  await migrate(database, directory)
  const values = { name: 'g', description: '', owner_id: null }
  await database.db.insertInto('groups').values(values).execute()
  await database.copyTo(join(directory, 'copy.sqlite'))
  const copy = new DatabaseSync(join(directory, 'copy.sqlite'))
  expect(copy.prepare('SELECT name FROM groups').all()).toMatchObject([{ name: 'g' }])
  copy.close()
  expect(await readdir(directory)).toContain('copy.sqlite')
})

it('keeps two transactions at once apart, and undoes one that fails whole', async () => {
  await migrate(database, directory)
  const insert = (name: string, fails: boolean): Promise<void> =>
    database.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('groups').values({ name, description: '', owner_id: null }).execute()
      await Promise.resolve()
      if (fails) throw new Error('on purpose')
    })
  const outcomes = await Promise.allSettled([insert('a', false), insert('b', true), insert('c', false)])
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const rows = await database.db.selectFrom('groups').select('name').orderBy('name').execute()
  expect(rows.map((row) => row.name)).toEqual(['a', 'c'])
})

it('enforces what rows point to', async () => {
  await migrate(database, directory)
  await expect(
    database.db.insertInto('group_members').values({ group_id: 1, user_id: 1 }).execute(),
  ).rejects.toThrow(/FOREIGN KEY/)
})

it('waits for the disk again after a transaction that does not', async () => {
  await migrate(database, directory)
  const values = { name: 'g', description: '', owner_id: null }
  const modes: unknown[] = []
  const readMode = async (db: Kysely<Schema>): Promise<void> => {
    const { rows } = await sql`PRAGMA synchronous`.execute(db)
    modes.push(...rows)
  }
  await writeWithoutSync(database.db, async (transaction) => {
    await transaction.insertInto('groups').values(values).execute()
    await readMode(transaction)
  })
  const failing = writeWithoutSync(database.db, () => Promise.reject(new Error('on purpose')))
  await expect(failing).rejects.toThrow('on purpose')
  await readMode(database.db)
  expect(modes).toEqual([{ synchronous: 1 }, { synchronous: 2 }])
  expect(await database.db.selectFrom('groups').select('name').execute()).toEqual([{ name: 'g' }])
})
