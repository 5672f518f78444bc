import { getPlatformKind, makePlatformItem, type PlatformRecord } from '@timeskein/ingest/platforms'
import type { Kysely, Selectable } from 'kysely'
import type { ConnectorRow } from '../../../db/connector-schema.ts'
import type { Schema } from '../../../db/schema.ts'
import type { StretchPool } from '../../../import/stretch-pool.ts'
import { chunk } from '../../chunk.ts'
import { findDefaultOrganisation } from '../../organisations/organisation-service.ts'
import type { PlatformEntry } from '../../platform-items/platform-entry.ts'
import { storePlatformEntries } from '../../platform-items/store-platform-entries.ts'
import type { ServiceContext } from '../../service-context.ts'
import { addCounts } from '../connector-rows.ts'
import type { PullCounts } from '../connector-service.ts'
import type { BatchItem, PullBatch, StreamCursor } from './pull-batch.ts'
import { type EventIds, nameItem, type PullTimeline, storeEvents } from './store-events.ts'
import { settleUpdate, updateEvents } from './update-events.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 500

/** Writes down what is about to be stored. */
export async function noteBatch(db: Kysely<Schema>, connectorUid: string, batch: PullBatch): Promise<void> {
  await db
    .insertInto('connector_batches')
    .values({
      connector_uid: connectorUid,
      import_id: batch.importId,
      payload_json: JSON.stringify(batch),
    })
    .execute()
}

/** What a pull that was cut off was about to store; undefined where none was. */
export async function loadBatch(db: Kysely<Schema>, connectorUid: string): Promise<PullBatch | undefined> {
  const row = await db
    .selectFrom('connector_batches')
    .select('payload_json')
    .where('connector_uid', '=', connectorUid)
    .executeTakeFirst()
  return row && (JSON.parse(row.payload_json) as PullBatch)
}

/** Whether anything of a batch goes to the store or into the domain; else its cursors alone are kept. */
export function hasItems({ groups }: PullBatch): boolean {
  return groups.some(({ fresh, changed, moved }) => fresh.length + changed.length + moved.length > 0)
}

/**
 * Stores a batch: events first, in the store; then, in one transaction of the database, what they are in the domain, what is known
 * of the items, and the cursors. A crash between the two is mended by applying the same batch again, which was written down before.
 */
export async function applyBatch(
  context: ServiceContext,
  pool: StretchPool,
  connector: Selectable<ConnectorRow>,
  batch: PullBatch,
  timeline: PullTimeline | undefined,
): Promise<void> {
  const { uid, sketch_id: sketchId, user_id: userId } = connector
  const ids = timeline ? await storeEvents(context, pool, batch, timeline) : new Map<string, string>()
  const by = { sketchId, userId, connector: connector.name }
  if (timeline) await updateEvents(context, batch, timeline, by)
  const nowMs = context.now()
  await context.db.transaction().execute(async (db) => {
    await noteItems(db, uid, batch, ids)
    if (timeline) {
      const organisationId = await findDefaultOrganisation(db)
      const { timelineId, indexName } = timeline
      const entries = toEntries(batch, ids, indexName)
      await storePlatformEntries(db, entries, { sketchId, timelineId, organisationId, nowMs })
      await markReady(db, timelineId, nowMs)
    }
    await settleUpdate(db, batch)
    await advance(db, uid, batch)
    await db.deleteFrom('connector_batches').where('connector_uid', '=', uid).execute()
  })
}

async function noteItems(db: Kysely<Schema>, uid: string, batch: PullBatch, ids: EventIds): Promise<void> {
  for (const { kind, fresh, changed } of batch.groups)
    for (const some of chunk([...fresh, ...changed], ROWS_AT_ONCE))
      await db
        .insertInto('connector_items')
        .values(
          some.map(({ id, hash, eventId }) => ({
            connector_uid: uid,
            kind,
            item_id: id,
            hash,
            event_id: eventId ?? ids.get(nameItem(kind, id)) ?? null,
          })),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['connector_uid', 'kind', 'item_id'])
            .doUpdateSet(({ ref }) => ({ hash: ref('excluded.hash'), event_id: ref('excluded.event_id') })),
        )
        .execute()
}

function toEntries({ groups }: PullBatch, ids: EventIds, index: string): readonly PlatformEntry[] {
  return groups.flatMap(({ kind: name, fresh, changed, moved }) => {
    const kind = getPlatformKind(name)
    return [...fresh, ...changed, ...moved].flatMap(({ id, json, eventId }: BatchItem): PlatformEntry[] => {
      const item = makePlatformItem(kind, JSON.parse(json) as PlatformRecord)
      const event = eventId ?? ids.get(nameItem(name, id))
      return item ? [{ ...item, event: event === undefined ? undefined : { index, id: event } }] : []
    })
  })
}

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

async function advance(db: Kysely<Schema>, uid: string, { cursors, counts }: PullBatch): Promise<void> {
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
