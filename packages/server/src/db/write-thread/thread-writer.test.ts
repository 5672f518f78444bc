import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ADD_GROUPS } from '../../testing/group-writer.ts'
import { untilWrittenTo } from '../../testing/held-database.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import { migrate } from '../migrate.ts'
import { type MetadataDatabase, openSqliteDatabase } from '../sqlite-database.ts'
import type { ThreadOutcome } from './thread-job.ts'

let directory: string
let path: string
let database: MetadataDatabase
beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  path = join(directory, 'metadata.sqlite')
  database = openSqliteDatabase(path)
  await migrate(database, directory)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await database.close()
  await rm(directory, { recursive: true })
})

async function listGroups({ db } = database): Promise<string[]> {
  const rows = await db.selectFrom('groups').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

async function addGroup(name: string): Promise<void> {
  await database.db.insertInto('groups').values({ name, description: '', owner_id: null }).execute()
}

interface HeldTransaction {
  readonly mayCommit: PromiseWithResolvers<void>
  readonly done: Promise<ThreadOutcome>
}

/** A transaction of the thread that is under way. */
async function holdTransaction(...names: readonly string[]): Promise<HeldTransaction> {
  const mayCommit = Promise.withResolvers<void>()
  const done = database.writeInThread(ADD_GROUPS, names, mayCommit.promise)
  done.catch(() => undefined)
  await untilWrittenTo(path)
  return { mayCommit, done }
}

it('writes all or nothing, and tells what SQLite said', async () => {
  await database.writeInThread(ADD_GROUPS, ['a', 'b'])
  const failing = database.writeInThread(ADD_GROUPS, ['c', 'a'])
  await expect(failing).rejects.toMatchObject({
    message: 'UNIQUE constraint failed: groups.name',
    errcode: 2067,
  })
  expect(await listGroups()).toEqual(['a', 'b'])
  await database.writeInThread(ADD_GROUPS, ['c'])
  expect(await listGroups()).toEqual(['a', 'b', 'c'])
})

it('lets others read what was before, and those who would write wait', async () => {
  const { mayCommit, done } = await holdTransaction('a')
  const order: string[] = []
  const writing = addGroup('b').then(() => order.push('written by another one'))
  // Not even those who wait to write keep others from reading.
  expect(await listGroups()).toEqual([])
  void done.then(() => order.push('committed'))
  mayCommit.resolve()
  await Promise.all([done, writing])
  expect(await done).toEqual({ hasHeldUp: true })
  expect(await database.writeInThread(ADD_GROUPS, ['c'])).toEqual({ hasHeldUp: false })
  expect(order).toEqual(['committed', 'written by another one'])
  expect(await listGroups()).toEqual(['a', 'b', 'c'])
})

it('waits for whoever is within a transaction', async () => {
  let writing: Promise<unknown> | undefined
  await database.db.transaction().execute(async (transaction) => {
    writing = database.writeInThread(ADD_GROUPS, ['a'])
    await transaction.insertInto('groups').values({ name: 'b', description: '', owner_id: null }).execute()
  })
  await writing
  expect(await listGroups()).toEqual(['a', 'b'])
})

it('takes back what may not be committed, and says why', async () => {
  const { mayCommit, done } = await holdTransaction('a')
  mayCommit.reject(new Error('its events are not there'))
  await expect(done).rejects.toThrow('its events are not there')
  await database.writeInThread(ADD_GROUPS, ['b'])
  expect(await listGroups()).toEqual(['b'])
})

it('tells of written tables when all can read it, and not before', async () => {
  const before = database.structureVersion(['groups'])
  const { mayCommit, done } = await holdTransaction('a')
  expect(database.structureVersion(['groups'])).toBe(before)
  mayCommit.resolve()
  await done
  expect(database.structureVersion(['groups'])).toBeGreaterThan(before)
})

it('undoes what a thread had not committed that ended, and writes with the next one', async () => {
  const started = new Promise<Worker>((resolve) => process.once('worker', resolve))
  const { mayCommit, done } = await holdTransaction('a')
  await (await started).terminate()
  mayCommit.resolve()
  await expect(done).rejects.toMatchObject({ code: 'write-thread-ended' })
  expect(await listGroups()).toEqual([])
  await database.writeInThread(ADD_GROUPS, ['b'])
  expect(await listGroups()).toEqual(['b'])
})

it('is put on the disk again with all that was written, where that failed meanwhile', async () => {
  const handle = await open(path)
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const { mayCommit, done } = await holdTransaction('a')
  vi.spyOn(prototype, 'datasync').mockRejectedValueOnce(new Error('the disk is gone'))
  const sync = database.sync().catch((error: unknown) => error)
  mayCommit.resolve()
  await done
  expect(await sync).toMatchObject({ code: 'not-durable' })
  await addGroup('b')
  await database.sync()
  expect(await listGroups()).toEqual(['a', 'b'])
})

it('has ended when the database is closed, what it was asked for being written', async () => {
  const writing = database.writeInThread(ADD_GROUPS, ['a'])
  await database.close()
  await writing
  database = openSqliteDatabase(path)
  expect(await listGroups()).toEqual(['a'])
})

it('is in no copy while it is not committed, and does not hold one up for ever', async () => {
  const { mayCommit, done } = await holdTransaction('a')
  const copy = join(directory, 'copy.sqlite')
  const copying = database.copyTo(copy)
  mayCommit.resolve()
  await Promise.all([done, copying, database.writeInThread(ADD_GROUPS, ['b'])])
  const copied = openSqliteDatabase(copy)
  expect(await listGroups(copied)).toEqual(['a'])
  await copied.close()
})
