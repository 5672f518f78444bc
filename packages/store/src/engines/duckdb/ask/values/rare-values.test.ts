import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { importRows, OTHER_INDEX, TEST_INDEX } from '../../../../contract/ask-helpers.ts'
import type { IndexReading, ValueReading } from '../../../../value-reading.ts'
import { openDuckDbStore } from '../../open-store.ts'
import { RareFields } from './rare-values.ts'

const ROWS = 3000
const LONG = 'x'.repeat(300)
/** A value in every hundredth row, of each type, and several in one row. */
const RARE = ['text', 7, 2.5, true, ['one', 'other'], LONG, 'text', [LONG, 'one'], false, '7']
const rareOf = (row: number): unknown => RARE[(row / 100) % RARE.length]

describe('fields that few rows have', () => {
  let directory: string
  let store: Awaited<ReturnType<typeof openDuckDbStore>>
  let reading: ValueReading
  let index: IndexReading

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'timeskein-rare-'))
    store = await openDuckDbStore({ directory })
    const rows = Array.from({ length: ROWS }, (_, row) => ({
      often: `v${row % 3}`,
      ...(row % 100 === 0 && { rare: rareOf(row), [`only ${row % 400}`]: 'here' }),
    }))
    await importRows(store, { rows, batchRows: 1000 })
    reading = await store.readValues([{ index: TEST_INDEX }])
    index = reading.indexes[0]!
  })

  afterAll(async () => {
    reading[Symbol.dispose]()
    await store[Symbol.asyncDispose]()
    await rm(directory, { recursive: true })
  })

  async function distinct(field: string, range?: { start: number; end: number }): Promise<string[]> {
    const found: string[] = []
    for await (const { kind, texts } of index.distinctValues(field, { range }))
      found.push(...texts.map((text) => `${kind} ${text}`))
    return found.sort()
  }

  it('have values of every type, of some rows or all', async () => {
    const all = ['boolean false', 'boolean true', 'integer 7', 'real 2.5']
    const texts = ['string 7', 'string one', 'string other', 'string text']
    expect(await distinct('rare')).toEqual([...all, ...texts])
    expect(await distinct('rare', { start: 100, end: 401 })).toEqual([
      'boolean true',
      'integer 7',
      'real 2.5',
      'string one',
      'string other',
    ])
    expect(await distinct('only 0')).toEqual(['string here'])
    expect(await distinct('often')).toEqual(['string v0', 'string v1', 'string v2'])
  })

  it('have rows by group of values, as fields of many rows do', async () => {
    const groups = new Map([
      ['string', new Map(Object.entries({ text: 0, one: 1, other: 1, absent: 2, v1: 2 }))],
      ['integer', new Map([['7', 0]])],
    ] as const)
    const range = { start: 350, end: 1300 }
    const found = await index.rowsOfValues('rare', groups, 3, range)
    const rowsWith = (wanted: readonly unknown[]): number[] =>
      Array.from({ length: ROWS / 100 }, (_, at) => at * 100)
        .filter((row) => [rareOf(row)].flat().some((value) => wanted.includes(value)))
        .filter((row) => row >= range.start && row < range.end)
        .map((row) => row - range.start)
    expect(found.map((rows) => [...rows])).toEqual([rowsWith(['text', 7]), rowsWith(['one', 'other']), []])
    const often = await index.rowsOfValues('often', groups, 3, range)
    expect(often.map(({ count }) => count)).toEqual([0, 0, 316])
  })

  it('tell which rows have texts too long for columns', async () => {
    expect([...(await index.rowsOfLongTexts('rare', { start: 0, end: ROWS }))]).toEqual([
      500, 700, 1500, 1700, 2500, 2700,
    ])
    expect([...(await index.rowsOfLongTexts('rare', { start: 600, end: 1501 }))]).toEqual([100, 900])
    expect((await index.rowsOfLongTexts('often', { start: 0, end: ROWS })).count).toBe(0)
  })

  it('are read together by who asks about most rows of an index, and used by all who ask later', async () => {
    using few = await store.readValues([{ index: TEST_INDEX }])
    const load = vi.spyOn(RareFields, 'load')
    const ask = async (start: number): Promise<string[]> => {
      const found: string[] = []
      const range = { start, end: ROWS }
      for await (const { texts } of few.indexes[0]!.distinctValues('rare', { range })) found.push(...texts)
      return found.sort()
    }
    const rowsOf = async (): Promise<readonly number[]> => {
      const range = { start: 0, end: ROWS }
      const groups = new Map([['integer', new Map([['7', 0]])]] as const)
      const [rows] = await few.indexes[0]!.rowsOfValues('rare', groups, 1, range)
      return [...rows!]
    }
    expect(await ask(ROWS - 200)).toEqual(['7', 'false'])
    const before = await rowsOf()
    expect(before).toEqual([100, 1100, 2100])
    expect(load).not.toHaveBeenCalled()
    expect(await ask(ROWS / 2)).toEqual(['2.5', '7', '7', 'false', 'one', 'other', 'text', 'true'])
    expect(await ask(ROWS - 200)).toEqual(['7', 'false'])
    expect(await rowsOf()).toEqual(before)
    expect(load).toHaveBeenCalledOnce()
    load.mockRestore()
  })

  it('are read ahead where somebody asks for it, and not again', async () => {
    using fresh = await store.readValues([{ index: TEST_INDEX }])
    const [one] = fresh.indexes
    const load = vi.spyOn(RareFields, 'load')
    await expect(one!.readAhead(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    await one!.readAhead(new AbortController().signal)
    const before = load.mock.calls.length
    const found = await Array.fromAsync(one!.distinctValues('rare'))
    expect(found.flatMap(({ texts }) => texts)).toContain('other')
    expect(load).toHaveBeenCalledTimes(before)
    expect(before).toBe(1)
    load.mockRestore()
  })

  it('end to be read ahead only when all that is read has ended, though some of it failed', async () => {
    using fresh = await store.readValues([{ index: TEST_INDEX }])
    const gate = Promise.withResolvers<void>()
    const steps: string[] = []
    using _ = vi.spyOn(RareFields, 'load').mockImplementation(({ handle }) => {
      vi.spyOn(handle, 'query').mockImplementationOnce(async function* () {
        await gate.promise
        yield* []
        steps.push('long texts read')
      })
      return Promise.reject(new Error('no room'))
    })
    const ahead = fresh.indexes[0]!.readAhead(new AbortController().signal)
    const ended = ahead.catch((error: Error) => steps.push(error.message))
    await new Promise(setImmediate)
    gate.resolve()
    await ended
    expect(steps).toEqual(['long texts read', 'no room'])
  })

  it('are waited for by nobody who was told to give up', async () => {
    using fresh = await store.readValues([{ index: TEST_INDEX }])
    const [one] = fresh.indexes
    const range = { start: 0, end: ROWS }
    const groups = new Map([['string', new Map([['text', 0]])]] as const)
    const signal = AbortSignal.abort(new Error('enough'))
    const questions = {
      distinct: async () => await Array.fromAsync(one!.distinctValues('rare', { signal })),
      rows: async () => await one!.rowsOfValues('rare', groups, 1, range, signal),
      long: async () => await one!.rowsOfLongTexts('rare', range, signal),
    }
    for (const ask of Object.values(questions)) await expect(ask()).rejects.toThrow('enough')
    await Array.fromAsync(one!.distinctValues('rare'))
    for (const ask of Object.values(questions)) await expect(ask()).rejects.toThrow('enough')
  })

  it('are never held beyond some bytes, which long texts take sooner than short ones', async () => {
    const row = { few: 'x'.repeat(200), many: ['a', 'b'] }
    await importRows(store, { rows: [row, row, row], index: OTHER_INDEX })
    using other = await store.readValues([{ index: OTHER_INDEX }])
    const load = vi.spyOn(RareFields, 'load')
    for await (const _ of other.indexes[0]!.distinctValues('few'));
    const [context] = load.mock.lastCall!
    load.mockRestore()
    const loaded = async (maxBytes: number): Promise<readonly string[]> => {
      const fields = await RareFields.load(context, maxBytes)
      return ['few', 'many'].filter((name) => fields.of(context.snapshot.fields.byName(name)!) !== undefined)
    }
    expect(await loaded(100)).toEqual([])
    expect(await loaded(700)).toEqual(['many'])
    expect(await loaded(10_000)).toEqual(['few', 'many'])
  })

  it('are those of the moment of the reading, whatever is imported while it is open', async () => {
    using earlier = await store.readValues([{ index: TEST_INDEX }])
    const [before] = earlier.indexes
    await importRows(store, { rows: [{ rare: [LONG, 'later'] }], batchRows: 1 })
    const range = { start: 0, end: before!.nextSeq }
    expect([...(await before!.rowsOfLongTexts('rare', range))]).toEqual([500, 700, 1500, 1700, 2500, 2700])
    const texts: string[] = []
    for await (const batch of before!.distinctValues('rare')) texts.push(...batch.texts)
    expect(texts).not.toContain('later')
    const groups = new Map([['string', new Map([['later', 0]])]] as const)
    expect((await before!.rowsOfValues('rare', groups, 1, range)).map(({ count }) => count)).toEqual([0])
  })
})
