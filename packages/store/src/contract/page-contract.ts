import type { Query } from '@timeskein/query'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EventStore, SearchRequest } from '../event-store.ts'
import { askFor, findNumbers, importRows, OTHER_INDEX, TEST_INDEX } from './ask-helpers.ts'
import { and, match, phrase, range, term } from './make-queries.ts'

/** The part of the contract that hands out events: in what order, how many, and how much of a long answer. */
export function describePages(getStore: () => EventStore): void {
  describe('pages', () => {
    let store: EventStore
    const second = (n: number): string => `2024-01-01T00:00:${String(n).padStart(2, '0')}Z`
    beforeAll(async () => {
      store = getStore()
      await store.dropIndex(TEST_INDEX)
      await store.dropIndex(OTHER_INDEX)
      const times = [5, 1, 3, 3, 9, 0, 3, 7]
      const rows = times.map((time, n) => ({ n, datetime: second(time), even: n % 2 === 0 }))
      await importRows(store, { rows, batchRows: 3 })
      await importRows(store, {
        rows: [{ n: 100, datetime: second(3) }],
        index: OTHER_INDEX,
        timelineId: 2,
      })
      await importRows(store, {
        rows: [{ n: 101, datetime: second(8) }],
        index: OTHER_INDEX,
        timelineId: 3,
      })
    })
    const both = { scope: [{ index: OTHER_INDEX }, { index: TEST_INDEX }] }
    const all: Query = { kind: 'all' }
    const ascending = [5, 1, 2, 3, 6, 100, 0, 7, 101, 4]

    it('stand by time, then index, then row', async () => {
      expect(await findNumbers(store, all, both)).toEqual(ascending)
      expect(await findNumbers(store, all, { ...both, sort: 'desc' })).toEqual(ascending.toReversed())
    })

    it('begin after so many events', async () => {
      expect(await findNumbers(store, all, { ...both, from: 4, size: 3 })).toEqual([6, 100, 0])
      expect(await findNumbers(store, all, { ...both, from: 99, size: 3 })).toEqual([])
      expect(await findNumbers(store, all, { ...both, size: 0 })).toEqual([])
    })

    it.each(['asc', 'desc'] as const)('follow one another by cursor, %s', async (sort) => {
      for (const size of [1, 2, 3, 7]) {
        const walked: number[] = []
        let after: SearchRequest['after']
        do {
          const { events, next, total } = await store.search(
            askFor(all, { ...both, sort, size, ...(after && { after }) }),
          )
          expect(total).toBe(10)
          walked.push(...events.map(({ source }) => JSON.parse(source).n))
          after = next
        } while (after)
        expect(walked).toEqual(sort === 'asc' ? ascending : ascending.toReversed())
      }
    })

    it('count by index and timeline, within the timelines asked for', async () => {
      const result = await store.search(
        askFor(all, { scope: [{ index: TEST_INDEX }, { index: OTHER_INDEX, timelineIds: [3] }] }),
      )
      expect(result.total).toBe(9)
      expect([...result.countByIndex]).toEqual([
        [TEST_INDEX, 8],
        [OTHER_INDEX, 1],
      ])
      expect([...result.countByTimeline]).toEqual([
        [1, 8],
        [3, 1],
      ])
      expect(result.complete).toBe(true)
      expect(await store.count({ scope: both.scope, query: term('__ts_timeline_id', 2) })).toBe(1)
      expect(await store.count({ scope: both.scope, query: term('_index', OTHER_INDEX) })).toBe(2)
    })

    it('know no index that is not there', async () => {
      expect(await findNumbers(store, all, { scope: [{ index: 'c'.repeat(32) }] })).toEqual([])
      expect(await findNumbers(store, all, { scope: [] })).toEqual([])
    })

    it('give events their ids, times, timelines and very text', async () => {
      const { events } = await store.search(askFor(term('n', 100), both))
      expect(events[0]).toMatchObject({
        index: OTHER_INDEX,
        timelineId: 2,
        timeUs: 1_704_067_203_000_000n,
        nanos: 0,
      })
      expect(events[0]!.source).toBe(`{"n":100,"datetime":"${second(3)}"}`)
      const id = events[0]!.id
      expect(await findNumbers(store, { kind: 'ids', values: [id, 'nonsense'] }, both)).toEqual([100])
      expect(await findNumbers(store, term('_id', id), both)).toEqual([100])
      const found = await store.getEvents(both.scope, ['nonsense', id, `${id}z`])
      expect(found.map((event) => event?.id)).toEqual([undefined, id, undefined])
    })

    it('come from indexes whose events cannot share ids', async () => {
      const twin = `${TEST_INDEX.slice(0, 31)}b`
      await expect(store.createIndex(twin)).rejects.toThrow(/would share ids/)
    })

    it('hand out every event in a scan, sorted or not', async () => {
      for (const sort of [undefined, 'asc', 'desc'] as const) {
        const pages: number[][] = []
        const request = { ...both, query: all, pageSize: 4, ...(sort && { sort }) }
        for await (const page of store.scan(request))
          pages.push(page.map(({ source }) => JSON.parse(source).n))
        expect(pages.map((page) => page.length)).toEqual([4, 4, 2])
        const walked = pages.flat()
        if (!sort) expect(walked.toSorted((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 100, 101])
        else expect(walked).toEqual(sort === 'asc' ? ascending : ascending.toReversed())
      }
    })

    it('say what is being done, and stop when told to', async () => {
      const progress: number[] = []
      await store.search(askFor(all, { ...both, onProgress: ({ rowsDone }) => progress.push(rowsDone) }))
      expect(progress.at(-1)).toBe(10)
      await expect(
        store.search(askFor(all, { signal: AbortSignal.abort(new Error('enough')) })),
      ).rejects.toThrow('enough')
    })

    it('say why an answer is incomplete', async () => {
      const slow = { onProgress: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30) }
      const aggregations = { users: { kind: 'cardinality', field: 'n' } } as const
      const result = await store.search(askFor(all, { ...both, timeLimitMs: 20, ...slow, aggregations }))
      expect(result.aggregations['users']).toEqual({ kind: 'metric', value: result.total })
      expect(result.complete).toBe(false)
      expect(result.incompleteReason).toMatch(/time limit of 20 ms/)
      expect(result.total).toBeLessThan(10)
    })

    it('are partial within a segment where its events are read one by one', async () => {
      const index = 'c'.repeat(32)
      await importRows(store, {
        index,
        rows: Array.from({ length: 20_000 }, (_, n) => ({ text: `${n % 2 ? 'one two' : 'two one'} ${n}` })),
      })
      const slow = { onProgress: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30) }
      const scope = [{ index }]
      const whole = await store.search(askFor(phrase(undefined, 'one two'), { scope, size: 0 }))
      expect(whole).toMatchObject({ total: 10_000, complete: true })
      const query = phrase(undefined, 'two one')
      const result = await store.search(askFor(query, { scope, size: 0, timeLimitMs: 20, ...slow }))
      expect(result.complete).toBe(false)
      const [, done] = /after (\d+) of 20000 events/.exec(result.incompleteReason!)!
      expect(Number(done)).toBeLessThan(20_000)
      expect(result.total).toBe(Number(done) / 2)
      await store.dropIndex(index)
    })

    it('are explained', async () => {
      const lines = await store.explain(askFor(and(phrase('even', 'true x'), match('even', 'true')), both))
      expect(lines.join('\n')).toContain('even')
      const ofRange = await store.explain(askFor(range('even', { gt: '300' }), both))
      expect(ofRange.join('\n')).toContain('> "300" in the order of characters')
    })
  })
}
