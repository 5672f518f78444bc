import type { Query } from '@timeskein/query'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EventStore, MarkOperation } from '../event-store.ts'
import { askFor, findNumbers, importRows, OTHER_INDEX, TEST_INDEX } from './ask-helpers.ts'

/** Longer than the columns hold. */
const LONG_TAG = `tag ${'x'.repeat(300)}`

/** The part of the contract that marks events and asks for marks. */
export function describeMarks(getStore: () => EventStore): void {
  describe('marks', () => {
    let store: EventStore
    let ids: string[]
    let lastOperation = 0
    const scope = [{ index: TEST_INDEX }, { index: OTHER_INDEX }]
    const find = (query: Query): Promise<number[]> => findNumbers(store, query, { scope })
    const tagged = (tag: string): Query => ({ kind: 'term', field: 'tag', value: tag })
    const mark = (changes: Partial<MarkOperation> & Pick<MarkOperation, 'kind' | 'value' | 'target'>) =>
      store.mark({ id: `operation-${++lastOperation}`, sketchId: 1, userId: 1, atUs: 5n, scope, ...changes })

    beforeAll(async () => {
      store = getStore()
      await store.dropIndex(TEST_INDEX)
      await store.dropIndex(OTHER_INDEX)
      const rows = [
        { n: 0, message: 'one' },
        { n: 1, message: 'two', tag: ['known', 'bad'] },
        { n: 2, message: 'three', tag: 'known' },
        { n: 3, message: 'one more', tag: LONG_TAG },
      ]
      await importRows(store, { rows, batchRows: 2 })
      await importRows(store, { rows: [{ n: 4, message: 'one other' }], index: OTHER_INDEX, timelineId: 2 })
      const { events } = await store.search(askFor({ kind: 'all' }, { scope }))
      ids = events
        .map(({ id, source }) => ({ id, n: JSON.parse(source).n as number }))
        .sort((a, b) => a.n - b.n)
        .map(({ id }) => id)
    })

    it('tag events by id, and count what changed', async () => {
      const outcome = await mark({
        kind: 'tag',
        value: 'known',
        target: { ids: [ids[0]!, ids[1]!, 'nonsense'] },
      })
      expect(outcome).toEqual({ matched: 2, changed: 1, unknownIds: ['nonsense'] })
      expect(await find(tagged('known'))).toEqual([0, 4, 1, 2].filter((n) => n !== 4))
    })

    it('count tags of any length that events came with', async () => {
      const long = { value: LONG_TAG, target: { ids: [ids[2]!, ids[3]!] } }
      expect(await mark({ id: 'long', kind: 'tag', ...long })).toMatchObject({ matched: 2, changed: 1 })
      await store.setMarkActive('long', false)
      expect(await mark({ id: 'long-off', kind: 'untag', ...long })).toMatchObject({ matched: 2, changed: 1 })
      await store.setMarkActive('long-off', false)
    })

    it('put several marks on rows at once, each an operation of its own', async () => {
      const common = { sketchId: 1, userId: 1, atUs: 5n, scope }
      const rows = new Map([
        [TEST_INDEX, Uint32Array.of(0, 2, 3, 99)],
        [OTHER_INDEX, Uint32Array.of(0)],
      ])
      const some = new Map([[OTHER_INDEX, Uint32Array.of(0, 7)]])
      const outcomes = await store.markAll([
        { ...common, id: 'rows-1', kind: 'tag', value: 'rowwise', target: { rows } },
        { ...common, id: 'rows-2', kind: 'tag', value: 'rowwise2', target: { rows: some } },
      ])
      expect(outcomes).toEqual([
        { matched: 4, changed: 4, unknownIds: [] },
        { matched: 1, changed: 1, unknownIds: [] },
      ])
      expect((await find(tagged('rowwise'))).sort()).toEqual([0, 2, 3, 4])
      expect(await find(tagged('rowwise2'))).toEqual([4])
      const oneTimeline = [{ index: TEST_INDEX, timelineIds: [77] }]
      const none = { ...common, scope: oneTimeline, id: 'rows-3', kind: 'tag', value: 'x' } as const
      expect(await store.markAll([{ ...none, target: { rows } }])).toMatchObject([{ matched: 0 }])
      for (const id of ['rows-1', 'rows-2']) await store.setMarkActive(id, false)
      expect(await find(tagged('rowwise'))).toEqual([])
    })

    it('of one name are taken back together, and those that change nothing need not be written', async () => {
      const rows = new Map([[TEST_INDEX, Uint32Array.of(0, 2)]])
      const shared = { kind: 'tag', sketchId: 1, userId: 1, atUs: 5n, scope, target: { rows } } as const
      const put = (id: string) =>
        store.markAll(['left', 'right'].map((value) => ({ ...shared, id, value, isDroppedIfIdle: true })))
      expect(await put('both')).toMatchObject([{ changed: 2 }, { changed: 2 }])
      expect(await put('again')).toMatchObject([{ changed: 0 }, { changed: 0 }])
      expect(await store.listMarkOperations(TEST_INDEX)).not.toContain('again')
      expect(await find(tagged('right'))).toEqual([0, 2])
      await store.setMarkActive('both', false)
      expect(await find({ kind: 'or', of: [tagged('left'), tagged('right')] })).toEqual([])
    })

    it('of one name keep their own rows when another one is taken back and put in force again', async () => {
      const shared = { id: 'of-rules', kind: 'tag', sketchId: 1, userId: 1, atUs: 5n, scope } as const
      const put = (value: string, ...rows: number[]) => ({
        ...shared,
        value,
        target: { rows: new Map([[TEST_INDEX, Uint32Array.from(rows)]]) },
      })
      await store.markAll([put('first', 0, 1), put('second', 2), put('third', 3)])
      const findAll = async (): Promise<readonly number[][]> =>
        await Promise.all(['first', 'second', 'third'].map(async (value) => await find(tagged(value))))
      await mark({ id: 'passing', kind: 'tag', value: 'passing', target: { ids: [ids[0]!] } })
      await store.setMarkActive('passing', false)
      expect(await findAll()).toEqual([[0, 1], [2], [3]])
      await store.setMarkActive('of-rules', false)
      expect(await findAll()).toEqual([[], [], []])
      await store.setMarkActive('of-rules', true)
      expect(await findAll()).toEqual([[0, 1], [2], [3]])
      await store.setMarkActive('of-rules', false)
    })

    it('tag events by question, over indexes, at once', async () => {
      const query: Query = { kind: 'match', field: 'message', text: 'one', operator: 'and' }
      expect(await mark({ kind: 'tag', value: 'Two Words', target: { query } })).toMatchObject({
        matched: 3,
        changed: 3,
      })
      expect(await mark({ kind: 'tag', value: 'Two Words', target: { query } })).toMatchObject({
        matched: 3,
        changed: 0,
      })
      expect(
        (await find({ kind: 'match', field: 'tag', text: 'words', operator: 'and' })).toSorted(),
      ).toEqual([0, 3, 4])
      expect((await find({ kind: 'term', field: 'tag.keyword', value: 'Two Words' })).toSorted()).toEqual([
        0, 3, 4,
      ])
      expect(
        (await find({ kind: 'phrase', field: undefined, text: 'two words', slop: 0 })).toSorted(),
      ).toEqual([0, 3, 4])
      expect((await find({ kind: 'exists', field: 'tag' })).toSorted()).toEqual([0, 1, 2, 3, 4])
    })

    it('take tags away, the source’s own too, until they are put back', async () => {
      expect(
        await mark({ kind: 'untag', value: 'known', target: { ids: [ids[1]!, ids[3]!] } }),
      ).toMatchObject({ changed: 1 })
      expect(await find(tagged('known'))).toEqual([0, 2])
      expect(await find(tagged('bad'))).toEqual([1])
      const [event] = await store.getEvents(scope, [ids[1]!])
      expect(event?.marks).toMatchObject({ tags: [], removedTags: ['known'] })
      await mark({ kind: 'tag', value: 'known', target: { ids: [ids[1]!] } })
      expect(await find(tagged('known'))).toEqual([0, 1, 2])
    })

    it('are taken back and put in force again, operation by operation', async () => {
      const id = 'to-be-undone'
      await mark({ id, kind: 'tag', value: 'passing', target: { query: { kind: 'all' } } })
      expect(await find(tagged('passing'))).toHaveLength(5)
      expect(await store.setMarkActive(id, false)).toBe(true)
      expect(await find(tagged('passing'))).toEqual([])
      expect(await store.setMarkActive(id, true)).toBe(true)
      expect(await find(tagged('passing'))).toHaveLength(5)
      expect(await store.setMarkActive('never-made', false)).toBe(false)
      expect(await store.listMarkOperations(OTHER_INDEX)).toContain(id)
    })

    it('say which indexes are going to hold them, and their counts, before one does', async () => {
      const id = 'told-before'
      const told: unknown[] = []
      const act = { id, kind: 'label', value: 'told', target: { ids: [ids[4]!] } } as const
      const refuse = async (...plan: readonly unknown[]): Promise<void> => {
        told.push(plan)
        throw new Error('not noted')
      }
      await expect(mark({ ...act, beforeWrite: refuse })).rejects.toThrow('not noted')
      expect(told).toEqual([[[OTHER_INDEX], { matched: 1, changed: 1 }]])
      expect(await store.listMarkOperations(OTHER_INDEX)).not.toContain(id)
    })

    it('are not made twice under one id', async () => {
      const id = 'made-once'
      const again = () => mark({ id, kind: 'label', value: 'once', target: { ids: [ids[0]!] } })
      // While the first one is written the others come together.
      await Promise.all([
        mark({ kind: 'label', value: 'other', target: { ids: [ids[0]!] } }),
        again(),
        again(),
      ])
      await again()
      expect((await store.listMarkOperations(TEST_INDEX)).filter((known) => known === id)).toHaveLength(1)
    })

    it('are the first of those that are equal in what they do and under which id', async () => {
      const rest = {
        id: 'first-of-two',
        kind: 'label',
        value: 'first',
        sketchId: 1,
        userId: 1,
        atUs: 5n,
      } as const
      await store.markAll([
        { ...rest, scope, target: { ids: [ids[0]!] } },
        { ...rest, scope, target: { ids: [ids[1]!] } },
      ])
      expect(await find({ kind: 'label', name: 'first', sketchId: 1 })).toEqual([0])
    })

    it('that many make at once are all there, each once', async () => {
      const before = (await store.listMarkOperations(TEST_INDEX)).length
      const names = Array.from({ length: 70 }, (_, at) => `at once ${at}`)
      const outcomes = await Promise.all(
        names.map((value) => mark({ id: value, kind: 'label', value, target: { ids: [ids[0]!, ids[4]!] } })),
      )
      expect(outcomes).toEqual(names.map(() => ({ matched: 2, changed: 2, unknownIds: [] })))
      const written = (await store.listMarkOperations(TEST_INDEX)).slice(before)
      expect(written.toSorted()).toEqual(names.toSorted())
      const [event] = await store.getEvents(scope, [ids[4]!])
      expect(event?.marks.labels.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    })

    it('of which very many are one act are written in their order', async () => {
      const before = (await store.listMarkOperations(TEST_INDEX)).length
      const rest = { sketchId: 1, userId: 1, atUs: 5n, scope, target: { ids: [ids[1]!] } } as const
      const acts = Array.from({ length: 100 }, (_, at): MarkOperation => {
        return { id: `act ${at}`, kind: at % 2 === 0 ? 'label' : 'unlabel', value: 'on and off', ...rest }
      })
      await store.markAll(acts)
      expect((await store.listMarkOperations(TEST_INDEX)).slice(before)).toEqual(acts.map(({ id }) => id))
      expect(await find({ kind: 'label', name: 'on and off', sketchId: 1 })).toEqual([])
    })

    it('label events in a sketch', async () => {
      await mark({
        kind: 'label',
        value: '__ts_star',
        sketchId: 7,
        userId: 3,
        target: { ids: [ids[0]!, ids[2]!] },
      })
      await mark({ kind: 'label', value: '__ts_star', sketchId: 8, userId: 3, target: { ids: [ids[3]!] } })
      await mark({ kind: 'unlabel', value: '__ts_star', sketchId: 7, userId: 4, target: { ids: [ids[0]!] } })
      expect(await find({ kind: 'label', name: '__ts_star', sketchId: 7 })).toEqual([2])
      expect(await find({ kind: 'label', name: '__ts_star', sketchId: undefined })).toEqual([2, 3])
      const [event] = await store.getEvents(scope, [ids[2]!])
      expect(event?.marks.labels).toEqual([{ name: '__ts_star', sketchId: 7, userId: 3 }])
    })

    it('are taken back in the indexes that are named', async () => {
      const id = 'in-one-index'
      await mark({ id, kind: 'tag', value: 'single', target: { ids: [ids[0]!] } })
      expect(await store.setMarkActive(id, false, [OTHER_INDEX])).toBe(false)
      expect(await find(tagged('single'))).toEqual([0])
      expect(await store.setMarkActive(id, false, [TEST_INDEX])).toBe(true)
      expect(await find(tagged('single'))).toEqual([])
    })

    it('give each event values of its own, in one operation', async () => {
      const id = 'many-values'
      const values = ids.map((event, at) => ({ id: event, name: 'rank', json: at }))
      const attributes = [
        ...values,
        { id: ids[0]!, name: 'place', json: { row: [1] } },
        { id: ids[3]!, name: 'rank', json: 0 },
        { id: 'nonsense', name: 'rank', json: 9 },
      ].filter((_, at) => at !== 3)
      const target = { ids: [...ids, 'nonsense'] }
      const outcome = await mark({ id, kind: 'attributes', value: 'rank, place', target, attributes })
      expect(outcome).toEqual({ matched: 5, changed: 5, unknownIds: ['nonsense'] })
      expect((await find({ kind: 'range', field: 'rank', gte: 1 })).toSorted()).toEqual([1, 2, 4])
      expect((await find({ kind: 'exists', field: 'rank' })).toSorted()).toEqual([0, 1, 2, 3, 4])
      const [first, , , fourth] = await store.getEvents(scope, ids)
      expect(first?.marks.attributes).toMatchObject({ rank: 0, place: { row: [1] } })
      expect(fourth?.marks.attributes).toMatchObject({ rank: 0 })
      const again = 'many-values-again'
      expect(
        await mark({ id: again, kind: 'attributes', value: 'rank', target: { ids }, attributes: values }),
      ).toMatchObject({ matched: 5, changed: 1 })
      for (const one of [id, again]) expect(await store.setMarkActive(one, false)).toBe(true)
      expect(await find({ kind: 'exists', field: 'place' })).toEqual([])
    })

    it('give events attributes, the last value counting', async () => {
      await mark({ kind: 'attribute', value: 'score', json: 3, target: { ids: [ids[0]!, ids[1]!] } })
      await mark({ kind: 'attribute', value: 'score', json: 8, target: { ids: [ids[1]!] } })
      await mark({ kind: 'attribute', value: '__proto__', json: ['evil twin'], target: { ids: [ids[2]!] } })
      await mark({ kind: 'attribute', value: 'links', json: [{ to: 'x' }], target: { ids: [ids[0]!] } })
      await mark({ kind: 'attribute', value: 'links', json: [{}], target: { ids: [ids[1]!] } })
      expect(await find({ kind: 'exists', field: 'links' })).toEqual([0])
      expect(await find({ kind: 'range', field: 'score', gte: 5 })).toEqual([1])
      expect(await find({ kind: 'exists', field: 'score' })).toEqual([0, 1])
      expect(await find({ kind: 'match', field: '__proto__', text: 'twin', operator: 'and' })).toEqual([2])
      const events = await store.getEvents(scope, [ids[1]!, ids[2]!])
      expect(Object.entries(events[0]!.marks.attributes)).toEqual([
        ['score', 8],
        ['links', [{}]],
      ])
      expect(Object.entries(events[1]!.marks.attributes)).toEqual([['__proto__', ['evil twin']]])
    })

    it('give attributes that stand in place of what events have, and of all that is in it', async () => {
      const rows = [
        { n: 10, state: 'new', size: 5, item: { state: 'new', owner: { name: 'ana' } } },
        { n: 11, state: 'new', size: 7, item: { state: 'new', owner: { name: 'ana' } } },
      ]
      await importRows(store, { rows, timelineId: 3 })
      const own = [{ index: TEST_INDEX, timelineIds: [3] }]
      const findOwn = (field: string, value: string): Promise<number[]> =>
        findNumbers(store, { kind: 'match', field, text: value, operator: 'and' }, { scope: own })
      const { events } = await store.search(askFor({ kind: 'term', field: 'n', value: 11 }, { scope: own }))
      const { id } = events[0]!
      const values = { state: 'closed', size: 9, item: { state: 'closed', owner: { name: 'bob' } } }
      const attributes = Object.entries(values).map(([name, json]) => ({ id, name, json }))
      const target = { ids: [id] }
      await mark({ id: 'update', kind: 'attributes', value: 'state', target, attributes, scope: own })
      expect([await findOwn('state', 'new'), await findOwn('state', 'closed')]).toEqual([[10], [11]])
      expect([await findOwn('item.state', 'new'), await findOwn('item.owner.name', 'bob')]).toEqual([
        [10],
        [11],
      ])
      expect(await findOwn('state.keyword', 'new')).toEqual([10])
      const { aggregations } = await store.search(
        askFor(
          { kind: 'all' },
          {
            scope: own,
            aggregations: {
              state: {
                kind: 'terms',
                field: 'item.state',
                size: 9,
                order: { by: '_key', direction: 'asc' },
                minCount: 1,
              },
              size: { kind: 'sum', field: 'size' },
            },
          },
        ),
      )
      expect(aggregations['state']).toMatchObject({
        buckets: [
          { key: 'closed', count: 1 },
          { key: 'new', count: 1 },
        ],
      })
      expect(aggregations['size']).toMatchObject({ value: 14 })
      await store.setMarkActive('update', false)
      expect(await findOwn('item.state', 'new')).toEqual([10, 11])
    })
  })
}
