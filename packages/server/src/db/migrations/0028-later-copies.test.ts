import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../testing/temporary-database.ts'
import { noteCopiesOfItems } from './0023-copies-of-items.ts'
import { noteLaterCopies } from './0028-later-copies.ts'

let database: TemporaryDatabase

beforeAll(async () => {
  database = await openTemporaryDatabase({ hasForeignKeys: false })
})
afterAll(() => database[Symbol.asyncDispose]())

/** One copy of an item in each of some sketches. */
async function insertCopies(
  kind: 'alerts' | 'incidents',
  item: string,
  updates: readonly number[],
): Promise<void> {
  const alone = {
    description: '',
    evidence_json: '[]',
    tags_json: '[]',
    group_json: '{}',
    counts_json: '{}',
    count: 1,
  }
  for (const [at, updated_at_ms] of updates.entries()) {
    const key = JSON.stringify(['sekoia', kind, item, at + 1])
    const text = {
      uid: `${kind} ${item} ${at}`,
      source_key: key,
      source: 'sekoia',
      title: item,
      status: 'open',
      reason: '',
    }
    const numbers = {
      organisation_id: 1 + (at % 2),
      sketch_id: at + 1,
      severity: 50,
      created_at_ms: 1,
      updated_at_ms,
    }
    const rest = kind === 'alerts' ? alone : { risk: 1 }
    await database.db
      .insertInto(kind)
      .values({ ...text, ...numbers, ...rest, details_json: '{}', first_us: 1, last_us: 1 } as never)
      .execute()
  }
}

async function readStanding(): Promise<unknown> {
  const { db } = database
  const ofAlerts = await db.selectFrom('alerts').select(['uid', 'later_copy']).orderBy('uid').execute()
  const ofIncidents = await db.selectFrom('incidents').select(['uid', 'later_copy']).orderBy('uid').execute()
  const counts = await db
    .selectFrom('earlier_copy_counts')
    .selectAll()
    .orderBy('later_copy')
    .orderBy('sketch_id')
    .execute()
  return {
    standing: [...ofAlerts, ...ofIncidents].map(({ uid, later_copy }) => `${uid}: ${later_copy}`),
    counts,
  }
}

/** Takes away what versions 23 and 28 made. */
async function undo(): Promise<void> {
  const { db } = database
  for (const kind of ['alerts', 'incidents'] as const) {
    for (const trigger of ['copied', 'copy_changed', 'copy_removed'])
      await sql`drop trigger ${sql.ref(`${kind}_${trigger}`)}`.execute(db)
    if (kind === 'alerts')
      for (const trigger of ['recounted', 'uncounted'])
        await sql`drop trigger ${sql.ref(`earlier_copies_${trigger}`)}`.execute(db)
    for (const index of ['with_copies', 'with_later_copy'])
      await sql`drop index ${sql.ref(`${kind}_${index}`)}`.execute(db)
    for (const column of ['has_copies', 'later_copy'])
      await db.schema.alterTable(kind).dropColumn(column).execute()
  }
  await db.schema.dropTable('earlier_copy_counts').execute()
}

test('copies that are there stand as they would had they come later', async () => {
  for (const kind of ['alerts', 'incidents'] as const) {
    await insertCopies(kind, 'same moment', [5, 5, 5])
    await insertCopies(kind, 'older export later', [9, 7, 3])
    await insertCopies(kind, 'alone', [9])
  }
  const kept = await readStanding()
  const expected = (kind: string): readonly string[] => [
    `${kind} alone 0: 0`,
    ...[
      `${kind} older export later 0: 0`,
      `${kind} older export later 1: 1`,
      `${kind} older export later 2: 2`,
    ],
    ...[`${kind} same moment 0: 2`, `${kind} same moment 1: 1`, `${kind} same moment 2: 0`],
  ]
  expect(kept).toMatchObject({
    standing: [...expected('alerts'), ...expected('incidents')],
    counts: [
      { sketch_id: 2, alerts: 2 },
      { sketch_id: 1, alerts: 1 },
      { sketch_id: 3, alerts: 1 },
    ],
  })
  await undo()
  await noteCopiesOfItems(database.db)
  await noteLaterCopies(database.db)
  expect(await readStanding()).toEqual(kept)
})

/** Has triggers made anew, so that they are no longer carried out in the order in which they were made first. */
async function makeAnew(prefix: string): Promise<void> {
  const { db } = database
  const { rows } = await sql<{ name: string; sql: string }>`select name, sql from sqlite_schema
    where type = 'trigger' and tbl_name = 'alerts' and name like ${`${prefix}%`}`.execute(db)
  expect(rows).not.toEqual([])
  for (const trigger of rows) {
    await sql`drop trigger ${sql.ref(trigger.name)}`.execute(db)
    await sql.raw(trigger.sql).execute(db)
  }
}

test.each(['alerts_cop', 'earlier_copies_'])(
  'what is counted of earlier copies is true whichever triggers are carried out first: %s',
  async (prefix) => {
    const { db } = database
    for (const kind of ['alerts', 'incidents'] as const) await db.deleteFrom(kind).execute()
    await insertCopies('alerts', 'item', [5, 9, 7])
    await makeAnew(prefix)
    // One that was earlier becomes the last, in another state; others become earlier by that.
    await db
      .updateTable('alerts')
      .set({ updated_at_ms: 10, status: 'closed' })
      .where('updated_at_ms', '=', 5)
      .execute()
    expect(await readStanding()).toMatchObject({
      standing: ['alerts item 0: 0', 'alerts item 1: 1', 'alerts item 2: 2'],
      counts: [
        { sketch_id: 2, status: 'open', later_copy: 1, alerts: 1 },
        { sketch_id: 3, status: 'open', later_copy: 2, alerts: 1 },
      ],
    })
    await db.deleteFrom('alerts').where('updated_at_ms', '=', 10).execute()
    expect(await readStanding()).toMatchObject({
      counts: [{ sketch_id: 3, status: 'open', later_copy: 1, alerts: 1 }],
    })
  },
)
