import type { Kysely } from 'kysely'
import type { ConnectorItemRow } from '../../../db/connector-schema.ts'
import type { Schema } from '../../../db/schema.ts'
import { writeWithoutSync } from '../../../db/sqlite-database.ts'
import { prepareRows } from '../../many-rows.ts'
import type { ServiceContext } from '../../service-context.ts'
import { addCounts } from '../connector-rows.ts'
import type { PullCounts } from '../connector-service.ts'
import { storeBatchEntries } from './batch-entries.ts'
import { readBatch, writeBatch } from './batch-text.ts'
import type { EventsAhead } from './events-ahead.ts'
import type { PullBatch, StreamCursor } from './pull-batch.ts'
import type { PullPlace } from './pull-place.ts'
import { type AsideItem, dropAside, noteAside } from './put-aside.ts'
import { siftBatch } from './sift-batch.ts'
import { type EventIds, enterEvents, NO_EVENTS, nameItem, type PullTimeline } from './store-events.ts'
import { settleUpdate, updateEvents } from './update-events.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 500

/** Writes down what is about to be stored, in place of what was. It is on the disk then, and with it all that was stored before. */
export async function noteBatch(
  { db, syncDatabase }: Pick<ServiceContext, 'db' | 'syncDatabase'>,
  connectorUid: string,
  batch: PullBatch,
): Promise<void> {
  const payload = writeBatch(batch)
  await writeWithoutSync(db, async (transaction) => {
    await transaction
      .insertInto('connector_batches')
      .values({ connector_uid: connectorUid, import_id: batch.importId, payload_json: payload })
      .onConflict((conflict) =>
        conflict.column('connector_uid').doUpdateSet(({ ref }) => ({
          import_id: ref('excluded.import_id'),
          payload_json: ref('excluded.payload_json'),
        })),
      )
      .execute()
  })
  await syncDatabase()
}

/** What a pull that was cut off was about to store; undefined where none was. */
export async function loadBatch(db: Kysely<Schema>, connectorUid: string): Promise<PullBatch | undefined> {
  const row = await db
    .selectFrom('connector_batches')
    .select('payload_json')
    .where('connector_uid', '=', connectorUid)
    .executeTakeFirst()
  return row && readBatch(row.payload_json)
}

/** Whether anything of a batch goes to the store or into the domain; else its cursors alone are kept. */
export function hasItems({ groups }: PullBatch): boolean {
  return groups.some(({ fresh, changed, moved }) => fresh.length + changed.length + moved.length > 0)
}

/** What of a batch is done beside its storing. */
export interface BatchAhead {
  /** Resolves when the batch is written down: its events are committed no earlier. @default it is */
  readonly noted?: Promise<void>
  /** Events of new items that were made already. */
  readonly events?: EventsAhead | undefined
}

/**
 * Stores a batch: its events in the store, and in one transaction of the database what they are in the domain, what is known of the
 * items, and the cursors. The two are carried out side by side, and committed one after the other, the store first: a crash between
 * is mended by applying the same batch again, which was written down before. Where items are to blame for a failure, they are put
 * aside and the rest is stored.
 *
 * @returns What was done.
 */
export async function applyBatch(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline | undefined,
  ahead: BatchAhead = {},
): Promise<PullCounts> {
  try {
    return await store(place, batch, timeline, ahead)
  } catch (error) {
    // Something else may stand in its place below.
    await ahead.noted?.catch(() => undefined)
    const sifted = timeline && (await siftBatch(place, batch, timeline))
    if (!sifted) throw error
    const { context, connector } = place
    context.log.warn({ err: error, connector: connector.name }, 'items of a pull are put aside')
    await noteBatch(context, connector.uid, sifted)
    return await store(place, sifted, timeline, {})
  }
}

async function store(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline | undefined,
  { noted, events: made }: BatchAhead,
): Promise<PullCounts> {
  const { context, connector } = place
  const { uid, sketch_id: sketchId, user_id: userId, name } = connector
  await using events = timeline ? await enterEvents(place, batch, timeline, made) : NO_EVENTS
  await noted
  const committed = events.commit()
  // The transaction below hears of a failure; until then it is no unhandled one.
  committed.catch(() => undefined)
  const { ids, unread } = events
  if (timeline && batch.groups.some(({ changed }) => changed.length > 0)) {
    await committed
    await updateEvents(context, batch, timeline, { sketchId, userId, connector: name })
  }
  const lost = listUnread(batch, ids, unread)
  const counts = {
    ...batch.counts,
    new: batch.counts.new - lost.length,
    rejected: batch.counts.rejected + lost.length,
  }
  const nowMs = context.now()
  // What is lost with the machine is stored again: the batch that was written down is forgotten no earlier.
  await writeWithoutSync(context.db, async (db) => {
    await noteItems(db, uid, batch, ids)
    await noteAside(db, uid, [...batch.aside, ...lost], nowMs)
    if (timeline) {
      await storeBatchEntries(db, place, batch, timeline, ids)
      await markReady(db, timeline.timelineId, nowMs)
    }
    await settleUpdate(db, batch)
    await advance(db, uid, batch, counts)
    await db.deleteFrom('connector_batches').where('connector_uid', '=', uid).execute()
    // Nothing here may tell of events that are not there.
    await committed
  })
  return counts
}

/** New items that no event could be made of; whatever else they are is kept. */
function listUnread(
  { groups }: PullBatch,
  ids: EventIds,
  unread: ReadonlyMap<string, string>,
): readonly AsideItem[] {
  return groups.flatMap(({ kind, fresh }) =>
    fresh
      .filter(({ id }) => !ids.has(nameItem(kind, id)))
      .map(({ id, json }) => ({
        kind,
        id,
        json,
        reason: `No event could be made of it: ${unread.get(nameItem(kind, id)) ?? 'it was not read'}`.slice(
          0,
          500,
        ),
      })),
  )
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
