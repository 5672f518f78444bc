import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importRows, TEST_INDEX } from '../../../../contract/ask-helpers.ts'
import { RowSet } from '../../../../text/terms/row-set.ts'
import { openDuckDbStore } from '../../open-store.ts'

/** More than are read text by text. */
const ROWS = 40_000
const NAMES = ['b', 'a', '\ud83d\ude00', '\uff5a', '', 'a b']

it('tells values of many rows as of few: the smallest by code points, of any kind', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-values-'))
  try {
    await using store = await openDuckDbStore({ directory })
    const makeValue = (n: number): unknown => {
      if (n % 7 === 0) return undefined
      if (n % 11 === 0) return [NAMES[n % 6], NAMES[(n + 1) % 6]]
      return n % 13 === 0 ? n % 5 : NAMES[n % 6]
    }
    const rows = Array.from({ length: ROWS }, (_, n) => ({ n, a: makeValue(n), id: `id-${n}` }))
    await importRows(store, { rows, batchRows: 5000 })
    using reading = await store.readValues([{ index: TEST_INDEX }])
    const [index] = reading.indexes
    const range = { start: 0, end: index!.nextSeq }
    const read = async (field: string, wanted: RowSet): Promise<readonly (string | undefined)[]> => {
      const { values, ids } = await index!.valuesAt(field, wanted, range)
      return Array.from(ids, (id) => (id < 0 ? undefined : values[id]))
    }
    const all = await read('a', RowSet.all(ROWS))
    for (let start = 0; start < ROWS; start += ROWS / 4)
      expect(await read('a', RowSet.range(start, start + ROWS / 4, ROWS))).toEqual(
        all.slice(start, start + ROWS / 4),
      )
    const few = Uint32Array.from({ length: ROWS / 50 }, (_, n) => n * 50 + 3)
    expect(await read('a', RowSet.fromSorted(few, ROWS))).toEqual(Array.from(few, (row) => all[row]))
    expect(all.slice(1, 14)).toEqual([
      'a',
      '\ud83d\ude00',
      '\uff5a',
      '',
      'a b',
      'b',
      undefined,
      '\ud83d\ude00',
      '\uff5a',
      '',
      'a b',
      'b',
      '3',
    ])
    // Nearly each row has another value: they are read as texts.
    expect(await read('id', RowSet.all(ROWS))).toEqual(rows.map(({ id }) => id))
  } finally {
    await rm(directory, { recursive: true })
  }
})
