import { createHash } from 'node:crypto'
import type { Insertable, Kysely } from 'kysely'
import type { DeviceRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { toStoredUs } from '../findings/finding-rows.ts'
import type { SeenDevice } from './device-service.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 200

/**
 * Notes devices that were seen; those that are known get what is new. Names are one in any case.
 *
 * @returns Row ids by name in lower case.
 */
export async function storeDevices(
  db: Kysely<Schema>,
  organisationId: number,
  seen: readonly SeenDevice[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>()
  const byName = Map.groupBy(seen, ({ name }) => name.toLowerCase())
  for (const some of chunk([...byName], ROWS_AT_ONCE)) {
    const rows = some.map(([key, own]) => toRow(organisationId, key, own, nowMs))
    // What tells nothing of a device leaves what is known of it.
    for (const tells of [true, false]) {
      const own = rows.filter(({ details_json }) => (details_json === undefined) !== tells)
      for (const { id, key } of await upsert(db, own)) ids.set(key, id)
    }
  }
  await noteSightings(db, ids, seen)
  await bringBack(db, ids, seen)
  return ids
}

type Draft = Omit<Insertable<DeviceRow>, 'details_json'> & { readonly details_json: string | undefined }

function toRow(organisationId: number, key: string, own: readonly SeenDevice[], nowMs: number): Draft {
  const telling = own.findLast(({ details }) => details !== undefined)
  const { source = 'events', details } = telling ?? own[0]!
  return {
    uid: createHash('sha256').update(`device ${organisationId} ${key}`).digest('hex').slice(0, 32),
    organisation_id: organisationId,
    name: own[0]!.name,
    name_key: key,
    source,
    ...tellDetails(details),
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
  }
}

/** Two platforms say with a flag that a device is connected, one with a word. */
function tellDetails(details: SeenDevice['details']): Pick<Draft, 'details_json' | 'is_online'> {
  const json = details === undefined ? undefined : JSON.stringify(details)
  const isOnline = json !== undefined && /"online":true|"status":"online"/.test(json)
  return { details_json: json, is_online: isOnline ? 1 : 0 }
}

async function upsert(
  db: Kysely<Schema>,
  rows: readonly Draft[],
): Promise<readonly { readonly id: number; readonly key: string }[]> {
  if (rows.length === 0) return []
  const tells = rows[0]!.details_json !== undefined
  return await db
    .insertInto('devices')
    .values(rows.map((row) => ({ ...row, details_json: row.details_json ?? '{}' })))
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
    .returning(['id', 'name_key as key'])
    .execute()
}

/** Where devices were seen, and when first and last. */
async function noteSightings(
  db: Kysely<Schema>,
  ids: ReadonlyMap<string, number>,
  seen: readonly SeenDevice[],
): Promise<void> {
  const sightings = new Map<
    string,
    { device_id: number; sketch_id: number; first_us: number; last_us: number }
  >()
  for (const { name, sketchId, firstUs, lastUs } of seen) {
    if (sketchId === undefined || firstUs === undefined || lastUs === undefined) continue
    const deviceId = ids.get(name.toLowerCase())!
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
  for (const some of chunk([...sightings.values()], ROWS_AT_ONCE))
    await db
      .insertInto('device_sketches')
      .values([...some])
      .onConflict((conflict) =>
        conflict.columns(['device_id', 'sketch_id']).doUpdateSet(({ fn, ref }) => ({
          first_us: fn<number>('min', [ref('device_sketches.first_us'), ref('excluded.first_us')]),
          last_us: fn<number>('max', [ref('device_sketches.last_us'), ref('excluded.last_us')]),
        })),
      )
      .execute()
}

/** Devices that were taken out are in again when they were seen after that. */
async function bringBack(
  db: Kysely<Schema>,
  ids: ReadonlyMap<string, number>,
  seen: readonly SeenDevice[],
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
  for (const { name, lastUs } of removed.size === 0 ? [] : seen) {
    const id = ids.get(name.toLowerCase())!
    const removedAtMs = removed.get(id)
    if (removedAtMs === undefined || lastUs === undefined || toStoredUs(lastUs) <= removedAtMs * 1000)
      continue
    await db.updateTable('devices').set({ removed_at_ms: null }).where('id', '=', id).execute()
    removed.delete(id)
  }
}
