import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { SeenDevice } from '../devices/device-service.ts'
import { storeDevices } from '../devices/store-devices.ts'
import { updateIncidents } from '../incidents/update-incidents.ts'
import { findDefaultOrganisation } from '../organisations/organisation-service.ts'
import type { AlertDraft, StoredAlerts } from './alert-service.ts'
import { type SpanMode, storeAlerts } from './store-alerts.ts'
import { isSuppressed, listActiveSuppressions } from './suppressions.ts'

/** Stores alerts with their devices, and the incidents that follow from them. To be called in a transaction. */
export async function storeFindings(
  db: Kysely<Schema>,
  drafts: readonly AlertDraft[],
  { mode, nowMs }: { readonly mode: SpanMode; readonly nowMs: number },
): Promise<StoredAlerts> {
  const suppressions = await listActiveSuppressions(db, nowMs)
  const wanted = drafts.filter((draft) => !suppressions.some((one) => isSuppressed(draft, one)))
  const organisationId = await findDefaultOrganisation(db)
  const deviceIds = await storeDevices(db, organisationId, wanted.flatMap(toSeenDevice), nowMs)
  const { created, grown, unchanged } = await storeAlerts(db, wanted, {
    mode,
    organisationId,
    deviceIds,
    nowMs,
  })
  const incidents = await updateIncidents(db, { created, grown }, nowMs)
  return {
    created: created.length,
    updated: grown.length,
    unchanged,
    suppressed: drafts.length - wanted.length,
    incidents,
  }
}

function toSeenDevice({ host, sketchId, source, spans }: AlertDraft): readonly SeenDevice[] {
  if (host === undefined) return []
  let [bounds] = spans.values()
  for (const { firstUs, lastUs } of spans.values()) {
    if (bounds && firstUs < bounds.firstUs) bounds = { ...bounds, firstUs }
    if (bounds && lastUs > bounds.lastUs) bounds = { ...bounds, lastUs }
  }
  return [
    {
      name: host,
      // A host that an alert of a sketch tells of is known to who may read the sketch, not to everybody.
      source: sketchId === undefined ? source : 'events',
      ...(bounds && { firstUs: bounds.firstUs, lastUs: bounds.lastUs }),
      ...(sketchId === undefined ? {} : { sketchId }),
    },
  ]
}
