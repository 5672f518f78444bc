import type { PlatformDevice, PlatformRecord } from '@timeskein/ingest/platforms'
import type { Kysely, Selectable } from 'kysely'
import type { DeviceRow } from '../../db/alert-schema.ts'
import type { DeviceNameRow } from '../../db/connector-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { readNameOfKey, toNameKey, toOwnNameKey } from '../devices/name-key.ts'
import { selectNamed } from '../devices/shared-names.ts'
import { OwnWords } from './own-words.ts'
import { type EntryPlace, isToldEarlier, type PlatformEntry } from './platform-entry.ts'

/** An item that is a device of its platform. */
export interface DeviceEntry {
  readonly entry: PlatformEntry
  readonly device: PlatformDevice
}

/** A device that items are, as it is to be. */
export interface ToldDevice {
  /** Undefined for one that is to be made. */
  readonly rowId: number | undefined
  name: string
  nameKey: string
  /** It is known, by another name. */
  isRenamed: boolean
  /** Platform -> its record; undefined for one that is to be made. */
  details: Readonly<Record<string, unknown>> | undefined
  /** The ids that platforms have for it, each as `toIdKey` makes it, by platform: of each one, but for what is of old. */
  readonly ids: Map<string, Set<string>>
  /** A sketch has told of it, too, whose word is not this one's: it alone does not say what it is called. */
  isOfOthers: boolean
}

/** Which device an item is. */
export interface ApartDevice extends DeviceEntry {
  readonly told: ToldDevice
  /** The platform's id of it is the word of another sketch, in whose place that of this one does not count. */
  readonly isForeign: boolean
  /** Its platform has told something later of it, which is known. */
  readonly isOld: boolean
  /** Whose word the id is now: of who told it first, also where another one's counts as that. */
  readonly ownerId: number
}

type KnownRow = Pick<Selectable<DeviceRow>, 'id' | 'name' | 'name_key' | 'details_json'>

/**
 * Says which device each item is. What a platform has an id for is one device, whatever it is called: one whose id is known is the
 * device that had it, and has its new name; one of a new id is the device of its name, as long as no other id of the platform has that,
 * and else a device of its own, whose key goes on after the name.
 *
 * @param entries - Each of an id of its own; a few hundred at most.
 */
export async function tellDevicesApart(
  db: Kysely<Schema>,
  entries: readonly DeviceEntry[],
  { organisationId, sketchId, nowMs }: Pick<EntryPlace, 'organisationId' | 'sketchId' | 'nowMs'>,
): Promise<readonly ApartDevice[]> {
  const names = await loadNames(db, organisationId, entries)
  const words = new OwnWords(sketchId)
  const all = new KnownDevices(words)
  await all.add(db, await loadRows(db, [...new Set([...names.values()].map((name) => name.device_id))]))
  const findOwner = ({ entry }: DeviceEntry): number => {
    const first = names.get(toIdKey(entry))?.sketch_id ?? null
    return first === null || words.areOfNone(first) ? sketchId : first
  }
  const known = new Map<DeviceEntry, ApartDevice>()
  const renamed: ApartDevice[] = []
  for (const one of entries) {
    const name = names.get(toIdKey(one.entry))
    const told = name && all.byRow.get(name.device_id)
    if (!told) continue
    const isForeign = words.areOfOthers(name.sketch_id)
    if (!isForeign && !hasRecordOf(told, one.entry)) continue
    const before = readDevice(told, one.entry)
    const isOld =
      before !== undefined && !words.areOfNone(name.sketch_id) && isToldEarlier(one.device, before, nowMs)
    const apart = { ...one, told, isForeign, isOld, ownerId: findOwner(one) }
    known.set(one, apart)
    if (hasNewName(apart, before)) renamed.push(apart)
  }
  const unknown = entries.filter((one) => !known.has(one))
  const wanted = [...renamed, ...unknown].map(({ device }) => toNameKey(device.name))
  if (wanted.length > 0) await all.add(db, await loadNamed(db, organisationId, [...new Set(wanted)]))
  // First, so that names that are given up are free.
  for (const one of renamed) all.rename(one)
  return entries.map(
    (one) =>
      known.get(one) ?? {
        ...one,
        told: all.place(one),
        isForeign: false,
        isOld: false,
        ownerId: findOwner(one),
      },
  )
}

/** A platform's id of a device among those of all platforms. */
function toIdKey({ kind, id }: PlatformEntry): string {
  return `${kind.platform} ${id}`
}

/** Devices of a database by what they are found by, with those that are to be made. */
class KnownDevices {
  readonly byRow: Map<number, ToldDevice> = new Map()
  readonly #byKey: Map<string, ToldDevice> = new Map()
  /** Those whose key goes on after the name; mostly there are none. */
  readonly #sharers: Set<ToldDevice> = new Set()
  readonly #words: OwnWords

  constructor(words: OwnWords) {
    this.#words = words
  }

