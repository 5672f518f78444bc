import { getPlatformKind, makePlatformItem } from '@timeskein/ingest/platforms'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import { findDefaultOrganisation } from '../../organisations/organisation-service.ts'
import type { PlatformEntry } from '../../platform-items/platform-entry.ts'
import { storePlatformEntries } from '../../platform-items/store-platform-entries.ts'
import { type EventIds, nameItem } from './event-ids.ts'
import { type BatchItem, type PullBatch, recordOf } from './pull-batch.ts'
import type { PullTimeline } from './store-events.ts'

/** Where what a batch's items are is put. */
export interface BatchEntryPlace {
  readonly sketchId: number
  readonly timeline: PullTimeline
  readonly nowMs: number
}

/** Makes of a batch's items the alerts, incidents and devices that they are, in a transaction of the database. */
export async function storeBatchEntries(
  db: Kysely<Schema>,
  { sketchId, nowMs, timeline: { timelineId, indexName } }: BatchEntryPlace,
  batch: PullBatch,
  ids: EventIds,
): Promise<void> {
  await storePlatformEntries(db, toEntries(batch, ids, indexName), {
    sketchId,
    timelineId,
    organisationId: await findDefaultOrganisation(db),
    nowMs,
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
