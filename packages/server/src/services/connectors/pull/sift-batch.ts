import { getPlatformKind, mapPlatformItem } from '@timeskein/ingest/platforms'
import { storeBatchEntries } from './batch-entries.ts'
import { nameItem } from './event-ids.ts'
import { findPoison, type Poison } from './find-poison.ts'
import {
  BATCH_PARTS,
  type BatchGroup,
  type BatchItem,
  type BatchPart,
  type PullBatch,
  recordOf,
} from './pull-batch.ts'
import type { PullPlace } from './pull-place.ts'
import type { AsideItem } from './put-aside.ts'
import { makeEvents, type PullTimeline } from './store-events.ts'

interface Part {
  readonly kind: string
  readonly part: BatchPart
  readonly item: BatchItem
}

/**
 * What can be stored of a batch that could not be: the items to blame are put aside, each with what it fails for alone. One that can
 * be an event, but no alert, incident or device, stays as an event.
 *
 * @returns Undefined where no item is to blame.
 */
export async function siftBatch(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline,
): Promise<PullBatch | undefined> {
  const noEvents = await findEventPoison(place, batch, timeline)
  if (!noEvents) return undefined
  const bad = new Set(noEvents.map(({ item }) => item.item))
  const groups = keepOnly(batch.groups, (item) => !bad.has(item))
  const noEntries = await findPoison(listParts(groups), (some) => tryEntries(place, batch, timeline, some))
  if (!noEntries || noEvents.length + noEntries.length === 0) return undefined
  const count = (part: Part['part']): number => noEvents.filter(({ item }) => item.part === part).length
  const { counts } = batch
  return {
    ...batch,
    groups,
    eventsOnly: [
      ...batch.eventsOnly,
      ...noEntries.map(({ item: { kind, item } }) => nameItem(kind, item.id)),
    ],
    aside: [
      ...batch.aside,
      ...noEvents.map((poison) => toAside('It could not be stored', poison)),
      ...noEntries.map((poison) => toAside('It is an event, and no alert, incident or device', poison)),
    ],
    counts: {
      ...counts,
      new: counts.new - count('fresh'),
      updated: counts.updated - count('changed'),
      rejected: counts.rejected + noEvents.length + noEntries.length,
    },
  }
}

function toAside(what: string, { item: { kind, item }, error }: Poison<Part>): AsideItem {
  const why = error instanceof Error ? error.message : String(error)
  return { kind, id: item.id, json: item.json, reason: `${what}: ${why}`.slice(0, 500) }
}

/** Items whose events cannot be stored, or brought up to date. What is in the store already did no harm there. */
async function findEventPoison(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline,
): Promise<readonly Poison<Part>[] | undefined> {
  const isInStore = await place.context.store.hasImport(timeline.indexName, batch.importId)
  const parts = listParts(batch.groups).filter(({ part }) => part === 'changed' || !isInStore)
  return await findPoison(parts, async (some) => {
    for (const { kind, item } of some) mapPlatformItem(getPlatformKind(kind), recordOf(item))
    if (isInStore) return
    const tried = new Set(some.filter(({ part }) => part === 'fresh').map(({ item }) => item))
    const groups = keepOnly(batch.groups, (item) => tried.has(item))
    // Also without items: a store that takes nothing is no item's fault.
    await using events = await makeEvents(place, { ...batch, groups }, timeline)
    await events.append()
  })
}

/** Thrown to take back what was tried. */
const TRIED = Symbol('tried')

async function tryEntries(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline,
  some: readonly Part[],
): Promise<void> {
  const tried = new Set(some.map(({ item }) => item))
  const groups = keepOnly(batch.groups, (item) => tried.has(item))
  const { uid, sketch_id: sketchId } = place.connector
  const { db: database, now } = place.context
  try {
    await database.transaction().execute(async (db) => {
      // Also without items: a database that takes nothing is no item's fault.
      await db.updateTable('connectors').set({ uid }).where('uid', '=', uid).execute()
      await storeBatchEntries(db, { sketchId, nowMs: now(), timeline }, { ...batch, groups }, new Map())
      throw TRIED
    })
  } catch (error) {
    if (error !== TRIED) throw error
  }
}

function listParts(groups: readonly BatchGroup[]): readonly Part[] {
  return groups.flatMap((group) =>
    BATCH_PARTS.flatMap((part) => group[part].map((item) => ({ kind: group.kind, part, item }))),
  )
}

function keepOnly(
  groups: readonly BatchGroup[],
  isKept: (item: BatchItem) => boolean,
): readonly BatchGroup[] {
  return groups.map(({ kind, fresh, changed, moved }) => ({
    kind,
    fresh: fresh.filter(isKept),
    changed: changed.filter(isKept),
    moved: moved.filter(isKept),
  }))
}
