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

/** Items of one sort by their ids, as texts. */
export interface ReadGroup {
  readonly kind: PlatformKind
  readonly items: ReadonlyMap<string, BatchItem>
}

/** What came, before it is known which of it is new. */
export interface ReadItems {
  readonly groups: readonly ReadGroup[]
  /** Items that have no id, or are none. */
  readonly aside: readonly AsideItem[]
  readonly count: number
}

/** Makes texts of items; of the same item twice the platform's later word counts. */
export function readItems(groups: readonly SourceGroup[]): ReadItems {
  const aside: AsideItem[] = []
  let count = 0
  const read = [...Map.groupBy(groups, (group) => group.kind)].map(([kind, own]): ReadGroup => {
    const items = new Map<string, BatchItem>()
    for (const item of own.flatMap(({ records }) => records)) {
      count++
      const one = readItem(kind, item)
      if ('reason' in one) aside.push(one)
      else items.set(one.id, one)
    }
    return { kind, items }
  })
  return { groups: read, aside, count }
}

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

/** An item with what it is known by; to be put aside where it has none. */
function readItem(kind: PlatformKind, item: unknown): BatchItem | AsideItem {
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
