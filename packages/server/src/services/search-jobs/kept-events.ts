import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { Evidence } from '../alerts/alert-service.ts'
import { isVisibleTo } from '../findings/finding-rows.ts'

/** Events that belong to an alert that somebody sees, or to a case: their ids. */
export async function findKeptEvents(db: Kysely<Schema>, principal: Principal): Promise<readonly string[]> {
  const alerts = await db.selectFrom('alerts').select('evidence_json').where(isVisibleTo(principal)).execute()
  const cases = await db.selectFrom('case_events').select('event_id').execute()
  const ids = new Set(cases.map(({ event_id }) => event_id))
  for (const { evidence_json } of alerts)
    for (const { id } of JSON.parse(evidence_json) as Evidence[]) ids.add(id)
  return [...ids]
}
