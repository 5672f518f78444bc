import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importRows, TEST_INDEX } from '../../../../contract/ask-helpers.ts'
import { openDuckDbStore } from '../../open-store.ts'

/** Enough for a sample to be taken. */
const ROWS = 140_000
const HELD = [`it's a NeeDle (1)`, 'nee\u212aey NEEDLE', 'needle\u0130', 'a+b [x]', 'the \u212aEY']

it('leaves out texts without the literals asked for where a field has very many, and none where it has few', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-distinct-'))
  try {
    await using store = await openDuckDbStore({ directory })
    const rows = Array.from({ length: ROWS }, (_, n) => ({
      many: n % 35_000 === 34_999 ? HELD[Math.floor(n / 35_000)] : `hay ${n}`,
      few: `hay ${n % 5}`,
      mixed: n % 2 === 0 ? n : `hay ${n}`,
    }))
    rows[ROWS - 2]!.many = HELD[4]
    await importRows(store, { rows, batchRows: 35_000 })
    using reading = await store.readValues([{ index: TEST_INDEX }])
    const read = async (field: string, literals?: readonly string[]): Promise<string[]> => {
      const found: string[] = []
      for await (const { texts } of reading.indexes[0]!.distinctValues(field, { literals }))
        found.push(...texts)
      return found
    }
    const all = await read('many')
    expect(new Set(all)).toEqual(new Set(rows.map(({ many }) => many)))
    const some = await read('many', ['needle', 'a+b [', 'key', "'"])
    expect(some.length).toBeLessThan(ROWS * 0.6)
    expect(new Set(some).isSupersetOf(new Set(HELD))).toBe(true)
    expect(await read('few', ['needle'])).toHaveLength(10)
    const numbers = (await read('mixed', ['needle'])).filter((text) => !text.startsWith('hay'))
    expect(new Set(numbers).size).toBe(ROWS / 2)
  } finally {
    await rm(directory, { recursive: true })
  }
})
