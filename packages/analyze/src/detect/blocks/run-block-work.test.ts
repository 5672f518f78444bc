import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Wildcard } from '@timeskein/query'
import { type IndexReading, openDuckDbStore, RowSet } from '@timeskein/store'
import { makeBatch } from '@timeskein/store/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BlockThread } from './block-thread.ts'
import type { BlockFound, BlockJob } from './open-block-work.ts'
import { runBlockWork } from './run-block-work.ts'

const INDEX = 'd'.repeat(32)
const IMPORTS = 6
const ROWS_PER_IMPORT = 120

/** Texts take so much room that each import has several blocks. */
function makeEvent(seq: number): object {
  return { text: `${String(seq).repeat(300)} ${seq % 7 === 0 ? 'Needle{{' : 'hay'}`, word: `w${seq}` }
}

describe('runBlockWork', () => {
  let directory: string
  let store: Awaited<ReturnType<typeof openDuckDbStore>>
  let reading: Awaited<ReturnType<typeof store.readValues>>
  let index: IndexReading
  const total = IMPORTS * ROWS_PER_IMPORT
  const seqs = Uint32Array.from({ length: total }, (_, seq) => seq)

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'skein-blocks-'))
    store = await openDuckDbStore({ directory })
    await store.createIndex(INDEX)
    for (let number = 0; number < IMPORTS; number++) {
      const profile = { aliases: {}, constants: {} }
      const target = { index: INDEX, timelineId: 1, importId: `i${number}`, skipKnownRows: false, profile }
      await using transaction = await store.beginImport(target)
      const events = Array.from({ length: ROWS_PER_IMPORT }, (_, row) =>
        makeEvent(number * ROWS_PER_IMPORT + row),
      )
      await transaction.append(makeBatch(events))
      await transaction.commit()
    }
    reading = await store.readValues([{ index: INDEX }])
    index = reading.indexes[0]!
  }, 60_000)

  afterAll(async () => {
    reading[Symbol.dispose]()
    await store[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const all = RowSet.all(total).toPlain()
  const query: Wildcard = {
    kind: 'wildcard',
    field: undefined,
    pattern: '*needle{{*',
    caseInsensitive: true,
    whole: true,
    anyType: true,
  }
  const keyword: BlockJob & { kind: 'verify' } = {
    kind: 'verify',
    start: 0,
    questions: [
      {
        node: { kind: 'is', predicate: 3 },
        rows: all,
        bounds: new Map([[3, { low: RowSet.none(total).toPlain(), high: all }]]),
      },
    ],
    queries: new Map([[3, query]]),
  }
  const expected = [...seqs].filter((seq) => seq % 7 === 0)

  async function find(thread: BlockThread | undefined, leaves: boolean | (() => boolean)): Promise<number[]> {
    const isBusy = typeof leaves === 'boolean' ? () => leaves : leaves
    const found = await runBlockWork(index, seqs, keyword, { thread, leaves: isBusy, signal: undefined })
    return found.flatMap(({ answers }) => [...answers[0]!.rows])
  }

  it('finds the same in one thread, in the other, and in both', async () => {
    expect(await find(undefined, false)).toEqual(expected)
    using thread = new BlockThread()
    expect(await find(thread, true)).toEqual(expected)
    expect(await find(thread, false)).toEqual(expected)
  })

  it('asks before each piece whether there is other work, and finds the same when that ends on the way', async () => {
    using thread = new BlockThread()
    let asked = 0
    expect(await find(thread, () => asked++ < 2)).toEqual(expected)
    expect(asked).toBeGreaterThan(2)
  })

  it('tells what long texts answer, whichever thread reads them', async () => {
    const job: BlockJob & { kind: 'long-texts' } = {
      kind: 'long-texts',
      start: 0,
      fields: [
        {
          field: 'text',
          rows: all,
          predicates: [{ number: 9, field: 'text', query: { ...query, field: 'text' } }],
        },
      ],
    }
    const listRows = (found: readonly BlockFound<typeof job>[]): number[] =>
      found.flatMap((some) => [...(some.found.get(9) ?? [])])
    using thread = new BlockThread()
    for (const one of [undefined, thread])
      expect(
        listRows(
          await runBlockWork(index, seqs, job, { thread: one, leaves: () => true, signal: undefined }),
        ),
      ).toEqual(expected)
  })

  it('says what went wrong in the thread, which goes on', async () => {
    using thread = new BlockThread()
    const id = thread.open(keyword)
    const blocks = [{ at: 0, sizeBytes: 5, firstSeq: 0, rowCount: 1 }]
    await expect(
      thread.run(id, { bytes: Buffer.from('hello'), blocks, seqs: seqs.subarray(0, 1) }),
    ).rejects.toThrow()
    expect(await find(thread, true)).toEqual(expected)
  })

  it('tells all who wait for room when there is some', async () => {
    using thread = new BlockThread()
    const id = thread.open(keyword)
    const runs: Promise<unknown>[] = []
    for await (const packed of index.packedSources(seqs))
      while (thread.hasRoom) runs.push(thread.run(id, packed))
    const waits = [thread.waitForRoom(), thread.waitForRoom()]
    await Promise.all([...waits, ...runs])
    expect(thread.hasRoom).toBe(true)
  })

  it('rejects what a thread was doing when it is ended', async () => {
    const thread = new BlockThread()
    const work = find(thread, true)
    thread[Symbol.dispose]()
    await expect(work).rejects.toThrow('ended')
  })

  it('stops when it is told to', async () => {
    using thread = new BlockThread()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(runBlockWork(index, seqs, keyword, { thread, leaves: () => false, signal })).rejects.toThrow(
      'enough',
    )
  })
})
