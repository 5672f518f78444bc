import type { Wildcard } from '@timeskein/query'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { visitPackedSources } from '../engines/duckdb/sources/visit-packed-sources.ts'
import type { EventStore } from '../event-store.ts'
import type { RowSet } from '../text/terms/row-set.ts'
import type { IndexReading, ValueReading } from '../value-reading.ts'
import { importRows, TEST_INDEX } from './ask-helpers.ts'

const LONG = `${'x'.repeat(300)} needle`

/** What an engine says of the values of a scope. */
export function describeValueContract(open: () => Promise<EventStore>): void {
  describe('values of a scope', () => {
    let store: EventStore
    let reading: ValueReading
    let index: IndexReading

    beforeEach(async () => {
      store = await open()
      await importRows(store, {
        rows: [
          { a: 'one', n: 1, b: true, host: 'h1' },
          { a: ['two', 'one'], n: 2.5, host: 'h2' },
          { a: LONG, n: '1', host: 'h1' },
          { a: '', deep: { er: 'x' } },
        ],
        batchRows: 3,
      })
      await importRows(store, { rows: [{ a: 'other', message2: 'x' }], timelineId: 2 })
      reading = await store.readValues([{ index: TEST_INDEX, timelineIds: [1] }])
      index = reading.indexes[0]!
    })

    afterEach(async () => {
      reading[Symbol.dispose]()
      await store[Symbol.asyncDispose]()
    })

    const range = { start: 0, end: 5 }
    const rowsOf = (rows: RowSet): number[] => [...rows]

    async function distinct(field: string): Promise<string[]> {
      const values: string[] = []
      for await (const { kind, texts } of index.distinctValues(field))
        values.push(...texts.map((text) => `${kind} ${text}`))
      return values.sort()
    }

    it('tells its rows and fields', () => {
      expect(index.runs.map(({ start, end, timelineId }) => [start, end, timelineId])).toEqual([
        [0, 3, 1],
        [3, 4, 1],
      ])
      expect(index.nextSeq).toBe(5)
      expect(index.fieldNames.has('deep.er')).toBe(true)
      expect(['a', 'nothing', 'timestamp'].map((field) => index.placeOf(field))).toEqual([
        'events',
        'nowhere',
        'elsewhere',
      ])
    })

    it('tells each different value once, as it is written, but long texts', async () => {
      expect(await distinct('a')).toEqual(['string ', 'string one', 'string other', 'string two'])
      expect(await distinct('n')).toEqual(['integer 1', 'real 2.5', 'string 1'])
      expect(await distinct('b')).toEqual(['boolean true'])
      expect(index.hasLongTexts('a')).toBe(true)
      expect(rowsOf(await index.rowsOfLongTexts('a', range))).toEqual([2])
      expect(index.hasLongTexts('n')).toBe(false)
    })

    it('tells rows by value', async () => {
      const groups = new Map([
        ['string', new Map(Object.entries({ one: 0, two: 1, absent: 1 }))],
        ['integer', new Map([['1', 2]])],
      ] as const)
      expect((await index.rowsOfValues('a', groups, 3, range)).map(rowsOf)).toEqual([[0, 1], [1], []])
      expect((await index.rowsOfValues('n', groups, 3, range)).map(rowsOf)).toEqual([[], [], [0]])
      expect((await index.rowsOfValues('a', groups, 3, { start: 1, end: 3 })).map(rowsOf)).toEqual([
        [0],
        [0],
        [],
      ])
    })

    it('answers questions with rows of the scope', async () => {
      expect(rowsOf(await index.rowsOf({ kind: 'exists', field: 'a' }, range))).toEqual([0, 1, 2, 3])
      expect(rowsOf(await index.rowsOf({ kind: 'exists', field: 'a' }, { start: 2, end: 5 }))).toEqual([0, 1])
    })

    it('tells which rows may answer by their words', async () => {
      const ask = (pattern: string, field?: string): Wildcard => ({
        kind: 'wildcard',
        field,
        pattern,
        whole: true,
        caseInsensitive: true,
        anyType: true,
      })
      const [needle, absent, inField, number, cut] = await index.wordBoundsOf([
        ask('*needle*'),
        ask('*absent*'),
        ask('*needle*', 'a'),
        ask('*1*'),
        ask('*nee?le*'),
      ])
      expect(rowsOf(needle!.low)).toEqual([2])
      expect(rowsOf(cut!.low)).toEqual([])
      expect(rowsOf(cut!.high)).toEqual([2])
      expect(rowsOf(needle!.high)).toEqual([2])
      expect(rowsOf(absent!.high)).toEqual([])
      expect(rowsOf(inField!.high)).toEqual([2])
      expect(number).toBeUndefined()
    })

    it('tells values, times and sources of rows', async () => {
      const rows = await index.rowsOf({ kind: 'exists', field: 'a' }, range)
      const { values, ids } = await index.valuesAt('a', rows, range)
      expect([...ids].map((id) => values[id])).toEqual(['one', 'one', undefined, ''])
      const seqs = Uint32Array.of(0, 3)
      expect((await index.timesAt(seqs))[1]).toBeGreaterThan((await index.timesAt(seqs))[0]!)
      expect((await index.sourcesAt(seqs)).map((source) => JSON.parse(source).a)).toEqual(['one', ''])
      const visited: [number, string][] = []
      const asked = Uint32Array.of(...seqs, 4).subarray(0, 2)
      for await (const packed of index.packedSources(asked)) {
        expect(packed.seqs.buffer.byteLength).toBe(packed.seqs.byteLength)
        visitPackedSources(packed, ({ bytes, offsets }, firstSeq, some) => {
          for (const seq of some) {
            const row = seq - firstSeq
            visited.push([seq, JSON.parse(bytes.toString('utf8', offsets[row]!, offsets[row + 1]!)).a])
          }
        })
      }
      expect(visited).toEqual([
        [0, 'one'],
        [3, ''],
      ])
    })

    it('says when a timeline was dropped meanwhile', async () => {
      reading.assertWhole()
      await store.dropTimeline(TEST_INDEX, 1)
      expect(() => reading.assertWhole()).toThrow('was dropped')
    })
  })
}
