import { randomBytes } from 'node:crypto'
import type { PlatformKind } from '@timeskein/ingest/platforms'
import { stringifyExactJson } from '@timeskein/sdk'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import { chunk } from '../../chunk.ts'
import type { SourceGroup } from '../sources/platform-source.ts'
import { hashItem, toItemText } from './item-text.ts'
import type { BatchGroup, BatchItem, PullBatch, StreamCursor } from './pull-batch.ts'
import type { AsideItem } from './put-aside.ts'

/** Sorts items by whether they are new, changed, or known as they are. */
export async function makeBatch(
  db: Kysely<Schema>,
  connectorUid: string,
  groups: readonly SourceGroup[],
  cursors: Readonly<Record<string, StreamCursor>>,
): Promise<PullBatch> {
  const counts = { read: 0, new: 0, updated: 0, unchanged: 0, rejected: 0 }
  const sorted: BatchGroup[] = []
  const aside: AsideItem[] = []
  for (const [kind, own] of Map.groupBy(groups, (group) => group.kind)) {
    const items = new Map<string, ReadItem>()
    for (const item of own.flatMap(({ records }) => records)) {
      counts.read++
      const read = readItem(kind, item)
      if ('reason' in read) aside.push(read)
      else {
        // The same item twice: the platform's later word counts.
        if (items.has(read.id)) counts.unchanged++
        items.set(read.id, read)
      }
    }
    const group = sortItems(kind, items, await loadKnown(db, connectorUid, kind.name, [...items.keys()]))
    counts.new += group.fresh.length
    counts.updated += group.changed.length
    counts.unchanged += items.size - group.fresh.length - group.changed.length
    sorted.push(group)
  }
  counts.rejected = aside.length
  const importId = randomBytes(16).toString('hex')
  return { importId, groups: sorted, aside, eventsOnly: [], cursors, counts }
}

interface ReadItem {
  readonly id: string
  readonly json: string
  readonly hash: string
}

/** An item with what it is known by; to be put aside where it has none. */
function readItem(kind: PlatformKind, item: unknown): ReadItem | AsideItem {
  try {
    const text = toItemText(item)
    if (!text) return { kind: kind.name, json: describe(item), reason: 'It is no object.' }
    const id = kind.identify(text.record)
    if (id === undefined)
      return { kind: kind.name, json: text.json, reason: `It has no id that one of ${kind.title} has.` }
    return { id, json: text.json, hash: hashItem(kind, text.record) }
  } catch (error) {
    return {
      kind: kind.name,
      json: describe(item),
      reason: `It could not be read: ${String(error)}`.slice(0, 500),
    }
  }
}

function describe(item: unknown): string {
  try {
    return stringifyExactJson(item)
  } catch (error) {
    // Nested deeper than the stack is: what came is no text any more.
    return JSON.stringify(`an item that cannot be written: ${String(error)}`)
  }
}

type Known = ReadonlyMap<string, { readonly hash: string; readonly eventId: string | null }>

function sortItems(kind: PlatformKind, items: ReadonlyMap<string, ReadItem>, known: Known): BatchGroup {
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
