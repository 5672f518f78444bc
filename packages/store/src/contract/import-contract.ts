import type { EventBatch, StoredEvent } from '@timeskein/model'
import type { Query } from '@timeskein/query'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EventStore, ImportTarget, ImportTransaction, Scope } from '../event-store.ts'
import { prepareSegment } from '../prepare-segment.ts'
import { TEST_INDEX } from './ask-helpers.ts'
import { makeBatch } from './make-batch.ts'

/** Where a store keeps its events. Disposing of it removes them. */
export interface StorePlace extends AsyncDisposable {
  /** Opens the store there; at most one at a time. */
  open(): Promise<EventStore>
}

const SCOPE: Scope = [{ index: TEST_INDEX }]
const ALL: Query = { kind: 'all' }
let lastImport = 0x1000_0000

/** The half of the `EventStore` contract that imports, drops and keeps. */
export function describeImportContract(makePlace: () => Promise<StorePlace>): void {
  describe('importing', () => {
    let place: StorePlace
    let store: EventStore
    beforeAll(async () => {
      place = await makePlace()
      store = await place.open()
    })
    afterAll(async () => {
      await store[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    })
    beforeEach(async () => {
      await store.dropIndex(TEST_INDEX)
      await store.createIndex(TEST_INDEX)
    })
    const reopen = async (): Promise<void> => {
      await store[Symbol.asyncDispose]()
      store = await place.open()
    }

    describe('a transaction', () => {
      it('shows nothing before its commit and everything after', async () => {
        await using transaction = await begin(store)
        await transaction.append(makeBatch(numbered(0, 3)))
        expect(await count(store)).toBe(0)
        await transaction.append(makeBatch(numbered(3, 5)))
        expect(await count(store)).toBe(0)
        await transaction.commit()
        expect(await count(store)).toBe(5)
        expect(await sources(store)).toEqual(numbered(0, 5).map((row) => JSON.stringify(row)))
      })

      it('leaves nothing when it is rolled back or given up', async () => {
        const rolledBack = await begin(store)
        await rolledBack.append(makeBatch(numbered(0, 200)))
        await rolledBack.rollback()
        {
          await using givenUp = await begin(store)
          await givenUp.append(makeBatch(numbered(0, 200)))
        }
        expect(await count(store)).toBe(0)
        expect(await store.listFields(SCOPE)).toEqual([])
        await importAll(store, [numbered(7, 9)])
        expect(await sources(store)).toEqual(['{"n":7}', '{"n":8}'])
      })

      it('may hold several, each with its own profile, of which a later one finds known rows anew', async () => {
        await importAll(store, [numbered(0, 2)])
        const transaction = await begin(store, { skipKnownRows: true })
        expect(await transaction.append(makeBatch(numbered(1, 3)))).toEqual({ stored: 1, duplicates: 1 })
        const profile = { aliases: { other: 'n' }, constants: { host: 'b' } }
        await transaction.nextImport('e'.repeat(32), profile)
        expect(await transaction.append(makeBatch(numbered(1, 2)))).toEqual({ stored: 0, duplicates: 1 })
        expect(await transaction.append(makeBatch(numbered(7, 9)))).toEqual({ stored: 2, duplicates: 0 })
        expect(await store.hasImport(TEST_INDEX, 'e'.repeat(32))).toBe(false)
        await transaction.commit()
        expect(await sources(store)).toEqual(['{"n":0}', '{"n":1}', '{"n":2}', '{"n":7}', '{"n":8}'])
        expect(await store.hasImport(TEST_INDEX, 'e'.repeat(32))).toBe(true)
        expect(await count(store, { kind: 'term', field: 'host', value: 'b' })).toBe(2)
      })

      it('takes nothing more after its end', async () => {
        const transaction = await begin(store)
        await transaction.commit()
        await expect(transaction.append(makeBatch(numbered(0, 1)))).rejects.toThrow(/ended/)
        await expect(transaction.commit()).rejects.toThrow(/ended/)
        await transaction.rollback()
      })

      it('of an index that is not there is refused', async () => {
        const index = 'c'.repeat(32)
        await expect(begin(store, { index })).rejects.toThrow(/no index/)
        await expect(begin(store, { index: '../evil' })).rejects.toThrow(/32 hex digits/)
      })

      it('waits for the one before it', async () => {
        const first = await begin(store)
        const order: string[] = []
        const second = begin(store).then((transaction) => {
          order.push('second begins')
          return transaction
        })
        await first.append(makeBatch(numbered(0, 2)))
        order.push('first commits')
        await first.commit()
        await (await second).append(makeBatch(numbered(2, 4)))
        await (await second).commit()
        expect(order).toEqual(['first commits', 'second begins'])
        expect(await findSeqs(store)).toEqual([0, 1, 2, 3])
      })

      it('that fails can be rolled back, and the next one works', async () => {
        const transaction = await begin(store)
        const broken = makeBatch(numbered(0, 3))
        const lying: EventBatch = {
          ...broken,
          columns: [
            {
              field: 'text',
              kind: 'string',
              rows: Uint32Array.of(0),
              values: {
                kind: 'string',
                bytes: new Uint8Array(20).fill(0xff),
                offsets: Uint32Array.of(0, 20),
              },
            },
          ],
        }
        await expect(transaction.append(lying, prepareSegment(broken))).rejects.toThrow()
        await expect(transaction.append(broken)).rejects.toThrow(/failed/)
        await transaction.rollback()
        await importAll(store, [numbered(0, 3)])
        expect(await count(store)).toBe(3)
      })

      it('is readable by questions asked while it goes on', async () => {
        await importAll(store, [numbered(0, 100)])
        await using transaction = await begin(store)
        const counts: number[] = []
        for (let batch = 1; batch < 4; batch++) {
          const rows = numbered(batch * 100, batch * 100 + 100).map((row) => ({
            ...row,
            [`new${batch}`]: 'x',
          }))
          const [, found] = await Promise.all([transaction.append(makeBatch(rows)), count(store)])
          counts.push(found)
        }
        expect(counts).toEqual([100, 100, 100])
        await transaction.commit()
        expect(await count(store)).toBe(400)
        expect(await count(store, { kind: 'term', field: 'new2', value: 'x' })).toBe(100)
      })

      it('does not keep marks waiting', async () => {
        await importAll(store, [numbered(0, 100)])
        await using transaction = await begin(store)
        await transaction.append(makeBatch(numbered(100, 300).map((row) => ({ ...row, fresh: 'column' }))))
        const outcome = await store.mark({
          id: 'while-importing',
          kind: 'tag',
          value: 'seen',
          sketchId: 1,
          userId: 1,
          atUs: 0n,
          target: { query: ALL },
          scope: SCOPE,
        })
        expect(outcome).toMatchObject({ matched: 100, changed: 100 })
        await transaction.append(makeBatch(numbered(300, 400)))
        await transaction.commit()
        expect(await count(store)).toBe(400)
        expect(await count(store, { kind: 'term', field: 'tag', value: 'seen' })).toBe(100)
        await reopen()
        expect(await count(store, { kind: 'term', field: 'tag', value: 'seen' })).toBe(100)
      })

      it('keeps what was committed when the store is opened again', async () => {
        await importAll(store, [numbered(0, 10), numbered(10, 300)])
        const before = await sources(store)
        await reopen()
        expect(await sources(store)).toEqual(before)
        await importAll(store, [numbered(300, 301)])
        expect((await findSeqs(store)).at(-1)).toBe(300)
      })

      it('takes batches prepared elsewhere', async () => {
        const batch = makeBatch([{ message: 'prepared by hand' }])
        await using transaction = await begin(store)
        expect(await transaction.append(batch, prepareSegment(batch))).toEqual({ stored: 1, duplicates: 0 })
        await transaction.commit()
        expect(await count(store, word('hand'))).toBe(1)
      })

      it('takes a batch without rows', async () => {
        await using transaction = await begin(store)
        expect(await transaction.append(makeBatch([]))).toEqual({ stored: 0, duplicates: 0 })
        await transaction.commit()
        expect(await count(store)).toBe(0)
      })
    })

    describe('importing again', () => {
      it('adds only what is new', async () => {
        await importAll(store, [numbered(0, 100)])
        expect(await importAll(store, [numbered(0, 60), numbered(60, 120)], { skipKnownRows: true })).toEqual(
          [
            { stored: 0, duplicates: 60 },
            { stored: 20, duplicates: 40 },
          ],
        )
        expect(await sources(store)).toEqual(numbered(0, 120).map((row) => JSON.stringify(row)))
      })

      it('keeps equal rows of one file, and matches them one to one', async () => {
        const twice = [{ m: 'same' }, { m: 'same' }, { m: 'other' }]
        const thrice = [...twice, { m: 'same' }]
        expect(await importAll(store, [twice], { skipKnownRows: true })).toEqual([
          { stored: 3, duplicates: 0 },
        ])
        expect(await importAll(store, [twice], { skipKnownRows: true })).toEqual([
          { stored: 0, duplicates: 3 },
        ])
        expect(await importAll(store, [thrice], { skipKnownRows: true })).toEqual([
          { stored: 1, duplicates: 3 },
        ])
        expect(await count(store)).toBe(4)
      })

      it('knows only the rows of its own timeline', async () => {
        await importAll(store, [numbered(0, 5)], { timelineId: 1 })
        expect(await importAll(store, [numbered(0, 5)], { timelineId: 2, skipKnownRows: true })).toEqual([
          { stored: 5, duplicates: 0 },
        ])
      })

      it('knows only the rows of imports whose profile says the same, where that is asked', async () => {
        const of = (host: string): Partial<ImportTarget> => ({
          profile: { aliases: {}, constants: { host } },
          skipKnownRows: true,
          tellApartBy: ['host'],
        })
        const rows = numbered(0, 3)
        expect(await importAll(store, [rows], of('a'))).toEqual([{ stored: 3, duplicates: 0 }])
        expect(await importAll(store, [rows], of('b'))).toEqual([{ stored: 3, duplicates: 0 }])
        expect(await importAll(store, [rows], of('a'))).toEqual([{ stored: 0, duplicates: 3 }])
        await using transaction = await begin(store, of('a'))
        expect(await transaction.append(makeBatch(numbered(2, 4)))).toEqual({ stored: 1, duplicates: 1 })
        await transaction.nextImport('d'.repeat(32), { aliases: {}, constants: { host: 'c' } })
        expect(await transaction.append(makeBatch(rows))).toEqual({ stored: 3, duplicates: 0 })
        await transaction.commit()
        expect(await count(store)).toBe(10)
      })

      it('tells rows of equal hash by their bytes', async () => {
        const appendUnhashed = async (values: string): Promise<unknown> => {
          const batch = makeBatch([...values].map((v) => ({ v })))
          await using transaction = await begin(store, { skipKnownRows: true })
          const hashes = new BigUint64Array(batch.rowCount)
          const account = await transaction.append(batch, { ...prepareSegment(batch), hashes })
          await transaction.commit()
          return account
        }
        expect(await appendUnhashed('abcdab')).toEqual({ stored: 6, duplicates: 0 })
        expect(await appendUnhashed('xbaayab')).toEqual({ stored: 3, duplicates: 4 })
        expect((await sources(store)).sort()).toEqual([...'aaabbcdxy'].map((v) => JSON.stringify({ v })))
      })

      it('stores every row when nobody asks for duplicates', async () => {
        await importAll(store, [numbered(0, 5)])
        expect(await importAll(store, [numbered(0, 5)])).toEqual([{ stored: 5, duplicates: 0 }])
      })
    })

    describe('hostile or odd input comes back as it was and breaks nothing', () => {
      it.each<[string, readonly string[]]>([
        [
          'names that mean something to JavaScript',
          [`{"__proto__":{"constructor":"x"},"hasOwnProperty":1,"toString":null}`],
        ],
        ['NUL in names and values', [`{"a\\u0000b":"c\\u0000d","\\u0000":"\\u0000"}`]],
        ['quotes in names', [`{"a\\"b'c;DROP TABLE wide--":"\\"';--"}`]],
        ['lone surrogates', [`{"m":"\\ud800 and \\udfff","\\ud83d":"x"}`]],
        ['empty names and values', [`{"":"","a":{},"b":[],"c":null}`, '{}']],
        ['spaces, order and numbers of the text', [`{ "b" : 1.0 ,"a":1e2,  "c":12345678901234567890}`]],
        [
          'every type under one name',
          ['{"v":1}', '{"v":"1"}', '{"v":true}', '{"v":1.5}', '{"v":{"v":[1,"x"]}}'],
        ],
        ['deep nesting', [`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`]],
      ])('%s', async (_, rows) => {
        await importAll(store, [rows])
        expect(await sources(store)).toEqual(rows)
        await reopen()
        expect(await sources(store)).toEqual(rows)
        expect(({} as Record<string, unknown>)['constructor']).toBe(Object)
      })

      it('10,000 fields', async () => {
        const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, `value${i}`]))
        await importAll(store, [[wide, { field9999: 'other' }]])
        expect(await count(store, { kind: 'term', field: 'field9999', value: 'value9999' })).toBe(1)
        const fields = await store.listFields(SCOPE)
        expect(fields.filter(({ name }) => name.startsWith('field'))).toHaveLength(10_000)
      })

      it('more fields with many values than the engine has columns for', async () => {
        const rows = Array.from({ length: 100 }, (_, n) =>
          Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`f${i}`, n])),
        )
        await importAll(store, [rows])
        expect(await count(store, { kind: 'term', field: 'f0', value: 42 })).toBe(1)
        expect(await count(store, { kind: 'term', field: 'f699', value: 42 })).toBe(1)
      })

      it('a string of 50 MB', async () => {
        const long = `{"message":"${'lorem ipsum '.repeat(50 * 87_381)}needle"}`
        await importAll(store, [[long, { message: 'short' }]])
        const [event] = await events(store)
        expect(event?.source.length).toBe(long.length)
        expect(event?.source === long).toBe(true)
        expect(await count(store, word('needle'))).toBe(1)
      })

      it('times of the year 1601, 9999 and beyond, and nanoseconds', async () => {
        const rows = [
          { datetime: '9999-12-31T23:59:59.999999Z' },
          { datetime: '1601-01-01T00:00:00Z' },
          { datetime: '2020-01-01T00:00:00.000000002Z' },
          { datetime: '2020-01-01T00:00:00.000000001Z' },
          { timestamp: 9_007_199_254_740_991 },
        ]
        await importAll(store, [rows])
        const found = await events(store)
        expect(found.map(({ timeUs, nanos }) => [timeUs, nanos])).toEqual([
          [-11_644_473_600_000_000n, 0],
          [1_577_836_800_000_000n, 1],
          [1_577_836_800_000_000n, 2],
          [9_007_199_254_740_991n, 0],
          [253_402_300_799_999_999n, 0],
        ])
      })
    })

    describe('dropping', () => {
      it('a timeline leaves the others, and gives no row number out again', async () => {
        await importAll(store, [numbered(0, 100)], { timelineId: 1 })
        await importAll(store, [numbered(100, 300)], { timelineId: 2 })
        expect(await store.dropTimeline(TEST_INDEX, 2)).toBe(200)
        expect(await store.dropTimeline(TEST_INDEX, 2)).toBe(0)
        expect(await sources(store)).toEqual(numbered(0, 100).map((row) => JSON.stringify(row)))
        await reopen()
        await importAll(store, [numbered(400, 401)], { timelineId: 3 })
        expect((await findSeqs(store)).at(-1)).toBe(300)
        expect(await sources(store)).toHaveLength(101)
        expect((await store.check()).every(({ severity }) => severity === 'ok')).toBe(true)
      })

      it('most of an index gives its disk back', async () => {
        const noise = Array.from({ length: 300 }, (_, n) => ({ n, text: randomSigns(40_000) }))
        await importAll(store, [noise], { timelineId: 1 })
        await importAll(store, [numbered(0, 10)], { timelineId: 2 })
        const [before] = await store.listIndexes()
        await store.dropTimeline(TEST_INDEX, 1)
        const [after] = await store.listIndexes()
        expect(after!.sizeBytes).toBeLessThan(before!.sizeBytes / 2)
        expect(await sources(store)).toEqual(numbered(0, 10).map((row) => JSON.stringify(row)))
        await reopen()
        expect(await sources(store)).toEqual(numbered(0, 10).map((row) => JSON.stringify(row)))
      })

      it('an index removes it, and one of the same name begins empty', async () => {
        await importAll(store, [numbered(0, 10)])
        await store.dropIndex(TEST_INDEX)
        expect(await store.listIndexes()).toEqual([])
        await store.dropIndex(TEST_INDEX)
        await store.createIndex(TEST_INDEX)
        expect(await count(store)).toBe(0)
        await importAll(store, [[{ n: 77 }]])
        expect(await sources(store)).toEqual(['{"n":77}'])
      })
    })

    it('knows which imports were committed', async () => {
      const [committed, undone] = ['a'.repeat(32), 'b'.repeat(32)]
      await importAll(store, [[{ message: 'one' }]], { importId: committed })
      const transaction = await begin(store, { importId: undone })
      await transaction.rollback()
      await reopen()
      expect(await store.hasImport(TEST_INDEX, committed)).toBe(true)
      expect(await store.hasImport(TEST_INDEX, undone)).toBe(false)
      await store.dropTimeline(TEST_INDEX, 1)
      expect(await store.hasImport(TEST_INDEX, committed)).toBe(false)
    })

    it('describes indexes and timelines', async () => {
      await importAll(store, [numbered(0, 10)], { timelineId: 5 })
      await importAll(store, [[{ timestamp: -5 }, { timestamp: 3 }]], { timelineId: 6 })
      await importAll(store, [[{ timestamp: 8 }]], { timelineId: 6 })
      const infos = await store.describeTimelines(TEST_INDEX)
      expect(infos.map(({ timelineId, eventCount }) => [timelineId, eventCount])).toEqual([
        [5, 10],
        [6, 3],
      ])
      expect(infos[1]).toMatchObject({ firstUs: -5n, lastUs: 8n })
      expect(await store.listIndexes()).toMatchObject([{ index: TEST_INDEX, eventCount: 13 }])
    })

    it('keeps the profile of an import beside its events', async () => {
      const profile = { aliases: { message: 'Message' }, constants: { timestamp_desc: 'Event Logged' } }
      await importAll(store, [[{ Message: 'x' }]], { profile })
      await reopen()
      const [event] = await events(store)
      expect(event?.profile).toEqual(profile)
    })

    it('keeps single events that come one by one', async () => {
      for (let n = 0; n < 80; n++)
        await importAll(store, [[{ n, message: `event ${n % 2 ? 'odd' : 'even'}` }]])
      expect(await count(store)).toBe(80)
      expect(await count(store, word('odd'))).toBe(40)
      expect(await findSeqs(store)).toEqual(Array.from({ length: 80 }, (_, n) => n))
      await reopen()
      expect(await count(store, word('even'))).toBe(40)
      expect((await store.check()).every(({ severity }) => severity === 'ok')).toBe(true)
    })
  })
}

