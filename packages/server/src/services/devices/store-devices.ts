import { randomUUID } from 'node:crypto'
import type { Insertable, Kysely } from 'kysely'
import type { DeviceRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { toStoredUs } from '../findings/finding-rows.ts'
import { prepareRows, type RowStatement } from '../many-rows.ts'
import type { SeenDevice } from './device-service.ts'
import { toNameKey } from './name-key.ts'
import { chooseSharedNames } from './shared-names.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 200

/** A device that was seen, and the key that it has or is to get. */
type KeyedDevice = SeenDevice & { readonly nameKey: string }

/**
 * Notes devices that were seen; those that are known get what is new. One that is told by its name alone is the device of that name in any
 * case; where several have it, the one that `chooseSharedNames` says.
 *
 * @returns Row ids by `nameKey`, and by the name as `toNameKey` makes it of those that are told by it alone.
 */
export async function storeDevices(
  db: Kysely<Schema>,
  organisationId: number,
  seen: readonly SeenDevice[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const shared = await findSharedNames(db, organisationId, seen)
  const keyed = seen.map((one): KeyedDevice => ({ ...one, nameKey: one.nameKey ?? findKey(one, shared) }))
  const ids = new Map<string, number>()
  const telling: Insertable<DeviceRow>[] = []
  const silent: Insertable<DeviceRow>[] = []
  for (const [key, own] of Map.groupBy(keyed, ({ nameKey }) => nameKey)) {
    const { row, tells } = toRow(organisationId, key, own, nowMs)
    if (tells) telling.push(row)
    else silent.push(row)
  }
  for (const { id, key } of await UPSERTS.telling(db, telling)) ids.set(key, id)
  for (const { id, key } of await touchKnown(db, organisationId, silent, nowMs)) ids.set(key, id)
  const unknown = silent.filter(({ name_key: key }) => !ids.has(key))
  for (const { id, key } of await UPSERTS.silent(db, unknown)) ids.set(key, id)
  await noteSightings(db, ids, keyed)
  await bringBack(db, ids, keyed)
  return shared.size === 0
    ? ids
    : new Map([...ids, ...[...shared].map(([name, key]) => [name, ids.get(key)!] as const)])
}

function findKey({ name }: SeenDevice, shared: ReadonlyMap<string, string>): string {
  const key = toNameKey(name)
  return shared.get(key) ?? key
}

/** The keys of those that are told by a name alone which is not their key, or not theirs alone. */
async function findSharedNames(
  db: Kysely<Schema>,
  organisationId: number,
  seen: readonly SeenDevice[],
): Promise<ReadonlyMap<string, string>> {
  const named = seen.filter(({ nameKey }) => nameKey === undefined)
  const names = [...new Set(named.map(({ name }) => toNameKey(name)))]
  const sketchIds = [...new Set(named.flatMap(({ sketchId }) => sketchId ?? []))]
  return await chooseSharedNames(db, organisationId, names, sketchIds)
}

function toRow(
  organisationId: number,
  key: string,
  own: readonly SeenDevice[],
  nowMs: number,
): { readonly row: Insertable<DeviceRow>; readonly tells: boolean } {
  const telling = own.findLast(({ details }) => details !== undefined)
  const { source = 'events', details } = telling ?? own[0]!
  const json = details === undefined ? undefined : JSON.stringify(details)
  const row = {
    uid: randomUUID().replaceAll('-', ''),
    organisation_id: organisationId,
    name: own[0]!.name,
    name_key: key,
    source,
    details_json: json ?? '{}',
    is_online: json !== undefined && tellsOnline(json) ? 1 : 0,
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
  }
  return { row, tells: json !== undefined }
}

/** Two platforms say with a flag that a device is connected, one with a word. */
function tellsOnline(detailsJson: string): boolean {
  return /"online":true|"status":"online"/.test(detailsJson)
}

/** What is known of devices stays where what was seen tells nothing of them. */
const UPSERTS = { telling: prepareUpsert(true), silent: prepareUpsert(false) }

function prepareUpsert(
  tells: boolean,
): RowStatement<Insertable<DeviceRow>, { readonly id: number; readonly key: string }> {
  return prepareRows(ROWS_AT_ONCE, (db, rows) =>
    db
      .insertInto('devices')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['organisation_id', 'name_key']).doUpdateSet(({ ref }) => ({
          updated_at_ms: ref('excluded.updated_at_ms'),
          ...(tells
            ? {
                details_json: ref('excluded.details_json'),
                source: ref('excluded.source'),
                is_online: ref('excluded.is_online'),
              }
            : {}),
        })),
      )
      .returning(['id', 'name_key as key']),
  )
}

