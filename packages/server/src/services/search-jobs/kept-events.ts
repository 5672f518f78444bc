import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { Evidence } from '../alerts/alert-service.ts'
import { isVisibleTo } from '../findings/finding-rows.ts'
import { SharedTime } from '../shared-time.ts'

/** Alerts that are looked at in one statement: others get their turn between two. */
const ALERTS_AT_ONCE = 5000

/** Events that belong to an alert that somebody sees, or to a case: their ids. */
export async function findKeptEvents(db: Kysely<Schema>, principal: Principal): Promise<readonly string[]> {
  const cases = await db.selectFrom('case_events').select('event_id').execute()
  const ids = new Set(cases.map(({ event_id }) => event_id))
  const time = new SharedTime()
  for (let after = 0; ; ) {
    const alerts = await db
      .selectFrom('alerts')
      .select(['id', 'evidence_json'])
      .where('id', '>', after)
      .where(isVisibleTo(principal))
      .orderBy('id')
      .limit(ALERTS_AT_ONCE)
      .execute()
    for (const { evidence_json } of alerts)
      for (const { id } of JSON.parse(evidence_json) as Evidence[]) ids.add(id)
    const last = alerts.at(-1)
    if (!last || alerts.length < ALERTS_AT_ONCE) return [...ids]
    after = last.id
    await time.share()
  }
}
