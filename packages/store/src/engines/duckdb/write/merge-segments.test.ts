import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeBatch } from '../../../contract/make-batch.ts'
import { Asker } from '../ask/asker.ts'
import { WritingStore } from '../writing-store.ts'

const INDEX = 'a'.repeat(32)
const PROFILE = { aliases: {}, constants: { timestamp_desc: 'Event Logged' } }

async function importSingles(
  store: WritingStore,
  from: number,
  end: number,
  timelineOf: (n: number) => number,
): Promise<void> {
  for (let n = from; n < end; n++) {
    await using transaction = await store.beginImport({
      index: INDEX,
      timelineId: timelineOf(n),
      importId: n.toString(16).padStart(32, '0'),
      profile: PROFILE,
      skipKnownRows: true,
    })
    const timestamp = (n * 7919) % 1000
    await transaction.append(makeBatch([{ n, timestamp, message: `event ${n % 3 ? 'plain' : 'third'}` }]))
    await transaction.commit()
  }
}

it('single events become one segment; rows, times, words and marks stay', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-merge-'))
  const scope = [{ index: INDEX, timelineIds: [1] }]
  const askFirst = async (store: WritingStore): Promise<unknown> => {
    const asker = new Asker(store.files)
    const all = await asker.search({ scope, query: { kind: 'all' }, sort: 'desc', size: 1000 })
    const query = { kind: 'match', field: 'message', text: 'third', operator: 'and' } as const
    const thirds = await asker.search({ scope, query, sort: 'asc', size: 1000 })
    return [all, thirds].map(({ events, total }) => ({
      total,
      events: events.map(({ seq, timeUs, timelineId, source, profile }) => [
        seq,
        timeUs,
        timelineId,
        source,
        profile,
      ]),
    }))
  }
  {
    await using store = await WritingStore.open({ directory })
    await store.files.create(INDEX)
    await importSingles(store, 0, 60, () => 1)
    const before = await askFirst(store)
    expect(before).toMatchObject([{ total: 60 }, { total: 20 }])
    using lease = await store.lease(INDEX)
    expect(lease.file.snapshot.segments).toHaveLength(60)
    await importSingles(store, 60, 70, () => 2)
    await lease.file.importQueue.drain()
    expect(lease.file.snapshot.segments.length).toBeLessThan(10)
    const timelines = await store.describeTimelines(INDEX)
    expect(timelines.map(({ eventCount }) => eventCount)).toEqual([60, 10])
    expect(await askFirst(store)).toEqual(before)
    await importSingles(store, 0, 5, () => 1)
    expect((await store.listIndexes())[0]?.eventCount).toBe(70)
  }
  await using store = await WritingStore.open({ directory })
  expect(await askFirst(store)).toMatchObject([{ total: 60 }, { total: 20 }])
  await rm(directory, { recursive: true })
})
