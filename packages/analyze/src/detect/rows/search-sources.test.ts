import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Wildcard } from '@timeskein/query'
import { openDuckDbStore } from '@timeskein/store'
import { makeBatch } from '@timeskein/store/testing'
import { describe, expect, it } from 'vitest'
import { BlockThread } from '../blocks/block-thread.ts'
import { PredicateTable } from '../plan/predicate.ts'
import { listWordless, searchSources } from './search-sources.ts'

function keyword(pattern: string, field?: string): Wildcard {
  return { kind: 'wildcard', field, pattern, caseInsensitive: true, whole: true, anyType: true }
}

describe('listWordless', () => {
  it('lists keywords that hold no word of two letters', () => {
    const table = new PredicateTable()
    const wordless = table.add(keyword('*(){:;};*'))
    for (const other of [keyword('*(){ab};*'), keyword('*(){:;};*', 'field'), keyword('*::*')])
      table.add(other)
    expect(listWordless(table, new Uint8Array(table.all.length).fill(1))).toEqual([wordless])
    expect(listWordless(table, new Uint8Array(table.all.length))).toEqual([])
  })
})

describe('searchSources', () => {
  it('finds rows by their sources, range by range, also large ones', async () => {
    const index = 'e'.repeat(32)
    const directory = await mkdtemp(join(tmpdir(), 'skein-search-'))
    const store = await openDuckDbStore({ directory })
    try {
      await store.createIndex(index)
      const profile = { aliases: {}, constants: {} }
      const target = { index, timelineId: 1, importId: 'a'.repeat(32), profile, skipKnownRows: false }
      await using transaction = await store.beginImport(target)
      const texts = ['a (){:;};', 'b', `${'x'.repeat(1_100_000)}(){:;};`, '(){:;}', 'c (){:;}; d']
      await transaction.append(makeBatch(texts.map((text) => ({ text }))))
      await transaction.commit()
      const table = new PredicateTable()
      const predicate = table.add(keyword('*(){:;};*'))
      using reading = await store.readValues([{ index }])
      using thread = new BlockThread()
      const ranges = [
        { start: 0, end: 2 },
        { start: 2, end: 5 },
      ]
      const options = { table, thread, signal: undefined }
      const found = await searchSources([predicate], reading.indexes[0]!, ranges, options)
      expect([...found.get(predicate)!.rows]).toEqual([0, 2, 4])
    } finally {
      await store[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    }
  })
})
