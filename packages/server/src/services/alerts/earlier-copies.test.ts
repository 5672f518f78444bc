import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { type MetadataDatabase, openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { settleOnce } from '../findings/copies.ts'
import type { AlertFilter } from './alert-service.ts'

const DAY_MS = 86_400_000
const ITEMS = 24
const STATUSES = ['open', 'closed', 'rejected'] as const

let place: TemporarySystem
let database: MetadataDatabase
let ana: Principal
let bob: Principal
let eve: Principal
let sketchIds: readonly number[]
let organisationIds: readonly number[]
/** User -> sketches that they may read. */
let readable: ReadonlyMap<Principal, readonly number[]>

beforeAll(async () => {
  place = await openTemporarySystem()
  database = openSqliteDatabase(join(place.system.dataDirectory, 'metadata.sqlite'))
  const { sketches, access, alerts } = place.system.services
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
  eve = await place.addUser('eve')
  const ids: number[] = []
  for (const name of ['a', 'b', 'c', 'd']) ids.push((await sketches.create(ana, { name })).id)
  sketchIds = ids
  for (const id of ids.slice(1, 3))
    await access.changeSketchGrants(ana, id, { grantUsers: ['bob'], permissions: ['read'] })
  readable = new Map([
    [ana, ids],
    [bob, ids.slice(1, 3)],
    [eve, []],
  ])
  await database.db
    .insertInto('organisations')
    .values({ uid: 'f'.repeat(32), name: 'other', is_default: 0, created_at_ms: 1 })
    .execute()
  organisationIds = (await database.db.selectFrom('organisations').select('id').orderBy('id').execute()).map(
    ({ id }) => id,
  )
  await alerts.store(
    ana,
    Array.from({ length: 6 }, (_, n) => draftOf({ key: `no copy ${n}`, source: 'api', n })),
  )
})
afterAll(async () => {
  await database.close()
  await place[Symbol.asyncDispose]()
})

function draftOf(one: {
  key: string
  source: string
  n: number
  sketchId?: number
}): Parameters<typeof place.system.services.alerts.store>[1][number] {
  return {
    sourceKey: one.key,
    source: one.source,
    ...(one.sketchId === undefined ? {} : { sketchId: one.sketchId }),
    title: `Alert ${one.n}`,
    severity: [10, 50, 90][one.n % 3]!,
    createdAtMs: (one.n % 7) * DAY_MS + one.n * 1000,
    spans: new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]]),
  }
}

/** Numbers that look random, the same each time. */
function makeDice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor(state / 65536) % sides
  }
}

type Row = Awaited<ReturnType<typeof readRows>>[number]

async function readRows() {
  return await database.db.selectFrom('alerts').selectAll().orderBy('created_at_ms').orderBy('id').execute()
}

function itemOf({ source, source_key }: Row): string | undefined {
  return source === 'sekoia' ? (JSON.parse(source_key) as string[])[2] : undefined
}

function isLater(one: Row, than: Row): boolean {
  return (
    one.updated_at_ms > than.updated_at_ms || (one.updated_at_ms === than.updated_at_ms && one.id > than.id)
  )
}

function laterCopies(row: Row, among: readonly Row[]): readonly Row[] {
  const item = itemOf(row)
  return item === undefined ? [] : among.filter((one) => itemOf(one) === item && isLater(one, row))
}

/** Does something to alerts, as whatever writes them may. */
async function change(dice: (sides: number) => number): Promise<void> {
  const { db } = database
  const rows = await readRows()
  const some = rows.filter(() => dice(6) === 0).map(({ id }) => id)
  switch (dice(6)) {
    case 0:
    case 1: {
      const drafts = Array.from({ length: 8 }, () => {
        const n = dice(ITEMS)
        const sketchId = sketchIds[dice(sketchIds.length)]!
        return draftOf({
          key: JSON.stringify(['sekoia', 'alert', `${n}`, sketchId]),
          source: 'sekoia',
          n,
          sketchId,
        })
      })
      await place.system.services.alerts.store(ana, drafts)
      return
    }
    case 2:
      await db
        .updateTable('alerts')
        .set({ updated_at_ms: dice(3) * 1000 + (dice(2) === 0 ? Date.now() : 0), status: STATUSES[dice(3)]! })
        .where('id', 'in', some)
        .execute()
      return
    case 3:
      await db
        .updateTable('alerts')
        .set({
          organisation_id: organisationIds[dice(2)]!,
          ...(dice(2) === 0 ? {} : { updated_at_ms: dice(1000) }),
        })
        .where('id', 'in', some)
        .execute()
      return
    case 4:
      await db
        .updateTable('alerts')
        .set({ severity: dice(3) * 40, created_at_ms: dice(7) * DAY_MS + dice(3) })
        .where('id', 'in', some)
        .execute()
      return
    default:
      await db.deleteFrom('alerts').where('id', 'in', some.slice(0, 5)).execute()
  }
}

function groupCounts(rows: readonly Row[]): readonly string[] {
  const groups = Map.groupBy(rows, (row) =>
    JSON.stringify([
      ...[Math.floor(row.created_at_ms / DAY_MS), row.sketch_id, row.organisation_id],
      ...[row.severity, row.status, row.later_copy],
    ]),
  )
  return [...groups].map(([key, of]) => `${key} ${of.length}`).toSorted()
}

