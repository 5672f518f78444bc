import { getPlatformKind, makePlatformItem } from '@timeskein/ingest/platforms'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import { findDefaultOrganisation } from '../../organisations/organisation-service.ts'
import type { PlatformEntry } from '../../platform-items/platform-entry.ts'
import { storePlatformEntries } from '../../platform-items/store-platform-entries.ts'
import { type BatchItem, type PullBatch, recordOf } from './pull-batch.ts'
import type { PullPlace } from './pull-place.ts'
import { type EventIds, nameItem, type PullTimeline } from './store-events.ts'

/** Makes of a batch's items the alerts, incidents and devices that they are, in a transaction of the database. */
export async function storeBatchEntries(
  db: Kysely<Schema>,
  { context, connector }: PullPlace,
  batch: PullBatch,
  { timelineId, indexName }: PullTimeline,
  ids: EventIds,
): Promise<void> {
  await storePlatformEntries(db, toEntries(batch, ids, indexName), {
    sketchId: connector.sketch_id,
    timelineId,
    organisationId: await findDefaultOrganisation(db),
    nowMs: context.now(),
  })
}

function toEntries(
  { groups, eventsOnly }: PullBatch,
  ids: EventIds,
  index: string,
): readonly PlatformEntry[] {
  const left = new Set(eventsOnly)
  return groups.flatMap(({ kind: name, fresh, changed, moved }) => {
    const kind = getPlatformKind(name)
    return [...fresh, ...changed, ...moved].flatMap((read: BatchItem): PlatformEntry[] => {
      const { id, eventId } = read
      if (left.has(nameItem(name, id))) return []
      const item = makePlatformItem(kind, recordOf(read))
      const event = eventId ?? ids.get(nameItem(name, id))
      return item ? [{ ...item, event: event === undefined ? undefined : { index, id: event } }] : []
    })
  })
}
