import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TEST_INDEX } from '../../contract/ask-helpers.ts'
import { makeBatch } from '../../contract/make-batch.ts'
import type { ImportTarget } from '../../event-store.ts'
import { dropTimeline } from './write/drop-timeline.ts'
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

describe.each(['before_truncate', 'before_header', 'after_free_list_write'])(
  'at a checkpoint, %s',
  (stage) => {
    async function failAtNextCommit(store: WritingStore): Promise<void> {
      using lease = await store.lease(TEST_INDEX)
      await lease.file.database.withSession(async (session) => {
        await session.run(`SET debug_checkpoint_abort = '${stage}'`)
        await session.run(`SET checkpoint_threshold = '1KB'`)
      })
    }

    async function expectWhole(store: WritingStore, counts: readonly number[]): Promise<void> {
      const count = (await countRows(store)) ?? -1
      expect(counts).toContain(count)
      using lease = await store.lease(TEST_INDEX)
      const seqs = lease.file.snapshot.segments.map((segment) => segment.firstSeq)
      expect(await lease.file.readSources(seqs)).toHaveLength(seqs.length)
      for (const segment of lease.file.snapshot.segments) {
        const found = await segment.findTerms({ exact: Buffer.from('row') }, { except: new Set() })
        expect(found).toHaveLength(1)
      }
    }

    it('of an import, what was there stays, and what was committed is there whole or not at all', async () => {
      const store = await WritingStore.open({ directory })
      await store.files.create(TEST_INDEX)
      await importRows(store, 'one', 100)
      await failAtNextCommit(store)
      const waiting = Promise.allSettled([importRows(store, 'two', 5000), importRows(store, 'three', 50)])
      await waiting
      await expectWhole(store, [100, 5100, 150, 5150])
      await store[Symbol.asyncDispose]()
      await using again = await WritingStore.open({ directory })
      await expectWhole(again, [100, 5100, 150, 5150])
      await importRows(again, 'four', 10)
      await expectWhole(again, [110, 5110, 160, 5160])
    })

    it('of a timeline that is dropped, the other ones stay', async () => {
      const store = await WritingStore.open({ directory })
      await store.files.create(TEST_INDEX)
      await importRows(store, 'one', 5000)
      {
        await using transaction = await store.beginImport({ ...target, timelineId: 2, importId: 'two' })
        await transaction.append(makeBatch([{ text: 'row of another timeline' }]))
        await transaction.commit()
      }
      await failAtNextCommit(store)
      {
        using lease = await store.lease(TEST_INDEX)
        await Promise.allSettled([dropTimeline(lease.file, 1)])
      }
      await expectWhole(store, [1, 5001])
      await store[Symbol.asyncDispose]()
      await using again = await WritingStore.open({ directory })
      await expectWhole(again, [1, 5001])
    })
  },
)
