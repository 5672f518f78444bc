import type { PlatformAlert } from '@timeskein/ingest/platforms'
import type { Kysely, Selectable } from 'kysely'
import type { AlertRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import type { AlertDraft } from '../alerts/alert-service.ts'
import { storeAlerts } from '../alerts/store-alerts.ts'
import { chunk } from '../chunk.ts'
import type { SeenDevice } from '../devices/device-service.ts'
import { readNameOfKey, toNameKey } from '../devices/name-key.ts'
import { storeDevices } from '../devices/store-devices.ts'
import { OwnWords } from './own-words.ts'
import {
  type EntryCounts,
  type EntryPlace,
  isOlder,
  makeEntryKey,
  type PlatformEntry,
  toMicros,
} from './platform-entry.ts'
import { findDevicesByIds, type NamedDevice } from './store-platform-devices.ts'
import { NEW_STATE, syncFindingStates, type ToldChange } from './sync-finding-state.ts'

/** Stands in an alert's counts for no timeline in particular: an item that is in several is one all the same. */
const NO_TIMELINE = 0

interface Told {
  readonly entry: PlatformEntry
  readonly alert: PlatformAlert
  /** By the platform's id; undefined where the name of its host says which it is. */
  readonly device: NamedDevice | undefined
  readonly draft: AlertDraft
}

/**
 * Makes alerts of those of platforms, or brings them up to date. They are not grouped to incidents of ours by that: which incident
 * they belong to the platform says, and detection groups what it looks at.
 */
export async function storePlatformAlerts(
  db: Kysely<Schema>,
  entries: readonly PlatformEntry[],
  place: EntryPlace,
): Promise<EntryCounts> {
  const counts: EntryCounts = { created: 0, updated: 0, unchanged: 0 }
  const described = await describeAlerts(db, entries, place)
  const known = await loadAlerts(db, [...described.keys()])
  const told = new Map<string, Told>()
  const changes: ToldChange[] = []
  for (const [key, one] of described) {
    const { entry, alert } = one
    const row = known.get(key)
    if (!row) counts.created++
    else if (row.details_json === JSON.stringify(entry.record)) counts.unchanged++
    else {
      const before = entry.kind.toEntries(JSON.parse(row.details_json) as typeof entry.record).alert ?? alert
      if (isOlder(alert, before, place.nowMs)) {
        counts.unchanged++
        continue
      }
      counts.updated++
      changes.push({ row, before, after: alert })
    }
    told.set(key, one)
  }
  if (told.size === 0) return counts
  const deviceIds = await storeDevices(db, place.organisationId, listHosts(told.values(), place), place.nowMs)
  const drafts = [...told.values()].map(({ draft }) => draft)
  await storeAlerts(db, drafts, {
    mode: 'whole',
    keepsState: true,
    organisationId: place.organisationId,
    deviceIds,
    nowMs: place.nowMs,
  })
  await syncFindingStates(db, 'alert', [...changes, ...(await listNew(db, told, known))], place.nowMs)
  await joinIncidents(db, told, place)
  return counts
}

/** Those that are new and not open on their platform. */
async function listNew(
  db: Kysely<Schema>,
  told: ReadonlyMap<string, Told>,
  known: ReadonlyMap<string, unknown>,
): Promise<readonly ToldChange[]> {
  const keys = [...told].filter(([key, { alert }]) => !known.has(key) && alert.state.status !== 'open')
  const rows = await loadAlerts(
    db,
    keys.map(([key]) => key),
  )
  return keys.flatMap(([key, { alert }]) => {
    const row = rows.get(key)
    return row ? [{ row, before: { ...alert, state: NEW_STATE }, after: alert }] : []
  })
}

/** Puts alerts into the incidents that their platform says, where these are known. */
async function joinIncidents(
  db: Kysely<Schema>,
  told: ReadonlyMap<string, Told>,
  { sketchId }: EntryPlace,
): Promise<void> {
  const byIncident = new Map<string, string[]>()
  for (const [key, { entry, alert }] of told) {
    if (alert.incidentId === undefined) continue
    const name = JSON.stringify([
      entry.kind.platform,
      `${entry.kind.platform}-incident`,
      alert.incidentId,
      sketchId,
    ])
    const keys = byIncident.get(name)
    if (keys) keys.push(key)
    else byIncident.set(name, [key])
  }
  for (const some of chunk([...byIncident])) {
    const rows = await db
      .selectFrom('incidents')
      .select(['id', 'source_key', 'host'])
      .where(
        'source_key',
        'in',
        some.map(([name]) => name),
      )
      .execute()
    for (const { id, source_key, host } of rows) {
      const keys = byIncident.get(source_key)!
      await db.updateTable('alerts').set({ incident_id: id }).where('source_key', 'in', keys).execute()
      const found = keys.map((key) => told.get(key)!.draft.host).find((name) => name !== undefined)
      if (host === null && found !== undefined)
        await db.updateTable('incidents').set({ host: found.toLowerCase() }).where('id', '=', id).execute()
    }
  }
}

async function describeAlerts(
  db: Kysely<Schema>,
  entries: readonly PlatformEntry[],
  place: EntryPlace,
): Promise<ReadonlyMap<string, Told>> {
  const devices = new Map<string, ReadonlyMap<string, NamedDevice>>()
  for (const [platform, own] of Map.groupBy(entries, ({ kind }) => kind.platform)) {
    const ids = own.flatMap(({ entries: { alert } }) => alert?.deviceId ?? [])
    devices.set(platform, await findDevicesByIds(db, place.organisationId, platform, ids))
  }
  const words = new OwnWords(place.sketchId)
  for (const named of devices.values())
    await words.learn(
      db,
      [...named.values()].map(({ sketchId }) => sketchId),
    )
  const told = new Map<string, Told>()
  for (const entry of entries) {
    const { alert } = entry.entries
    if (!alert) continue
    const named = devices.get(entry.kind.platform)?.get(alert.deviceId ?? '')
    const device = named && isMeant(named, alert, words) ? named : undefined
    const key = makeEntryKey(entry, place.sketchId)
    const other = told.get(key)
    if (other && isOlder(alert, other.alert, place.nowMs)) continue
    told.set(key, { entry, alert, device, draft: toDraft(key, entry, alert, device, place) })
  }
  return told
}

/** The word of another sketch on an id stands where the name that the alert has for its host does not tell otherwise. */
function isMeant({ nameKey, sketchId }: NamedDevice, { host }: PlatformAlert, words: OwnWords): boolean {
  return host === undefined || words.has(sketchId) || readNameOfKey(nameKey) === toNameKey(host)
}

function toDraft(
  key: string,
  { kind, record, event }: PlatformEntry,
  alert: PlatformAlert,
  device: NamedDevice | undefined,
  { sketchId, timelineId, nowMs }: EntryPlace,
): AlertDraft {
  const host = alert.host ?? device?.name
  const createdUs = toMicros(alert.createdAt) ?? toMicros(alert.first) ?? BigInt(nowMs) * 1000n
  const firstUs = toMicros(alert.first) ?? createdUs
  const lastUs = toMicros(alert.last) ?? firstUs
  return {
    sourceKey: key,
    source: kind.platform,
    sketchId,
    timelineId,
    title: alert.title,
    severity: alert.severity,
    ...(alert.description === undefined ? {} : { description: alert.description }),
    ...(alert.ruleId === undefined ? {} : { ruleUuid: alert.ruleId.toLowerCase() }),
    ...(host === undefined ? {} : { host }),
    ...(device === undefined ? {} : { deviceId: device.id }),
    ...(alert.account === undefined ? {} : { account: alert.account }),
    ...(alert.tags === undefined ? {} : { tags: alert.tags }),
    spans: new Map([
      [
        NO_TIMELINE,
        {
          count: Math.max(1, Math.floor(alert.count ?? 1)),
          firstUs,
          lastUs: lastUs > firstUs ? lastUs : firstUs,
        },
      ],
    ]),
    evidence: event === undefined ? [] : [event],
    details: record,
    ...(alert.engine === undefined ? {} : { engine: alert.engine }),
    ...(alert.targetId === undefined ? {} : { targetId: alert.targetId }),
    createdAtMs: Number(createdUs / 1000n),
  }
}

function listHosts(told: Iterable<Told>, { sketchId }: EntryPlace): readonly SeenDevice[] {
  const hosts = new Map<string, SeenDevice & { firstUs: bigint; lastUs: bigint }>()
  for (const { device, draft } of told) {
    const name = device?.name ?? draft.host
    if (name === undefined) continue
    const { firstUs, lastUs } = draft.spans.get(NO_TIMELINE)!
    const key = device === undefined ? `named ${toNameKey(name)}` : `known ${device.id}`
    const before = hosts.get(key)
    hosts.set(key, {
      name: before?.name ?? name,
      ...(device === undefined ? {} : { nameKey: device.nameKey }),
      sketchId,
      firstUs: before && before.firstUs < firstUs ? before.firstUs : firstUs,
      lastUs: before && before.lastUs > lastUs ? before.lastUs : lastUs,
    })
  }
  return [...hosts.values()]
}

async function loadAlerts(
  db: Kysely<Schema>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Selectable<AlertRow>>> {
  const found = new Map<string, Selectable<AlertRow>>()
  for (const some of chunk(keys)) {
    const rows = await db.selectFrom('alerts').selectAll().where('source_key', 'in', some).execute()
    for (const row of rows) found.set(row.source_key, row)
  }
  return found
}