async function begin(store: EventStore, changes: Partial<ImportTarget> = {}): Promise<ImportTransaction> {
  return await store.beginImport({
    index: TEST_INDEX,
    timelineId: 1,
    importId: (++lastImport).toString(16).padStart(32, '0'),
    profile: { aliases: {}, constants: {} },
    skipKnownRows: false,
    ...changes,
  })
}

async function importAll(
  store: EventStore,
  batches: readonly (readonly (object | string)[])[],
  changes: Partial<ImportTarget> = {},
): Promise<{ stored: number; duplicates: number }[]> {
  await using transaction = await begin(store, changes)
  const accounts: { stored: number; duplicates: number }[] = []
  let rowsBefore = 0
  for (const rows of batches) {
    accounts.push(await transaction.append(makeBatch(rows, rowsBefore)))
    rowsBefore += rows.length
  }
  await transaction.commit()
  return accounts
}

function numbered(from: number, end: number): { n: number }[] {
  return Array.from({ length: end - from }, (_, i) => ({ n: from + i }))
}

function word(text: string): Query {
  return { kind: 'match', field: 'message', text, operator: 'and' }
}

async function count(store: EventStore, query: Query = ALL): Promise<number> {
  return await store.count({ scope: SCOPE, query })
}

async function events(store: EventStore): Promise<readonly StoredEvent[]> {
  return (await store.search({ scope: SCOPE, query: ALL, sort: 'asc', size: 1000 })).events
}

/** Source texts by row number. */
async function sources(store: EventStore): Promise<string[]> {
  const found = [...(await events(store))].sort((a, b) => a.seq - b.seq)
  return found.map(({ source }) => source)
}

async function findSeqs(store: EventStore): Promise<number[]> {
  return (await events(store)).map(({ seq }) => seq).sort((a, b) => a - b)
}

/** Text that hardly compresses and has no words. */
function randomSigns(length: number): string {
  return Array.from({ length }, () => String.fromCharCode(0x21 + Math.floor(Math.random() * 13)))
    .join('')
    .replaceAll('"', '~')
}
