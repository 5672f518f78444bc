import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { storeDevices } from '../devices/store-devices.ts'
import { type EntryCounts, type EntryPlace, type PlatformEntry, toMicros } from './platform-entry.ts'

/** Rows in one statement at most. */
const ROWS_AT_ONCE = 200

/**
 * Notes devices that platforms know. A device has the record of each platform that knows it, by the platform's name, and is found
 * again by the id that it has there.
 */
export async function storePlatformDevices(
  db: Kysely<Schema>,
  entries: readonly PlatformEntry[],
  { organisationId, sketchId, nowMs }: EntryPlace,
): Promise<EntryCounts> {
  const counts: EntryCounts = { created: 0, updated: 0, unchanged: 0 }
  const seen = new Map<string, { readonly entry: PlatformEntry; readonly name: string }>()
  for (const entry of entries) {
    const { device } = entry.entries
    if (device) seen.set(`${entry.kind.platform} ${entry.id}`, { entry, name: device.name })
  }
  for (const some of chunk([...seen.values()], ROWS_AT_ONCE)) {
    const known = await loadDetails(db, organisationId, some)
    const drafts = some.map(({ entry, name }) => {
      const { kind, record, entries: own } = entry
      const before = known.get(name.toLowerCase())
      const details = { ...before, [kind.platform]: record }
      known.set(name.toLowerCase(), details)
      if (before === undefined) counts.created++
      else if (JSON.stringify(before[kind.platform]) === JSON.stringify(record)) counts.unchanged++
      else counts.updated++
      const firstUs = toMicros(own.device?.firstSeen)
      const lastUs = toMicros(own.device?.lastSeen) ?? firstUs
      const span = firstUs === undefined || lastUs === undefined ? {} : { firstUs, lastUs }
      return { name, sketchId, details, ...span }
    })
    const ids = await storeDevices(db, organisationId, drafts, nowMs)
    const names = some.map(({ entry, name }) => ({
      platform: entry.kind.platform,
      external_id: entry.id,
      organisation_id: organisationId,
      device_id: ids.get(name.toLowerCase())!,
    }))
    await db
      .insertInto('device_names')
      .values(names)
      .onConflict((conflict) =>
        conflict
          .columns(['platform', 'external_id', 'organisation_id'])
          .doUpdateSet(({ ref }) => ({ device_id: ref('excluded.device_id') })),
      )
      .execute()
  }
  return counts
}

async function loadDetails(
  db: Kysely<Schema>,
  organisationId: number,
  some: readonly { readonly name: string }[],
): Promise<Map<string, Readonly<Record<string, unknown>>>> {
  const rows = await db
    .selectFrom('devices')
    .select(['name_key', 'details_json'])
    .where('organisation_id', '=', organisationId)
    .where(
      'name_key',
      'in',
      some.map(({ name }) => name.toLowerCase()),
    )
    .execute()
  return new Map(
    rows.map((row) => [row.name_key, JSON.parse(row.details_json) as Readonly<Record<string, unknown>>]),
  )
}

/** Names of devices by the ids that a platform has for them. */
export async function findDeviceNames(
  db: Kysely<Schema>,
  organisationId: number,
  platform: string,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const some of chunk([...new Set(externalIds)])) {
    const rows = await db
      .selectFrom('device_names')
      .innerJoin('devices', 'devices.id', 'device_names.device_id')
      .select(['external_id', 'name'])
      .where('platform', '=', platform)
      .where('device_names.organisation_id', '=', organisationId)
      .where('external_id', 'in', some)
      .execute()
    for (const { external_id, name } of rows) names.set(external_id, name)
  }
  return names
}
