import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { TEST_INDEX } from '../../contract/ask-helpers.ts'
import { makeBatch } from '../../contract/make-batch.ts'
import type { ImportTarget } from '../../event-store.ts'
import { WritingStore } from './writing-store.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-fatal-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

const target: ImportTarget = {
  index: TEST_INDEX,
  timelineId: 1,
  importId: 'one',
  profile: { aliases: {}, constants: {} },
  skipKnownRows: false,
}

async function importRows(store: WritingStore, importId: string, count: number): Promise<void> {
  await using transaction = await store.beginImport({ ...target, importId })
  await transaction.append(makeBatch(Array.from({ length: count }, (_, n) => ({ n, text: `row ${n}` }))))
  await transaction.commit()
}

async function countRows(store: WritingStore): Promise<number | undefined> {
  return (await store.listIndexes())[0]?.eventCount
}

/** Makes DuckDB give its instance up, in the way that a failure of the disk during a checkpoint does. */
async function breakEngine(store: WritingStore): Promise<void> {
  using lease = await store.lease(TEST_INDEX)
  await lease.file.database.withSession(async (session) => {
    await session.run(`SET debug_checkpoint_abort = 'before_header'`)
    await session.run(`CHECKPOINT ${lease.file.schema}`)
  })
}

it('is told to whoever meets it, and the next use opens the engine anew with all that was committed', async () => {
  await using store = await WritingStore.open({ directory })
  await store.files.create(TEST_INDEX)
  await importRows(store, 'one', 100)
  await expect(breakEngine(store)).rejects.toMatchObject({
    name: 'StoreError',
    code: 'gave-up',
    message: expect.stringMatching(/^the embedded store gave up and is opened anew: .*[Cc]heckpoint/),
  })
  expect(await countRows(store)).toBe(100)
  await importRows(store, 'two', 5000)
  expect(await countRows(store)).toBe(5100)
})

it('in the middle of an import undoes the import, and neither the store nor its closing hangs', async () => {
  const store = await WritingStore.open({ directory })
  await store.files.create(TEST_INDEX)
  await importRows(store, 'one', 100)
  const transaction = await store.beginImport({ ...target, importId: 'two' })
  await transaction.append(makeBatch(Array.from({ length: 5000 }, (_, n) => ({ n }))))
  await expect(breakEngine(store)).rejects.toMatchObject({ code: 'gave-up' })
  await expect(store.lease(TEST_INDEX)).rejects.toMatchObject({ code: 'gave-up' })
  await expect(transaction.commit()).rejects.toMatchObject({ code: 'gave-up' })
  expect(await countRows(store)).toBe(100)
  await store[Symbol.asyncDispose]()
  await using again = await WritingStore.open({ directory })
  expect(await countRows(again)).toBe(100)
})

it('that nobody looked at before the end does not keep the store from closing', async () => {
  const store = await WritingStore.open({ directory })
  await store.files.create(TEST_INDEX)
  await importRows(store, 'one', 100)
  await expect(breakEngine(store)).rejects.toMatchObject({ code: 'gave-up' })
  await store[Symbol.asyncDispose]()
  await using again = await WritingStore.open({ directory })
  expect(await countRows(again)).toBe(100)
})