  async add(db: Kysely<Schema>, rows: readonly KnownRow[]): Promise<void> {
    const fresh = rows.filter(({ id }) => !this.byRow.has(id))
    for (const { id, name, name_key: nameKey, details_json } of fresh) {
      const details = JSON.parse(details_json) as Readonly<Record<string, unknown>>
      const told = { rowId: id, name, nameKey, isRenamed: false, details, ids: new Map(), isOfOthers: false }
      this.byRow.set(id, told)
      this.#enter(told)
    }
    if (fresh.length === 0) return
    const owners = await db
      .selectFrom('device_names')
      .select(['device_id', 'platform', 'external_id', 'sketch_id'])
      .where(
        'device_id',
        'in',
        fresh.map(({ id }) => id),
      )
      .execute()
    await this.#words.learn(
      db,
      owners.map(({ sketch_id }) => sketch_id),
    )
    for (const { device_id, platform, external_id, sketch_id } of owners) {
      const told = this.byRow.get(device_id)!
      addId(told, platform, `${platform} ${external_id}`)
      told.isOfOthers ||= this.#words.areOfOthers(sketch_id)
    }
  }

  rename({ told, entry, device }: ApartDevice): void {
    const plain = toNameKey(device.name)
    const other = this.#byKey.get(plain)
    this.#byKey.delete(told.nameKey)
    this.#sharers.delete(told)
    told.name = device.name
    told.nameKey = other && other !== told ? toOwnNameKey(device.name, entry.kind.platform, entry.id) : plain
    told.isRenamed = true
    this.#enter(told)
  }

  /** The device of an item whose id is new. */
  place({ entry, device }: DeviceEntry): ToldDevice {
    const { platform } = entry.kind
    const plain = toNameKey(device.name)
    const named = this.#byKey.get(plain) ?? this.#findSharer(plain)
    const told = !named
      ? this.#make(device.name, plain)
      : named.ids.has(platform)
        ? this.#make(device.name, toOwnNameKey(device.name, platform, entry.id))
        : named
    addId(told, platform, toIdKey(entry))
    return told
  }

  /** The only device of a name that none is found by alone any more. */
  #findSharer(name: string): ToldDevice | undefined {
    if (this.#sharers.size === 0) return undefined
    const own = [...this.#sharers].filter(({ nameKey }) => readNameOfKey(nameKey) === name)
    return own.length === 1 ? own[0] : undefined
  }

  #make(name: string, nameKey: string): ToldDevice {
    const before = this.#byKey.get(nameKey)
    if (before) return before
    const told = {
      rowId: undefined,
      name,
      nameKey,
      isRenamed: false,
      details: undefined,
      ids: new Map<string, Set<string>>(),
      isOfOthers: false,
    }
    this.#enter(told)
    return told
  }

  #enter(told: ToldDevice): void {
    this.#byKey.set(told.nameKey, told)
    if (readNameOfKey(told.nameKey) !== told.nameKey) this.#sharers.add(told)
  }
}

function addId({ ids }: ToldDevice, platform: string, idKey: string): void {
  const own = ids.get(platform)
  if (own) own.add(idKey)
  else ids.set(platform, new Set([idKey]))
}

/** Devices of one name were one before: such a one stays that of the id that its record has. */
function hasRecordOf({ ids, details }: ToldDevice, { kind, id }: PlatformEntry): boolean {
  const own = ids.get(kind.platform)
  if (own === undefined || own.size < 2) return true
  const of = kind.identify(readRecord(details, kind.platform))
  return of === id || !own.has(`${kind.platform} ${of}`)
}

/** What two platforms call by two names has the one that was told last: told again, a name is not new. */
function hasNewName(
  { told, device, isForeign, isOld }: ApartDevice,
  before: PlatformDevice | undefined,
): boolean {
  if (isForeign || isOld || told.isOfOthers || told.name === device.name) return false
  return before?.name !== device.name
}

/** The device as its platform told it before. */
function readDevice({ details }: ToldDevice, { kind }: PlatformEntry): PlatformDevice | undefined {
  return kind.toEntries(readRecord(details, kind.platform)).device
}

function readRecord(details: ToldDevice['details'], platform: string): PlatformRecord {
  return (details?.[platform] ?? {}) as PlatformRecord
}

async function loadNames(
  db: Kysely<Schema>,
  organisationId: number,
  entries: readonly DeviceEntry[],
): Promise<ReadonlyMap<string, DeviceNameRow>> {
  const rows = await db
    .selectFrom('device_names')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('platform', 'in', [...new Set(entries.map(({ entry }) => entry.kind.platform))])
    .where(
      'external_id',
      'in',
      entries.map(({ entry }) => entry.id),
    )
    .execute()
  return new Map(rows.map((row) => [`${row.platform} ${row.external_id}`, row]))
}

async function loadRows(db: Kysely<Schema>, ids: readonly number[]): Promise<readonly KnownRow[]> {
  if (ids.length === 0) return []
  return await db
    .selectFrom('devices')
    .select(['id', 'name', 'name_key', 'details_json'])
    .where('id', 'in', ids)
    .execute()
}

async function loadNamed(
  db: Kysely<Schema>,
  organisationId: number,
  nameKeys: readonly string[],
): Promise<readonly KnownRow[]> {
  return await selectNamed(db, organisationId, nameKeys)
    .select(['devices.id', 'devices.name', 'devices.name_key', 'devices.details_json'])
    .execute()
}
