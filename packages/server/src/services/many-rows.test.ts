import type { Insertable } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FindingChangeRow } from '../db/alert-schema.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts'
import { prepareRows } from './many-rows.ts'

let database: TemporaryDatabase
beforeEach(async () => {
  database = await openTemporaryDatabase()
})
afterEach(() => database[Symbol.asyncDispose]())

const makeRow = (number: number): Insertable<FindingChangeRow> => ({
  kind: 'alert',
  finding_id: number,
  user_id: number % 2 === 0 ? null : 1,
  username: `user ${number}`,
  at_ms: number,
  action: 'created',
  details_json: '{}',
})

test('rows are carried out some at once, whatever their number, and all results come in their order', async () => {
  const { db } = database
  const insert = prepareRows(3, (own, rows: readonly Insertable<FindingChangeRow>[]) =>
    own.insertInto('finding_changes').values(rows).returning('finding_id as number'),
  )
  for (const count of [0, 8, 3, 1]) {
    const rows = Array.from({ length: count }, (_, number) => makeRow(number))
    expect(await insert(db, rows)).toEqual(rows.map(({ finding_id }) => ({ number: finding_id })))
    // Members stand in whatever order.
    const turned = rows.map((row) => Object.fromEntries(Object.entries(row).reverse()) as typeof row)
    await insert(db, turned)
    const kept = await db.selectFrom('finding_changes').selectAll().orderBy('id').execute()
    expect(kept.map(({ id: _, ...row }) => row)).toEqual([...rows, ...rows])
    await db.deleteFrom('finding_changes').execute()
  }
})

test('a row that would shift the values of others is refused', async () => {
  const insert = prepareRows(2, (own, rows: readonly Insertable<FindingChangeRow>[]) =>
    own.insertInto('finding_changes').values(rows),
  )
  const { details_json: _, ...short } = makeRow(1)
  await expect(insert(database.db, [short as Insertable<FindingChangeRow>, makeRow(2)])).rejects.toThrow(
    /expected to have as many parameters, found 13/,
  )
})

test('others get their turn between statements', async () => {
  const { db } = database
  const insert = prepareRows(2, (own, rows: readonly Insertable<FindingChangeRow>[]) =>
    own.insertInto('finding_changes').values(rows),
  )
  let turns = 0
  const count = (): void => {
    turns++
    pending = setImmediate(count)
  }
  let pending = setImmediate(count)
  try {
    await db.transaction().execute(async (transaction) => {
      await insert(transaction, [1, 2, 3, 4, 5, 6].map(makeRow))
      expect(turns).toBeGreaterThanOrEqual(2)
    })
  } finally {
    clearImmediate(pending)
  }
})
