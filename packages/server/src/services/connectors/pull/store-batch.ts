import type { Kysely, Transaction } from 'kysely'
import type { ConnectorItemRow } from '../../../db/connector-schema.ts'
import type { Schema } from '../../../db/schema.ts'
import type { ThreadJob } from '../../../db/write-thread/thread-job.ts'
import { prepareRows } from '../../many-rows.ts'
import { addCounts } from '../connector-rows.ts'
import type { PullCounts } from '../connector-service.ts'
import { storeBatchEntries } from './batch-entries.ts'
import { readBatch } from './batch-text.ts'
import { type EventIds, nameItem } from './event-ids.ts'
import type { PullBatch, StreamCursor } from './pull-batch.ts'
import { type AsideItem, dropAside, noteAside } from './put-aside.ts'
import { settleUpdate } from './settle-update.ts'
import type { PullTimeline } from './store-events.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 500

/** What of a batch the database is told when its events are written. */
export interface BatchToStore {
  readonly connectorUid: string
  readonly sketchId: number
  /** Undefined for a batch without items. */
  readonly timeline: PullTimeline | undefined
  /** As `writeBatch` writes it. */
  readonly batchText: string
  readonly eventIds: EventIds
  /** Items that no event could be made of. */
  readonly lost: readonly AsideItem[]
  readonly counts: PullCounts
  readonly nowMs: number
}

/** Makes of a batch all that it is beside its events, says how far the pull is, and forgets that it was to be stored. */
export const STORE_BATCH: ThreadJob<BatchToStore> = { module: import.meta.url, work: storeBatch }

export async function storeBatch(
  db: Transaction<Schema>,
  { connectorUid: uid, sketchId, timeline, batchText, eventIds, lost, counts, nowMs }: BatchToStore,
): Promise<void> {
  const batch = readBatch(batchText)
  await noteItems(db, uid, batch, eventIds)
  await noteAside(db, uid, [...batch.aside, ...lost], nowMs)
  if (timeline) {
    await storeBatchEntries(db, { sketchId, nowMs, timeline }, batch, eventIds)
    await markReady(db, timeline.timelineId, nowMs)
  }
  await settleUpdate(db, batch)
  await advance(db, uid, batch, counts)
  await db.deleteFrom('connector_batches').where('connector_uid', '=', uid).execute()
}

async function noteItems(db: Kysely<Schema>, uid: string, batch: PullBatch, ids: EventIds): Promise<void> {
  for (const { kind, fresh, changed } of batch.groups) {
    // One without an event is tried again when it comes again.
    const stored = [...fresh.filter(({ id }) => ids.has(nameItem(kind, id))), ...changed]
    await dropAside(
      db,
      uid,
      kind,
      stored.map(({ id }) => id),
    )
    await upsertItems(
      db,
      stored.map(({ id, hash, eventId }) => ({
        connector_uid: uid,
        kind,
        item_id: id,
        hash,
        event_id: eventId ?? ids.get(nameItem(kind, id)) ?? null,
      })),
    )
  }
}

const upsertItems = prepareRows(ROWS_AT_ONCE, (db, rows: readonly ConnectorItemRow[]) =>
  db
    .insertInto('connector_items')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['connector_uid', 'kind', 'item_id'])
        .doUpdateSet(({ ref }) => ({ hash: ref('excluded.hash'), event_id: ref('excluded.event_id') })),
    ),
)

async function markReady(db: Kysely<Schema>, timelineId: number, nowMs: number): Promise<void> {
  const ready = { status: 'ready', status_changed_at_ms: nowMs, updated_at_ms: nowMs }
  const timeline = await db
    .updateTable('timelines')
    .set(ready)
    .where('id', '=', timelineId)
    .where('status', 'in', ['new', 'processing', 'fail'])
    .returning('search_index_id')
    .executeTakeFirst()
  if (!timeline) return
  await db
    .updateTable('search_indexes')
    .set(ready)
    .where('id', '=', timeline.search_index_id)
    .where('status', 'in', ['new', 'processing'])
    .execute()
}

async function advance(
  db: Kysely<Schema>,
  uid: string,
  { cursors }: PullBatch,
  counts: PullCounts,
): Promise<void> {
  const row = await db
    .selectFrom('connectors')
    .select(['cursors_json', 'counts_json'])
    .where('uid', '=', uid)
    .executeTakeFirstOrThrow()
  const before = JSON.parse(row.cursors_json) as Record<string, StreamCursor>
  await db
    .updateTable('connectors')
    .set({
      cursors_json: JSON.stringify({ ...before, ...cursors }),
      counts_json: JSON.stringify(addCounts(JSON.parse(row.counts_json) as PullCounts, counts)),
    })
    .where('uid', '=', uid)
    .execute()
}