async function expectWrittenDown(): Promise<void> {
  const rows = await readRows()
  const standing = (row: Row): number => {
    const later = laterCopies(row, rows)
    return later.length === 0 ? 0 : later.some((one) => one.organisation_id === row.organisation_id) ? 2 : 1
  }
  expect(rows.map(({ id, later_copy }) => [id, later_copy])).toEqual(
    rows.map((row) => [row.id, standing(row)]),
  )
  const counts = await database.db.selectFrom('earlier_copy_counts').selectAll().execute()
  expect(
    counts
      .map(
        (one) =>
          `${JSON.stringify([one.day, one.sketch_id, one.organisation_id, one.severity, one.status, one.later_copy])} ${one.alerts}`,
      )
      .toSorted(),
  ).toEqual(groupCounts(rows.filter(({ later_copy }) => later_copy > 0)))
}

/** What is told, by going through everything. */
function listTold(
  rows: readonly Row[],
  principal: Principal,
  gone: readonly number[],
  filter: AlertFilter,
): readonly Row[] {
  const sketches = readable.get(principal)!.filter((id) => !gone.includes(id))
  const visible = rows.filter(({ sketch_id }) => sketch_id === null || sketches.includes(sketch_id))
  const { organisationId: of, statuses, minSeverity = 0, createdFromMs = 0, text } = filter
  const placed = visible.filter((row) => of === undefined || row.organisation_id === of)
  return placed.filter(
    (row) =>
      laterCopies(row, placed).length === 0 &&
      (statuses === undefined || (statuses as readonly string[]).includes(row.status)) &&
      row.severity >= minSeverity &&
      row.created_at_ms >= createdFromMs &&
      (text === undefined || row.title.includes(text)),
  )
}

function makeFilters(): readonly AlertFilter[] {
  const asked: readonly AlertFilter[] = [
    {},
    { statuses: ['open'] },
    { minSeverity: 40, createdFromMs: 2 * DAY_MS + 1 },
    { text: 'Alert 1' },
  ]
  return asked.flatMap((filter) => [
    filter,
    ...organisationIds.map((organisationId) => ({ ...filter, organisationId })),
  ])
}

async function expectTold(gone: readonly number[]): Promise<void> {
  const { alerts } = place.system.services
  const rows = await readRows()
  for (const principal of readable.keys())
    for (const filter of makeFilters()) {
      const told = listTold(rows, principal, gone, filter)
      const asked = { ...filter, isOncePerItem: true }
      for (const offset of [0, 5]) {
        const page = await alerts.list(principal, asked, { sort: 'created', order: 'asc', limit: 6, offset })
        expect(page.total).toBe(told.length)
        expect(page.items.map(({ id }) => id)).toEqual(told.slice(offset, offset + 6).map(({ id }) => id))
      }
      const last = await alerts.readPage(principal, asked, { sort: 'created', limit: 4 })
      expect(last.items.map(({ id }) => id)).toEqual(
        told
          .toReversed()
          .slice(0, 4)
          .map(({ id }) => id),
      )
      const counts = await alerts.countBySeverity(principal, asked)
      const groups = Map.groupBy(told, ({ severity }) => severity)
      expect(new Map([...counts].toSorted())).toEqual(
        new Map([...groups].map(([severity, of]) => [severity, of.length] as const).toSorted()),
      )
    }
}

test('each caller is told of the last copy that they may see, whatever is done to copies', async () => {
  const dice = makeDice(7)
  for (let round = 0; round < 60; round++) {
    await change(dice)
    await expectWrittenDown()
    if (round % 10 === 9) await expectTold([])
  }
  const { db } = database
  const gone = sketchIds[3]!
  await db.updateTable('sketches').set({ status: 'deleted' }).where('id', '=', gone).execute()
  await expectTold([gone])
  await db.deleteFrom('sketches').where('id', '=', sketchIds[0]!).execute()
  await expectWrittenDown()
  await expectTold([gone, sketchIds[0]!])
})

test('only who may see all copies is told by what is written down of them', async () => {
  const settle = async (principal: Principal, filter: AlertFilter): Promise<AlertFilter> =>
    await settleOnce(database.db, principal, 'alert', { ...filter, isOncePerItem: true })
  await database.db.updateTable('sketches').set({ status: 'ready' }).execute()
  const organisationId = organisationIds[1]!
  expect(await settle(ana, {})).toEqual({ lastCopyOf: 'all' })
  expect(await settle(ana, { organisationId })).toEqual({ organisationId, lastCopyOf: 'organisation' })
  expect(await settle(ana, { deviceId: 1 })).toEqual({ deviceId: 1, isOncePerItem: true })
  expect(await settle(bob, {})).toEqual({ isOncePerItem: true })
  const hidden = sketchIds.slice(3)
  await database.db
    .deleteFrom('alerts')
    .where('sketch_id', 'in', hidden)
    .where('organisation_id', '=', organisationId)
    .execute()
  expect(await settle(bob, { organisationId })).toEqual({ organisationId, lastCopyOf: 'organisation' })
  expect(await settle(bob, {})).toEqual({ isOncePerItem: true })
})
