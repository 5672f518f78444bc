import { type Kysely, sql } from 'kysely'
import type { DeviceNameRow } from '../../db/connector-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import type { SeenDevice } from '../devices/device-service.ts'
import { END_OF_NAME } from '../devices/name-key.ts'
import { storeDevices } from '../devices/store-devices.ts'
import { listedIds } from '../listed-ids.ts'
import { prepareRows } from '../many-rows.ts'
import {
  type EntryCounts,
  type EntryPlace,
  isToldEarlier,
  type PlatformEntry,
  toMicros,
} from './platform-entry.ts'
import {
  type ApartDevice,
  type DeviceEntry,
  type ToldDevice,
  tellDevicesApart,
} from './tell-devices-apart.ts'

/** Rows in one statement at most. */
const ROWS_AT_ONCE = 200

const upsertNames = prepareRows(ROWS_AT_ONCE, (db, rows: readonly DeviceNameRow[]) =>
  db
    .insertInto('device_names')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['platform', 'external_id', 'organisation_id']).doUpdateSet(({ ref }) => ({
        device_id: ref('excluded.device_id'),
        sketch_id: ref('excluded.sketch_id'),
      })),
    ),
)

/**
 * Notes devices that platforms know. A device has the record of each platform that knows it, by the platform's name, and is found
 * again by the id that it has there. Both are the word of the sketch whose items brought them first, until that is deleted: what comes
 * into another one is a sighting there, and changes neither where `OwnWords` says that it may not.
 */
export async function storePlatformDevices(
  db: Kysely<Schema>,
  entries: readonly PlatformEntry[],
  place: EntryPlace,
): Promise<EntryCounts> {
  const { organisationId, sketchId, nowMs } = place
  const counts: EntryCounts = { created: 0, updated: 0, unchanged: 0 }
  const seen = new Map<string, DeviceEntry>()
  for (const entry of entries) {
    const { device } = entry.entries
    if (!device) continue
    const key = `${entry.kind.platform} ${entry.id}`
    const other = seen.get(key)
    if (!other || !isToldEarlier(device, other.device, nowMs)) seen.set(key, { entry, device })
  }
  for (const some of chunk([...seen.values()], ROWS_AT_ONCE)) {
    const apart = await tellDevicesApart(db, some, place)
    await renameDevices(db, new Set(apart.flatMap(({ told }) => (told.isRenamed ? told : []))))
    const drafts = apart.map((one) => {
      counts[tellRecord(one)]++
      return toSeenDevice(one, sketchId)
    })
    const ids = await storeDevices(db, organisationId, drafts, nowMs)
    const own = apart.filter(({ isForeign }) => !isForeign)
    const names = own.map(({ entry, told, ownerId }) => ({
      platform: entry.kind.platform,
      external_id: entry.id,
      organisation_id: organisationId,
      device_id: ids.get(told.nameKey)!,
      sketch_id: ownerId,
    }))
    await upsertNames(db, names)
  }
  return counts
}

/** Puts what the platform says into what is known of the device. @returns What is new of it by that. */
function tellRecord({ entry, told, isForeign, isOld }: ApartDevice): keyof EntryCounts {
  const { platform } = entry.kind
  const before = told.details
  if (isForeign || isOld) return 'unchanged'
  told.details = { ...before, [platform]: entry.record }
  if (before === undefined) return 'created'
  return JSON.stringify(before[platform]) === JSON.stringify(entry.record) ? 'unchanged' : 'updated'
}

function toSeenDevice({ told, device, isForeign }: ApartDevice, sketchId: number): SeenDevice {
  const { name, nameKey, details } = told
  const firstUs = toMicros(device.firstSeen)
  const lastUs = toMicros(device.lastSeen) ?? firstUs
  return {
    name,
    nameKey,
    sketchId,
    ...(isForeign || details === undefined ? {} : { details }),
    ...(firstUs === undefined || lastUs === undefined ? {} : { firstUs, lastUs }),
  }
}

/** Names may go from one to the other: all are given up before any is taken. */
async function renameDevices(db: Kysely<Schema>, renamed: ReadonlySet<ToldDevice>): Promise<void> {
  if (renamed.size === 0) return
  const names = [...renamed].map(({ rowId, name, nameKey }) => ({ id: rowId, name, nameKey }))
  await db
    .updateTable('devices')
    .set({ name_key: sql<string>`${END_OF_NAME} || id` })
    .where('id', 'in', listedIds(names.flatMap(({ id }) => id ?? [])))
    .execute()
  const told = sql<{
    id: number
    name: string
    key: string
  }>`(select value ->> 'id' as id, value ->> 'name' as name,
    value ->> 'nameKey' as key from json_each(${JSON.stringify(names)}))`
  await db
    .updateTable('devices')
    .from(told.as('told'))
    .set(({ ref }) => ({ name: ref('told.name'), name_key: ref('told.key') }))
    .whereRef('devices.id', '=', 'told.id')
    .execute()
}

/** A device as a platform's id finds it. */
export interface NamedDevice {
  readonly id: number
  readonly name: string
  readonly nameKey: string
  /** Whose word the id is. */
  readonly sketchId: number | null
}

/** Devices by the ids that a platform has for them. */
export async function findDevicesByIds(
  db: Kysely<Schema>,
  organisationId: number,
  platform: string,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, NamedDevice>> {
  const found = new Map<string, NamedDevice>()
  for (const some of chunk([...new Set(externalIds)])) {
    const rows = await db
      .selectFrom('device_names')
      .innerJoin('devices', 'devices.id', 'device_names.device_id')
      .select(['external_id', 'devices.id', 'name', 'name_key as nameKey', 'sketch_id as sketchId'])
      .where('platform', '=', platform)
      .where('device_names.organisation_id', '=', organisationId)
      .where('external_id', 'in', some)
      .execute()
    for (const { external_id, ...device } of rows) found.set(external_id, device)
  }
  return found
}
