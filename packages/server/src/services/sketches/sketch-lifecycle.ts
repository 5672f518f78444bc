import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { conflict, forbidden } from '../../errors/domain-error.ts'
import { listIndexUses } from '../search-indexes/index-usage.ts'
import { runCleanups, type StoreCleanup, scheduleCleanups } from '../search-indexes/store-cleanup.ts'
import type { ServiceContext } from '../service-context.ts'
import { listTimelines } from '../timelines/load-timelines.ts'
import { isAttachedTimeline, type Timeline } from '../timelines/timeline-service.ts'
import { PROTECTIVE_LABELS, type Sketch } from './sketch-service.ts'

const NOT_ARCHIVABLE = new Set(['processing', 'fail', 'timeout'])

/** Marks a sketch deleted or (`force`) removes it with everything in it. */
export async function deleteSketch(context: ServiceContext, sketch: Sketch, force: boolean): Promise<void> {
  const label = protectiveLabel(sketch)
  if (label !== undefined) {
    throw forbidden('protected-label', `Sketch with the label [${label}] cannot be deleted.`, { label })
  }
  if (sketch.status === 'archived') {
    throw conflict('already-archived', 'A sketch that is archived cannot be deleted; open it again first.', {
      sketchId: sketch.id,
    })
  }
  const timelines = await listTimelines(context.db, sketch.id)
  if (force) requireIdle(timelines, sketch)
  await context.cancelImports(timelines.map((timeline) => timeline.id))
  if (force) {
    await context.db.transaction().execute((transaction) => destroySketch(transaction, sketch, context.now()))
    await runCleanups(context)
    return
  }
  await setStatus(context.db, 'sketches', { id: sketch.id }, 'deleted', context.now())
}

/** Closes a sketch, its timelines and those of its indexes that no open sketch uses; other users' indexes stay as they are. */
export async function archiveSketch(context: ServiceContext, sketch: Sketch): Promise<void> {
  const label = protectiveLabel(sketch)
  if (label !== undefined) {
    throw forbidden('protected-label', `Sketch ${sketch.id} has label '${label}' and cannot be archived.`, {
      label,
      sketchId: sketch.id,
    })
  }
  const now = context.now()
  await context.db.transaction().execute(async (transaction) => {
    const timelines = await listTimelines(transaction, sketch.id)
    requireArchivable(timelines, sketch)
    await setStatus(transaction, 'sketches', { id: sketch.id }, 'archived', now)
    await setStatus(transaction, 'timelines', { sketch_id: sketch.id }, 'archived', now)
    for (const indexName of listOwnIndexes(timelines)) {
      const uses = await listIndexUses(transaction, indexName)
      if (uses.every((use) => use.timelineStatus === 'archived' || use.timelineStatus === 'deleted')) {
        await setStatus(transaction, 'search_indexes', { index_name: indexName }, 'archived', now)
      }
    }
  })
}

/** Opens an archived sketch with its timelines and indexes. */
export async function unarchiveSketch(context: ServiceContext, sketch: Sketch): Promise<void> {
  const timelines = await listTimelines(context.db, sketch.id)
  const present = new Set((await context.store.listIndexes()).map((info) => info.index))
  const now = context.now()
  await context.db.transaction().execute(async (transaction) => {
    await setStatus(transaction, 'sketches', { id: sketch.id }, 'ready', now)
    for (const timeline of timelines) {
      const status = present.has(timeline.searchIndex.indexName) ? 'ready' : 'fail'
      await setStatus(transaction, 'timelines', { id: timeline.id }, status, now)
    }
    for (const indexName of listOwnIndexes(timelines)) {
      const status = present.has(indexName) ? 'ready' : 'fail'
      await setStatus(transaction, 'search_indexes', { index_name: indexName }, status, now)
    }
  })
}

