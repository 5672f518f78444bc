import { randomBytes } from 'node:crypto'
import type { PlatformKind } from '@timeskein/ingest/platforms'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import { chunk } from '../../chunk.ts'
import type { BatchGroup, BatchItem, PullBatch, StreamCursor } from './pull-batch.ts'
import type { ReadItems } from './read-items.ts'

/** Sorts items by whether they are new, changed, or known as they are. */
export async function makeBatch(
  db: Kysely<Schema>,
  connectorUid: string,
  { groups, aside, count }: ReadItems,
  cursors: Readonly<Record<string, StreamCursor>>,
): Promise<PullBatch> {
  const sorted: BatchGroup[] = []
  for (const { kind, items } of groups)
    sorted.push(sortItems(kind, items, await loadKnown(db, connectorUid, kind.name, [...items.keys()])))
  const fresh = sorted.reduce((sum, group) => sum + group.fresh.length, 0)
  const updated = sorted.reduce((sum, group) => sum + group.changed.length, 0)
  const rejected = aside.length
  return {
    importId: randomBytes(16).toString('hex'),
    groups: sorted,
    aside,
    eventsOnly: [],
    cursors,
    counts: { read: count, new: fresh, updated, unchanged: count - fresh - updated - rejected, rejected },
  }
}

type Known = ReadonlyMap<string, { readonly hash: string; readonly eventId: string | null }>

function sortItems(kind: PlatformKind, items: ReadonlyMap<string, BatchItem>, known: Known): BatchGroup {
  const fresh: BatchItem[] = []
  const changed: BatchItem[] = []
  const moved: BatchItem[] = []
  for (const [id, item] of items) {
    const before = known.get(id)
    if (!before) fresh.push(item)
    else if (before.hash !== item.hash)
      changed.push(before.eventId === null ? item : { ...item, eventId: before.eventId })
    else if (kind.volatile !== undefined)
      moved.push(before.eventId === null ? item : { ...item, eventId: before.eventId })
  }
  return { kind: kind.name, fresh, changed, moved }
}

async function loadKnown(
  db: Kysely<Schema>,
  connectorUid: string,
  kind: string,
  ids: readonly string[],
): Promise<Known> {
  const known = new Map<string, { hash: string; eventId: string | null }>()
  for (const some of chunk(ids)) {
    const rows = await db
      .selectFrom('connector_items')
      .select(['item_id', 'hash', 'event_id'])
      .where('connector_uid', '=', connectorUid)
      .where('kind', '=', kind)
      .where('item_id', 'in', some)
      .execute()
    for (const row of rows) known.set(row.item_id, { hash: row.hash, eventId: row.event_id })
  }
  return known
}
