import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLogger } from '../log.ts'
import { makeTemporaryDirectory } from '../testing/temporary-system.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import { type MetadataDatabase, openSqliteDatabase, writeWithoutSync } from './sqlite-database.ts'

let directory: string
let path: string
let database: MetadataDatabase
let logged: { level: string; msg: string; err?: { message: string } }[]
beforeEach(async () => {
  logged = []
  directory = await makeTemporaryDirectory()
  path = join(directory, 'metadata.sqlite')
  const log = createLogger({ destination: { write: (line) => void logged.push(JSON.parse(line)) } })
  database = openSqliteDatabase(path, log)
  await migrate(database, directory)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await database.close()
  await rm(directory, { recursive: true })
})

const addGroup = (name: string) => (db: Kysely<Schema>) =>
  db.insertInto('groups').values({ name, description: '', owner_id: null }).execute()

async function listGroups(): Promise<string[]> {
  const rows = await database.db.selectFrom('groups').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

/** The next write of the log to the disk fails. */
async function failNextSync(): Promise<void> {
  const handle = await open(path)
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  vi.spyOn(prototype, 'datasync').mockRejectedValueOnce(new Error('the disk is gone'))
}

/** Statements that SQLite is given by themselves fail, so many times. */
function failStatement(failing: string, times: number): void {
  const exec = DatabaseSync.prototype.exec
  let left = times
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, text) {
    if (text === failing && left-- > 0) throw new Error(`not now: ${text}`)
    exec.call(this, text)
  })
}

it('empties the log into the database when it could not be put on the disk, and goes on', async () => {
  await writeWithoutSync(database.db, addGroup('a'))
  await failNextSync()
  await expect(database.sync()).rejects.toThrow('could not be put on the disk')
  expect((await stat(`${path}-wal`)).size).toBe(0)
  await writeWithoutSync(database.db, addGroup('b'))
  await database.sync()
  expect(await listGroups()).toEqual(['a', 'b'])
  expect(logged.map(({ level, err }) => [level, err?.message])).toEqual([
    ['error', 'the disk is gone'],
    ['warn', undefined],
  ])
})

it('lets writers wait while the log is put on the disk once more, and refuses a transaction under way', async () => {
  await failNextSync()
  let waiting: Promise<unknown> | undefined
  let sync: Promise<unknown> | undefined
  const underWay = database.db.transaction().execute(async (transaction) => {
    await addGroup('a')(transaction)
    waiting = addGroup('b')(database.db)
    sync = database.sync().catch((error: unknown) => error)
    await vi.waitFor(async () =>
      expect((await sql`PRAGMA query_only`.execute(transaction)).rows).toEqual([{ query_only: 1 }]),
    )
    await addGroup('c')(transaction)
  })
  await expect(underWay).rejects.toThrow('once more. Do it again.')
  await waiting
  expect(await sync).toMatchObject({ code: 'not-durable' })
  expect(await listGroups()).toEqual(['b'])
})

it('does not acknowledge a transaction under way that it may not have on the disk', async () => {
  using reader = new DatabaseSync(path, { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT * FROM groups').all()
  await sql`PRAGMA busy_timeout = 1`.execute(database.db)
  await failNextSync()
  let sync: Promise<unknown> | undefined
  const underWay = database.db.transaction().execute(async (transaction) => {
    await addGroup('a')(transaction)
    sync = database.sync().catch((error: unknown) => error)
    await vi.waitFor(async () =>
      expect((await sql`PRAGMA query_only`.execute(transaction)).rows).toEqual([{ query_only: 1 }]),
    )
  })
  await expect(underWay).rejects.toThrow('a loss of power may take it')
  expect(await sync).toMatchObject({ code: 'not-durable' })
})

it('writes no more when the log could neither be put on the disk nor emptied, and says why; it can be read', async () => {
  await writeWithoutSync(database.db, addGroup('a'))
  // Somebody who reads keeps the log from being emptied.
  using reader = new DatabaseSync(path, { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT * FROM groups').all()
  await sql`PRAGMA busy_timeout = 1`.execute(database.db)
  await failNextSync()
  await expect(database.sync()).rejects.toThrow('could not be put on the disk')
  await expect(addGroup('b')(database.db)).rejects.toThrow('start the server again')
  await expect(writeWithoutSync(database.db, addGroup('c'))).rejects.toThrow('start the server again')
  await expect(database.sync()).rejects.toThrow('start the server again')
  expect(await listGroups()).toEqual(['a'])
  // Once for each attempt, not for each that is refused.
  expect(logged.map(({ level, err }) => [level, err?.message])).toEqual([
    ['error', 'the disk is gone'],
    ['error', 'the log of the metadata database is being read'],
  ])
})

it('keeps in memory what a statement could take back only where a commit does not wait for the disk', async () => {
  const readPlace = async (db: typeof database.db): Promise<unknown> =>
    (await sql`PRAGMA temp_store`.execute(db)).rows
  expect(await writeWithoutSync(database.db, readPlace)).toEqual([{ temp_store: 2 }])
  expect(await readPlace(database.db)).toEqual([{ temp_store: 0 }])
})

it('waits for the disk again after a transaction that could not be undone at once', async () => {
  failStatement('rollback', 1)
  const failing = writeWithoutSync(database.db, async (transaction) => {
    await addGroup('a')(transaction)
    throw new Error('on purpose')
  })
  await expect(failing).rejects.toThrow()
  const { rows } = await sql`PRAGMA synchronous`.execute(database.db)
  expect(rows).toEqual([{ synchronous: 2 }])
  await addGroup('b')(database.db)
  expect(await listGroups()).toEqual(['b'])
})

it('waits for the disk again where it could not be told in full not to', async () => {
  const exec = DatabaseSync.prototype.exec
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, text) {
    if (!text.startsWith('PRAGMA synchronous = NORMAL')) return exec.call(this, text)
    exec.call(this, text.slice(0, text.indexOf(';')))
    throw new Error('not the second one')
  })
  await expect(writeWithoutSync(database.db, addGroup('a'))).rejects.toThrow('not the second one')
  const { rows } = await sql`PRAGMA synchronous`.execute(database.db)
  expect(rows).toEqual([{ synchronous: 2 }])
  expect(await listGroups()).toEqual([])
})

it('writes no more when commits cannot be made to wait for the disk again, and says why', async () => {
  failStatement('PRAGMA synchronous = FULL; PRAGMA temp_store = DEFAULT', 2)
  await expect(writeWithoutSync(database.db, addGroup('a'))).rejects.toThrow('not now')
  await expect(addGroup('b')(database.db)).rejects.toThrow('start the server again')
  expect(await listGroups()).toEqual(['a'])
})
