import type { Kysely, Selectable } from 'kysely'
import type { DeviceRow } from '../../db/alert-schema.ts'
import type { DeviceNameRow } from '../../db/connector-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { storeDevices } from '../devices/store-devices.ts'
import { prepareRows } from '../many-rows.ts'
import { type EntryCounts, type EntryPlace, type PlatformEntry, toMicros } from './platform-entry.ts'

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
 * again by the id that it has there. Both are the word of the sketch whose items brought them first: what comes into another one
 * is a sighting there, and changes neither, since whoever may write there need not be allowed to here.
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
    const rows = await loadRows(db, organisationId, some)
    const known = new Map(
      rows.map((row) => [row.name_key, JSON.parse(row.details_json) as Readonly<Record<string, unknown>>]),
    )
    const foreign = await loadForeign(db, { organisationId, sketchId }, some, rows)
    const isOfOthers = ({ kind, id }: PlatformEntry, name: string): boolean =>
      foreign.has(`${kind.platform} ${id}`) || foreign.has(`${kind.platform} named ${name.toLowerCase()}`)
    const drafts = some.map(({ entry, name }) => {
      const { kind, record, entries: own } = entry
      const before = known.get(name.toLowerCase())
      const isForeign = isOfOthers(entry, name)
      const details = isForeign ? { ...before } : { ...before, [kind.platform]: record }
      known.set(name.toLowerCase(), details)
      if (before === undefined) counts.created++
      else if (isForeign) counts.unchanged++
      else if (JSON.stringify(before[kind.platform]) === JSON.stringify(record)) counts.unchanged++
      else counts.updated++
      const firstUs = toMicros(own.device?.firstSeen)
      const lastUs = toMicros(own.device?.lastSeen) ?? firstUs
      const span = firstUs === undefined || lastUs === undefined ? {} : { firstUs, lastUs }
      return { name, sketchId, details, ...span }
    })
    const ids = await storeDevices(db, organisationId, drafts, nowMs)
    const own = some.filter(({ entry, name }) => !isOfOthers(entry, name))
    if (own.length === 0) continue
    const names = own.map(({ entry, name }) => ({
      platform: entry.kind.platform,
      external_id: entry.id,
      organisation_id: organisationId,
      device_id: ids.get(name.toLowerCase())!,
      sketch_id: sketchId,
    }))
    await upsertNames(db, names)
  }
  return counts
}

/**
 * What other sketches have said already, of those to be noted: `platform id`, and `platform named name`.
 *
 * @param known - Devices that are there by these names.
 */
async function loadForeign(
  db: Kysely<Schema>,
  { organisationId, sketchId }: Pick<EntryPlace, 'organisationId' | 'sketchId'>,
  some: readonly { readonly entry: PlatformEntry; readonly name: string }[],
  known: readonly Pick<KnownDevice, 'id' | 'name_key'>[],
): Promise<ReadonlySet<string>> {
  const foreign = db
    .selectFrom('device_names')
    .where('device_names.organisation_id', '=', organisationId)
    .where('device_names.sketch_id', '!=', sketchId)
  // Two questions, as one condition for both would be answered by no index.
  const ofIds = await foreign
    .select(['platform', 'external_id'])
    .where('platform', 'in', [...new Set(some.map(({ entry }) => entry.kind.platform))])
    .where(
      'external_id',
      'in',
      some.map(({ entry }) => entry.id),
    )
    .execute()
  const names = new Map(known.map(({ id, name_key }) => [id, name_key]))
  const ofNames =
    names.size === 0
      ? []
      : await foreign
          .select(['platform', 'device_id'])
          .where('device_id', 'in', [...names.keys()])
          .execute()
  return new Set([
    ...ofIds.map(({ platform, external_id }) => `${platform} ${external_id}`),
    ...ofNames.map(({ platform, device_id }) => `${platform} named ${names.get(device_id)}`),
  ])
}

type KnownDevice = Pick<Selectable<DeviceRow>, 'id' | 'name_key' | 'details_json'>

async function loadRows(
  db: Kysely<Schema>,
  organisationId: number,
  some: readonly { readonly name: string }[],
): Promise<readonly KnownDevice[]> {
  return await db
    .selectFrom('devices')
    .select(['id', 'name_key', 'details_json'])
    .where('organisation_id', '=', organisationId)
    .where(
      'name_key',
      'in',
      some.map(({ name }) => name.toLowerCase()),
    )
    .execute()
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
