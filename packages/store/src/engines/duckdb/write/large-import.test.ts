import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TEST_INDEX } from '../../../contract/ask-helpers.ts'
import { makeBatch } from '../../../contract/make-batch.ts'
import { SqlSession } from '../sql-session.ts'
import { WritingStore } from '../writing-store.ts'
import { WRITTEN_AHEAD_ROWS } from './field-registry.ts'

let directory = ''
let store: WritingStore
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-large-'))
  store = await WritingStore.open({ directory })
  await store.files.create(TEST_INDEX)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await store[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

const target = {
  index: TEST_INDEX,
  timelineId: 1,
  importId: 'one',
  profile: { aliases: {}, constants: {} },
  skipKnownRows: false,
}

async function ask(sql: (schema: string) => string): Promise<readonly (readonly unknown[])[]> {
  using lease = await store.lease(TEST_INDEX)
  return await lease.file.database.withSession(async (session) => await session.rows(sql(lease.file.schema)))
}

/** How DuckDB has compressed each text column in a row group, which has 122,880 rows. */
async function listCompressions(rowGroup: number): Promise<readonly (readonly unknown[])[]> {
  return await ask(
    (schema) =>
      `SELECT f.name, string_agg(DISTINCT i.compression, ',') FROM ${schema}.fields f
       JOIN pragma_storage_info('${schema}.wide') i ON i.column_name = 'f' || f.id || '_s' AND i.segment_type = 'VARCHAR'
       WHERE i.row_group_id = ${rowGroup} GROUP BY f.name ORDER BY f.name`,
  )
}

it.each([
  ['rows', 2500, 0],
  ['text', 100, 14_000],
])('an import of many small batches is large by their %s', async (_, rowCount, textLength) => {
  const batch = makeBatch(
    Array.from({ length: rowCount }, (_unused, n) => ({ n, text: 'x'.repeat(textLength) })),
  )
  const isLarge = async (): Promise<boolean> =>
    (await ask(() => `SELECT current_setting('threads')`))[0]?.[0] === 1n
  await using transaction = await store.beginImport(target)
  await transaction.append(batch)
  expect(await isLarge()).toBe(false)
  await transaction.append(batch)
  expect(await isLarge()).toBe(true)
  await transaction.commit()
  await expect.poll(isLarge).toBe(false)
})

it.each([
  ['small', 100],
  ['large', 6000],
])(
  'a %s import is committed with more memory than it is fed with, for what COMMIT holds cannot be put aside',
  async (_, rowCount) => {
    const limits: unknown[] = []
    const run = SqlSession.prototype.run
    vi.spyOn(SqlSession.prototype, 'run').mockImplementation(async function (this: SqlSession, ...statement) {
      if (statement[0] === 'COMMIT')
        limits.push((await this.rows(`SELECT current_setting('memory_limit')`))[0]?.[0])
      await run.apply(this, statement)
    })
    await using transaction = await store.beginImport(target)
    await transaction.append(makeBatch(Array.from({ length: rowCount }, (_unused, n) => ({ n }))))
    await transaction.commit()
    expect(new Set(limits)).toEqual(new Set(['1.0 GiB']))
    await expect
      .poll(async () => (await ask(() => `SELECT current_setting('memory_limit')`))[0]?.[0])
      .toBe('320.0 MiB')
  },
)

it('DuckDB begins its second row group, and so may write the first to disk, only behind the rows that columns are added in', async () => {
  await ask((schema) => `CREATE TABLE ${schema}.probe AS SELECT range AS n FROM range(300000)`)
  const [row] = await ask(
    (schema) =>
      `SELECT min(row_count) FROM (SELECT sum(count) AS row_count FROM pragma_storage_info('${schema}.probe')
       WHERE segment_type = 'BIGINT' AND row_group_id < 2 GROUP BY row_group_id)`,
  )
  expect(Number(row?.[0])).toBeGreaterThan(WRITTEN_AHEAD_ROWS)
})

it('fields that become frequent late in a large import take spare columns, and stand among the rare ones when none is left', async () => {
  await using transaction = await store.beginImport(target)
  const early = makeBatch(Array.from({ length: WRITTEN_AHEAD_ROWS / 4 }, (_, n) => ({ n })))
  for (let batch = 0; batch < 4; batch++) await transaction.append(early)
  const late = Array.from({ length: 3000 }, (_, n) =>
    Object.fromEntries(Array.from({ length: 6 }, (_unused, field) => [`late${field}`, `value ${n}`])),
  )
  await transaction.append(makeBatch(late))
  await transaction.commit()
  const counted = await ask(
    (schema) =>
      `SELECT (SELECT count(*) FROM ${schema}.wide_columns WHERE kind = 's'), (SELECT count(*) FROM ${schema}.tall),
         (SELECT count(*) FROM pragma_table_info('${schema}.wide') WHERE name LIKE 'spare%_s')`,
  )
  expect(counted).toEqual([[4n, 6000n, 0n]])
})

it('a column of texts that turn out to come again is left to DuckDB, with what it held', async () => {
  await using transaction = await store.beginImport(target)
  const varied = Array.from({ length: 20_000 }, (_, n) => ({ host: `host${n % 50}`, text: `session ${n}` }))
  const again = makeBatch(varied.map(({ host }, n) => ({ host, text: `user${n % 50}` })))
  await transaction.append(makeBatch(varied))
  for (let batch = 0; batch < 6; batch++) await transaction.append(again)
  await transaction.commit()
  expect(await listCompressions(1)).toEqual([
    ['host', 'Dictionary'],
    ['text', 'Dictionary'],
  ])
  const [text] = await ask((schema) => `SELECT 'f' || id || '_s' FROM ${schema}.fields WHERE name = 'text'`)
  expect(
    await ask(
      (schema) =>
        `SELECT count(*), count(DISTINCT ${text}), count(*) FILTER (${text} = 'user7'), min(seq) FILTER (${text} = 'session 19999')
         FROM ${schema}.wide`,
    ),
  ).toEqual([[140_000n, 20_050n, 2400n, 19_999n]])
})

it('a column of varied texts is compressed without a dictionary, and holds many rows without any', async () => {
  await using transaction = await store.beginImport(target)
  const given = Array.from({ length: 20_000 }, (_, n) => ({ host: `host${n % 50}`, text: `session ${n}` }))
  const rest = makeBatch(given.map(({ host }) => ({ host })))
  await transaction.append(makeBatch(given))
  for (let batch = 0; batch < 6; batch++) await transaction.append(rest)
  await transaction.commit()
  expect(await listCompressions(0)).toEqual([
    ['host', 'Dictionary'],
    ['text', 'FSST'],
  ])
  const [text] = await ask((schema) => `SELECT 'f' || id || '_s' FROM ${schema}.fields WHERE name = 'text'`)
  expect(await ask((schema) => `SELECT count(*), count(${text}) FROM ${schema}.wide`)).toEqual([
    [140_000n, 20_000n],
  ])
})