function requireIdle(timelines: readonly Timeline[], sketch: Sketch): void {
  const busy = timelines.find((timeline) => timeline.status === 'processing')
  if (busy)
    throw conflict('still-processing', `Timeline ${busy.id} of sketch ${sketch.id} is being imported to.`, {
      timelineId: busy.id,
    })
}

function requireArchivable(timelines: readonly Timeline[], sketch: Sketch): void {
  const stuck = timelines.find((timeline) => NOT_ARCHIVABLE.has(timeline.status))
  if (stuck)
    throw conflict(
      'timeline-not-archivable',
      `Cannot archive sketch ${sketch.id}: timeline ${stuck.id} (${stuck.name}) is in the state '${stuck.status}'.`,
      { sketchId: sketch.id, timelineId: stuck.id, timelineName: stuck.name, status: stuck.status },
    )
}

/** The indexes of timelines, but for those that the timelines only use. */
function listOwnIndexes(timelines: readonly Timeline[]): ReadonlySet<string> {
  const own = timelines.filter((timeline) => !isAttachedTimeline(timeline))
  return new Set(own.map((timeline) => timeline.searchIndex.indexName))
}

function protectiveLabel(sketch: Sketch): string | undefined {
  return sketch.labels.find((label) => PROTECTIVE_LABELS.includes(label.toLowerCase()))
}

/** In a transaction, in which the sketch gets no other timelines. */
async function destroySketch(db: Kysely<Schema>, sketch: Sketch, atMs: number): Promise<void> {
  const timelines = await listTimelines(db, sketch.id)
  requireIdle(timelines, sketch)
  const cleanups: StoreCleanup[] = []
  await db.deleteFrom('timelines').where('sketch_id', '=', sketch.id).execute()
  for (const [indexName, own] of Map.groupBy(timelines, (timeline) => timeline.searchIndex.indexName)) {
    const others = await listIndexUses(db, indexName)
    if (others.length > 0) {
      for (const timeline of own) cleanups.push({ indexName, timelineId: timeline.id })
      continue
    }
    cleanups.push({ indexName })
    await setStatus(db, 'search_indexes', { index_name: indexName }, 'deleted', atMs)
  }
  cleanups.push(...(await listFormerTimelines(db, sketch.id, timelines)))
  const timelineIds = timelines.map((timeline) => timeline.id)
  for (const id of timelineIds) {
    await db.deleteFrom('labels').where('kind', '=', 'timeline').where('object_id', '=', id).execute()
  }
  await db.deleteFrom('labels').where('kind', '=', 'sketch').where('object_id', '=', sketch.id).execute()
  await db.deleteFrom('grants').where('kind', '=', 'sketch').where('object_id', '=', sketch.id).execute()
  await db.deleteFrom('sketches').where('id', '=', sketch.id).execute()
  await scheduleCleanups(db, cleanups, atMs)
}

/** Where something was imported from this sketch into timelines that it has no more. */
async function listFormerTimelines(
  db: Kysely<Schema>,
  sketchId: number,
  timelines: readonly Timeline[],
): Promise<StoreCleanup[]> {
  const own = new Set(timelines.map((timeline) => timeline.id))
  const rows = await db
    .selectFrom('imports')
    .select(['index_name', 'timeline_id'])
    .distinct()
    .where('sketch_id', '=', sketchId)
    .execute()
  return rows
    .filter((row) => !own.has(row.timeline_id))
    .map((row) => ({ indexName: row.index_name, timelineId: row.timeline_id }))
}

/** Sets the status of these rows of a table; what is deleted stays so. */
async function setStatus(
  db: Kysely<Schema>,
  table: 'sketches' | 'timelines' | 'search_indexes',
  rows: { id: number } | { sketch_id: number } | { index_name: string },
  status: string,
  atMs: number,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ status, status_changed_at_ms: atMs, updated_at_ms: atMs })
    .where(({ and }) => and({ ...rows }))
    .where('status', '!=', 'deleted')
    .execute()
}
