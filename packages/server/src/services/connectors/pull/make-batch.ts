import { randomBytes } from 'node:crypto'
import type { PlatformKind } from '@timeskein/ingest/platforms'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import { chunk } from '../../chunk.ts'
import type { SourceGroup } from '../sources/platform-source.ts'
import { hashItem, type ItemText, toItemText } from './item-text.ts'
import type { BatchGroup, BatchItem, PullBatch, StreamCursor } from './pull-batch.ts'

/** Sorts items by whether they are new, changed, or known as they are. */
export async function makeBatch(
  db: Kysely<Schema>,
  connectorUid: string,
  groups: readonly SourceGroup[],
  cursors: Readonly<Record<string, StreamCursor>>,
): Promise<PullBatch> {
  const counts = { read: 0, new: 0, updated: 0, unchanged: 0, rejected: 0 }
  const sorted: BatchGroup[] = []
  for (const [kind, own] of Map.groupBy(groups, (group) => group.kind)) {
    const items = new Map<string, ItemText>()
    for (const item of own.flatMap(({ records }) => records)) {
      counts.read++
      const text = toItemText(item)
      const id = text && kind.identify(text.record)
      if (id === undefined) counts.rejected++
      else {
        // The same item twice: the platform's later word counts.
        if (items.has(id)) counts.unchanged++
        items.set(id, text!)
      }
    }
    const group = sortItems(kind, items, await loadKnown(db, connectorUid, kind.name, [...items.keys()]))
    counts.new += group.fresh.length
    counts.updated += group.changed.length
    counts.unchanged += items.size - group.fresh.length - group.changed.length
    sorted.push(group)
  }
  return { importId: randomBytes(16).toString('hex'), groups: sorted, cursors, counts }
}

type Known = ReadonlyMap<string, { readonly hash: string; readonly eventId: string | null }>

function sortItems(kind: PlatformKind, items: ReadonlyMap<string, ItemText>, known: Known): BatchGroup {
  const fresh: BatchItem[] = []
  const changed: BatchItem[] = []
  const moved: BatchItem[] = []
  for (const [id, { json, record }] of items) {
    const hash = hashItem(kind, record)
    const before = known.get(id)
    const item = { id, hash, json }
    if (!before) fresh.push(item)
    else if (before.hash !== hash)
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
