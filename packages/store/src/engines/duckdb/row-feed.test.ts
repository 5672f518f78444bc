import duckdb from '@duckdb/node-bindings'
import { describe, expect, it } from 'vitest'
import { type FeedColumn, RowFeed } from './row-feed.ts'
import { SqlSession } from './sql-session.ts'

async function openSession(): Promise<{ session: SqlSession; feed: RowFeed }> {
  const connection = await duckdb.connect(await duckdb.open(':memory:'))
  const feed = new RowFeed(connection)
  return { session: new SqlSession(connection, feed, (error) => error), feed }
}

function text(name: string, values: readonly (string | null)[]): FeedColumn {
  const kept = values.flatMap((value, row) => (value === null ? [] : [{ row, bytes: Buffer.from(value) }]))
  const offsets = new Uint32Array(kept.length + 1)
  for (const [i, { bytes }] of kept.entries()) offsets[i + 1] = offsets[i]! + bytes.length
  return {
    name,
    type: 'VARCHAR',
    rows: kept.length === values.length ? undefined : Uint32Array.from(kept, ({ row }) => row),
    bytes: Buffer.concat(kept.map(({ bytes }) => bytes)),
    offsets,
  }
}

async function roundTrip(columns: readonly FeedColumn[], rowCount: number): Promise<unknown[][]> {
  const { session, feed } = await openSession()
  using held = feed.hold(columns, rowCount)
  await session.run(`CREATE TABLE t AS SELECT * FROM ${held.sql}`)
  return await session.rows('SELECT * FROM t ORDER BY rowid')
}

describe('strings', () => {
  it.each([
    ['both sides of the 12 bytes that fit inline', ['a', 'abcd', 'abcde', 'x'.repeat(12), 'y'.repeat(13)]],
    ['empty ones beside long ones', ['', 'z'.repeat(300), '', '']],
    ['only short ones', ['a', '', 'b']],
    ['only empty ones', ['', '', '']],
    ['NUL bytes', ['\0', 'a\0b', '\0'.repeat(40), `long enough\0 to be outside`]],
    ['text beyond ASCII', ['é', '日本語', '👩‍👩‍👧‍👦 family', 'ß'.repeat(200)]],
    ['NULL between values', ['first', null, 'x'.repeat(256), null, null, 'last one is long enough']],
    ['NULL alone', [null, null]],
  ])('%s come back as they went in', async (_, values) => {
    expect(await roundTrip([text('v', values)], values.length)).toEqual(values.map((value) => [value]))
  })

  it('come back over many chunks, each with its own gaps', async () => {
    const values = Array.from({ length: 10_000 }, (_, i) => {
      if (i % 7 === 0 || (i > 3000 && i < 6000)) return null
      return `${i}:${'u'.repeat(i % 40)}`
    })
    const rows = await roundTrip([text('a', values), text('b', values.toReversed())], values.length)
    expect(rows.map((row) => row[0])).toEqual(values)
    expect(rows.map((row) => row[1])).toEqual(values.toReversed())
  })

  it('survive being compared and grouped by DuckDB, which looks at the padding', async () => {
    const { session, feed } = await openSession()
    const values = Array.from(
      { length: 5000 },
      (_, i) => ['abc', 'abcdefgh', 'a longer one than that'][i % 3]!,
    )
    using held = feed.hold([text('v', values)], values.length)
    const rows = await session.rows(`SELECT v, count(*)::INTEGER FROM ${held.sql} GROUP BY v ORDER BY v`)
    expect(rows).toEqual([
      ['a longer one than that', 1666],
      ['abc', 1667],
      ['abcdefgh', 1667],
    ])
  })

  it('that are not UTF-8 are refused with an error, not stored', async () => {
    const bytes = Uint8Array.from({ length: 20 }, () => 0xff)
    const column: FeedColumn = {
      name: 'v',
      type: 'VARCHAR',
      rows: undefined,
      bytes,
      offsets: Uint32Array.of(0, 20),
    }
    await expect(roundTrip([column], 1)).rejects.toThrow()
  })
})

describe('other types', () => {
  it('come back with their gaps', async () => {
    const rows = Uint32Array.of(1, 3)
    const columns: FeedColumn[] = [
      { name: 'i', rows, type: 'BIGINT', numbers: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
      { name: 'n', rows, type: 'INTEGER', numbers: Int32Array.of(-1, 2) },
      { name: 'u', rows, type: 'UINTEGER', numbers: Uint32Array.of(0, 0xffffffff) },
      { name: 'r', rows, type: 'DOUBLE', numbers: Float64Array.of(0.1, -1e300) },
      { name: 'b', rows, type: 'BOOLEAN', numbers: Uint8Array.of(1, 0) },
      { name: 'x', rows, type: 'BLOB', bytes: Uint8Array.of(255, 0, 1), offsets: Uint32Array.of(0, 2, 3) },
    ]
    expect(await roundTrip(columns, 4)).toEqual([
      [null, null, null, null, null, null],
      [-(2n ** 63n), -1, 0, 0.1, true, Uint8Array.of(255, 0)],
      [null, null, null, null, null, null],
      [2n ** 63n - 1n, 2, 0xffffffff, -1e300, false, Uint8Array.of(1)],
    ])
  })

  it('are dense over many chunks when no rows are named', async () => {
    const numbers = BigInt64Array.from({ length: 7000 }, (_, i) => BigInt(i * 3))
    const rows = await roundTrip([{ name: 'i', rows: undefined, type: 'BIGINT', numbers }], 7000)
    expect(rows.map((row) => row[0])).toEqual([...numbers])
  })
})

describe('row sets as parameters', () => {
  it('stand in the text as a table beside ordinary parameters', async () => {
    const { session } = await openSession()
    await session.run('CREATE TABLE t AS SELECT range AS seq FROM range(100000)')
    const seqs = Uint32Array.from({ length: 5000 }, (_, i) => i * 10)
    const sql = `SELECT count(*)::INTEGER, sum(seq)::BIGINT, '$1 ?' FROM t JOIN $2 USING (seq) WHERE seq < $1`
    expect(await session.rows(sql, [1000, { seqs }])).toEqual([[100, 49_500n, '$1 ?']])
    expect(await session.rows('SELECT count(*)::INTEGER FROM ?', [{ seqs }])).toEqual([[5000]])
  })

  it('end with the statement', async () => {
    const { session } = await openSession()
    await expect(session.run('SELECT * FROM feed_rows(99)')).rejects.toThrow(/no columns are held/)
  })
})

it('a statement stops when its signal aborts', async () => {
  const { session } = await openSession()
  const controller = new AbortController()
  const work = async (): Promise<void> => {
    const endless = 'SELECT count(*) FROM range(100000000000) a'
    for await (const _ of session.query(endless, [], controller.signal)) break
  }
  const running = work()
  setImmediate(() => controller.abort(new Error('enough')))
  await expect(running).rejects.toThrow('enough')
})
