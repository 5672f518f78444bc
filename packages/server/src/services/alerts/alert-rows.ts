import type { Kysely, Selectable } from 'kysely'
import type { AlertRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { loadFindingUsers, toFinding } from '../findings/finding-rows.ts'
import { listedIds } from '../listed-ids.ts'
import type { Alert, Evidence } from './alert-service.ts'

/** Makes alerts of rows, in their order. */
export async function toAlerts(
  db: Kysely<Schema>,
  rows: readonly Selectable<AlertRow>[],
): Promise<readonly Alert[]> {
  const users = await loadFindingUsers(db, rows)
  const incidentUids = await loadUids(
    db,
    'incidents',
    rows.map(({ incident_id }) => incident_id),
  )
  const deviceUids = await loadUids(
    db,
    'devices',
    rows.map(({ device_id }) => device_id),
  )
  return rows.map((row) => {
    const { device_id, incident_id } = row
    return {
      ...toFinding(row, users),
      source: row.source,
      description: row.description,
      ruleUuid: row.rule_uuid ?? undefined,
      timelineId: row.timeline_id ?? undefined,
      deviceId: device_id ?? undefined,
      deviceUid: device_id === null ? undefined : deviceUids.get(device_id),
      incidentId: incident_id ?? undefined,
      incidentUid: incident_id === null ? undefined : incidentUids.get(incident_id),
      count: row.count,
      evidence: readList(row.evidence_json) as readonly Evidence[],
      tags: readList(row.tags_json) as readonly string[],
      group: readMembers(row.group_json) as Readonly<Record<string, string>>,
      details: readMembers(row.details_json),
    }
  })
}

const NO_MEMBERS = Object.freeze({})
const NOTHING = Object.freeze([])

/** Most alerts of platforms have neither evidence nor tags. */
function readList(json: string): readonly unknown[] {
  return json === '[]' ? NOTHING : (JSON.parse(json) as unknown[])
}

function readMembers(json: string): Readonly<Record<string, unknown>> {
  return json === '{}' ? NO_MEMBERS : (JSON.parse(json) as Record<string, unknown>)
}

async function loadUids(
  db: Kysely<Schema>,
  table: 'incidents' | 'devices',
  ids: readonly (number | null)[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  if (wanted.length === 0) return new Map()
  const found = await db
    .selectFrom(table)
    .select(['id', 'uid'])
    .where('id', 'in', listedIds(wanted))
    .execute()
  return new Map(found.map(({ id, uid }) => [id, uid]))
}
