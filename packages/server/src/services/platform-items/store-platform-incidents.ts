import { createHash } from 'node:crypto'
import type { PlatformIncident } from '@timeskein/ingest/platforms'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { IncidentRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { noteFindingChanges } from '../findings/finding-notes.ts'
import { toStoredUs } from '../findings/finding-rows.ts'
import {
  type EntryCounts,
  type EntryPlace,
  isOlder,
  makeEntryKey,
  type PlatformEntry,
  toMicros,
} from './platform-entry.ts'
import { NEW_STATE, syncFindingStates } from './sync-finding-state.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 100

/** Makes incidents of those of platforms, or brings them up to date. */
export async function storePlatformIncidents(
  db: Kysely<Schema>,
  entries: readonly PlatformEntry[],
  place: EntryPlace,
): Promise<EntryCounts> {
  const counts: EntryCounts = { created: 0, updated: 0, unchanged: 0 }
  const byKey = new Map<string, { readonly entry: PlatformEntry; readonly incident: PlatformIncident }>()
  for (const entry of entries) {
    const { incident } = entry.entries
    if (!incident) continue
    const key = makeEntryKey(entry, place.sketchId)
    const other = byKey.get(key)
    if (!other || !isOlder(incident, other.incident, place.nowMs)) byKey.set(key, { entry, incident })
  }
  for (const some of chunk([...byKey], ROWS_AT_ONCE)) {
    const keys = some.map(([key]) => key)
    const rows = await db.selectFrom('incidents').selectAll().where('source_key', 'in', keys).execute()
    const known = new Map(rows.map((row) => [row.source_key, row]))
    for (const [key, { entry, incident }] of some) {
      const row = known.get(key)
      if (row) counts[(await update(db, row, entry, incident, place.nowMs)) ? 'updated' : 'unchanged']++
      else {
        await insert(db, toRow(key, entry, incident, place), incident, place.nowMs)
        counts.created++
      }
    }
  }
  return counts
}

async function insert(
  db: Kysely<Schema>,
  row: Insertable<IncidentRow>,
  { title, severity, state }: PlatformIncident,
  nowMs: number,
): Promise<void> {
  const made = await db.insertInto('incidents').values(row).returningAll().executeTakeFirstOrThrow()
  await noteFindingChanges(
    db,
    undefined,
    [{ kind: 'incident', findingId: made.id, action: 'created' }],
    nowMs,
  )
  const before = { title, severity, state: NEW_STATE }
  await syncFindingStates(db, 'incident', [{ row: made, before, after: { title, severity, state } }], nowMs)
}

async function update(
  db: Kysely<Schema>,
  row: Selectable<IncidentRow>,
  { kind, record }: PlatformEntry,
  incident: PlatformIncident,
  nowMs: number,
): Promise<boolean> {
  const details = JSON.stringify(record)
  if (details === row.details_json) return false
  const before = kind.toEntries(JSON.parse(row.details_json) as typeof record).incident ?? incident
  if (isOlder(incident, before, nowMs)) return false
  const lastUs = toMicros(incident.last)
  await db
    .updateTable('incidents')
    .set({
      details_json: details,
      risk: incident.risk ?? incident.severity,
      last_us: Math.max(row.last_us, lastUs === undefined ? 0 : toStoredUs(lastUs)),
      updated_at_ms: nowMs,
    })
    .where('id', '=', row.id)
    .execute()
  await syncFindingStates(db, 'incident', [{ row, before, after: incident }], nowMs)
  return true
}

function toRow(
  key: string,
  { kind, record }: PlatformEntry,
  incident: PlatformIncident,
  { organisationId, sketchId, nowMs }: EntryPlace,
): Insertable<IncidentRow> {
  const createdUs = toMicros(incident.createdAt) ?? BigInt(nowMs) * 1000n
  const firstUs = toMicros(incident.first) ?? createdUs
  const lastUs = toMicros(incident.last) ?? firstUs
  return {
    uid: createHash('sha256').update(`incident ${key}`).digest('hex').slice(0, 32),
    source_key: key,
    source: kind.platform,
    details_json: JSON.stringify(record),
    organisation_id: organisationId,
    sketch_id: sketchId,
    title: incident.title,
    severity: incident.severity,
    risk: incident.risk ?? incident.severity,
    host: null,
    account: incident.account ?? null,
    first_us: toStoredUs(firstUs),
    last_us: toStoredUs(lastUs > firstUs ? lastUs : firstUs),
    status: 'open',
    resolution: null,
    reason: '',
    assignee_id: null,
    merged_into_id: null,
    created_at_ms: Number(createdUs / 1000n),
    updated_at_ms: nowMs,
    closed_at_ms: null,
    closed_by_id: null,
  }
}
