import { noteChange } from '../../services/changes/note-change.ts'
import { runCleanups } from '../../services/search-indexes/store-cleanup.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { nameTimelinesTurn } from '../../services/timelines/choose-import-timeline.ts'
import { detachTimeline } from '../../services/timelines/detach-timeline.ts'
import { findTimeline } from '../../services/timelines/load-timelines.ts'
import { listFilledTimelines } from './filled-timelines.ts'
import type { ImportEnd } from './import-log.ts'

/**
 * Takes away the timelines that were made for an import of which nothing could be taken, but those that another import uses meanwhile.
 * With its timelines goes what the log has of it: to be called when that has been read.
 */
export async function dropEmptyTimelines(
  context: ServiceContext,
  { importId, files }: Pick<ImportEnd, 'importId' | 'files'>,
  madeTimelineIds: Iterable<number>,
): Promise<void> {
  if (files.length > 0) return
  for (const timelineId of madeTimelineIds) await dropIfEmpty(context, importId, timelineId)
  await runCleanups(context)
}

/**
 * Takes away an import's own timeline when all of its events went to others and nothing was ever in it; the import is of the first of
 * those from then on.
 *
 * @param end - How the import ended, in the log already.
 */
export async function dropUnusedTimeline(
  context: ServiceContext,
  { importId, timelineId, files }: Pick<ImportEnd, 'importId' | 'timelineId' | 'files'>,
): Promise<void> {
  const other = files.find(({ timeline }) => timeline && timeline.id !== timelineId)?.timeline
  const isUsed = files.some(({ timeline }) => (timeline?.id ?? timelineId) === timelineId)
  const next = other && !isUsed ? await findTimeline(context.db, other.id) : undefined
  if (!next) return
  await dropIfEmpty(context, importId, timelineId, async () => {
    await context.db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('imports')
        .set({ timeline_id: next.id, index_name: next.searchIndex.indexName })
        .where('id', '=', importId)
        .execute()
      await transaction.deleteFrom('data_sources').where('timeline_id', '=', timelineId).execute()
    })
  })
  await runCleanups(context)
}

/** @param before - Done first, when it is certain that the timeline goes. */
async function dropIfEmpty(
  context: ServiceContext,
  importId: string,
  timelineId: number,
  before: () => Promise<void> = async () => {},
): Promise<void> {
  const timeline = await findTimeline(context.db, timelineId)
  if (timeline?.sketchId === undefined) return
  const isDropped = await context.turns.take(nameTimelinesTurn(timeline.sketchId), async () => {
    if (await isOfOthers(context, timelineId, importId)) return false
    if ((await listFilledTimelines(context, [timelineId])).has(timelineId)) return false
    await before()
    await detachTimeline(context, timeline)
    return true
  })
  if (!isDropped) return
  await context.audit.record('system', {
    action: 'timeline.delete',
    subject: `timeline/${timelineId}`,
    sketchId: timeline.sketchId,
    details: { name: timeline.name, importId },
  })
  await noteChange(context, timeline.sketchId, 'timelines', { timelineId })
}

async function isOfOthers(
  { db }: Pick<ServiceContext, 'db'>,
  timelineId: number,
  importId: string,
): Promise<boolean> {
  const sources = await db
    .selectFrom('data_sources')
    .select('import_id')
    .where('timeline_id', '=', timelineId)
    .execute()
  return sources.some((source) => source.import_id !== importId)
}
