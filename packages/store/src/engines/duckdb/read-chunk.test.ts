import duckdb from '@duckdb/node-bindings'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readChunk } from './read-chunk.ts'

let database: duckdb.Database
let connection: duckdb.Connection

beforeAll(async () => {
  database = await duckdb.open(':memory:')
  connection = await duckdb.connect(database)
})

afterAll(() => {
  duckdb.disconnect_sync(connection)
  duckdb.close_sync(database)
})

async function readFirstColumn(sql: string): Promise<unknown[]> {
  const result = await duckdb.query(connection, sql)
  const values: unknown[] = []
  for (;;) {
    const chunk = await duckdb.fetch_chunk(result)
    if (!chunk || duckdb.data_chunk_get_size(chunk) === 0) return values
    values.push(...Array.from(readChunk(chunk).columns[0]!))
  }
}

/** Short ones, long ones of many lengths and signs, the same one again, and NULL between them. */
function makeTexts(count: number): (string | null)[] {
  return Array.from({ length: count }, (_, n) => {
    if (n % 7 === 3) return null
    if (n % 5 === 2) return 'the same long text again'
    return `${n}${'äx😀'.repeat(n % 11)}`
  })
}

it('reads texts as they were written, wherever they stand', async () => {
  const texts = makeTexts(5000)
  await duckdb.query(connection, 'CREATE TABLE texts (n INTEGER, value VARCHAR)')
  const rows = texts.map((text, n) => `(${n}, ${text === null ? 'NULL' : `'${text}'`})`)
  await duckdb.query(connection, `INSERT INTO texts VALUES ${rows.join(', ')}`)
  expect(await readFirstColumn('SELECT value FROM texts ORDER BY n')).toEqual(texts)
  const backwards = 'SELECT value FROM texts ORDER BY n DESC'
  expect(await readFirstColumn(backwards)).toEqual(texts.toReversed())
  const distinct = await readFirstColumn('SELECT DISTINCT value FROM texts')
  expect(distinct).toHaveLength(new Set(texts).size)
  expect(new Set(distinct)).toEqual(new Set(texts))
})

it('reads bytes as bytes of their own', async () => {
  const bytes = (await readFirstColumn(
    'SELECT encode(repeat(chr(65 + n::INTEGER), 20)) FROM range(3) AS numbers(n)',
  )) as Uint8Array[]
  expect(bytes.map((one) => Buffer.from(one).toString())).toEqual(
    ['A', 'B', 'C'].map((one) => one.repeat(20)),
  )
  expect(new Set(bytes.map((one) => one.buffer)).size).toBe(3)
})