/** Says of devices that are known that they were seen again: an upsert would make the keys of each for all indexes first. */
async function touchKnown(
  db: Kysely<Schema>,
  organisationId: number,
  rows: readonly Insertable<DeviceRow>[],
  nowMs: number,
): Promise<readonly { readonly id: number; readonly key: string }[]> {
  const touched: { readonly id: number; readonly key: string }[] = []
  for (const some of chunk(rows)) {
    const found = await db
      .updateTable('devices')
      .set({ updated_at_ms: nowMs })
      .where('organisation_id', '=', organisationId)
      .where(
        'name_key',
        'in',
        some.map(({ name_key: key }) => key),
      )
      .returning(['id', 'name_key as key'])
      .execute()
    touched.push(...found)
  }
  return touched
}

/** Where devices were seen, and when first and last. */
async function noteSightings(
  db: Kysely<Schema>,
  ids: ReadonlyMap<string, number>,
  seen: readonly KeyedDevice[],
): Promise<void> {
  const sightings = new Map<string, Schema['device_sketches']>()
  for (const { nameKey, sketchId, firstUs, lastUs } of seen) {
    if (sketchId === undefined || firstUs === undefined || lastUs === undefined) continue
    const deviceId = ids.get(nameKey)!
    const [first, last] = [toStoredUs(firstUs), toStoredUs(lastUs)]
    const key = `${deviceId} ${sketchId}`
    const before = sightings.get(key)
    sightings.set(key, {
      device_id: deviceId,
      sketch_id: sketchId,
      first_us: before ? Math.min(before.first_us, first) : first,
      last_us: before ? Math.max(before.last_us, last) : last,
    })
  }
  await upsertSightings(db, [...sightings.values()])
}

const upsertSightings = prepareRows(ROWS_AT_ONCE, (db, rows: readonly Schema['device_sketches'][]) =>
  db
    .insertInto('device_sketches')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['device_id', 'sketch_id']).doUpdateSet(({ fn, ref }) => ({
        first_us: fn<number>('min', [ref('device_sketches.first_us'), ref('excluded.first_us')]),
        last_us: fn<number>('max', [ref('device_sketches.last_us'), ref('excluded.last_us')]),
      })),
    ),
)

/** Devices that were taken out are in again when they were seen after that. */
async function bringBack(
  db: Kysely<Schema>,
  ids: ReadonlyMap<string, number>,
  seen: readonly KeyedDevice[],
): Promise<void> {
  const removed = new Map<number, number>()
  for (const some of chunk([...ids.values()])) {
    const rows = await db
      .selectFrom('devices')
      .select(['id', 'removed_at_ms'])
      .where('id', 'in', some)
      .where('removed_at_ms', 'is not', null)
      .execute()
    for (const { id, removed_at_ms } of rows) removed.set(id, removed_at_ms!)
  }
  for (const { nameKey, lastUs } of removed.size === 0 ? [] : seen) {
    const id = ids.get(nameKey)!
    const removedAtMs = removed.get(id)
    if (removedAtMs === undefined || lastUs === undefined || toStoredUs(lastUs) <= removedAtMs * 1000)
      continue
    await db.updateTable('devices').set({ removed_at_ms: null }).where('id', '=', id).execute()
    removed.delete(id)
  }
}
