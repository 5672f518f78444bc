import { runCleanups } from '../../services/search-indexes/store-cleanup.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { detachTimeline } from '../../services/timelines/detach-timeline.ts'
import { findTimeline } from '../../services/timelines/load-timelines.ts'
import type { ImportEnd } from './import-log.ts'

/**
 * Takes away an import's own timeline when all of its events went to others and nothing was ever in it; the import is of the first of
 * those from then on.
 *
 * @param end - How the import ended, in the log already.
 */
export async function dropUnusedTimeline(
  context: ServiceContext,
  { importId, timelineId, filledTimelines, files }: ImportEnd,
): Promise<void> {
  const other = files.find(({ timeline }) => timeline && timeline.id !== timelineId)?.timeline
  const isUsed = files.some(({ timeline }) => (timeline?.id ?? timelineId) === timelineId)
  if (!other || isUsed || filledTimelines.has(timelineId)) return
  const { db } = context
  const sources = await db
    .selectFrom('data_sources')
    .select('import_id')
    .where('timeline_id', '=', timelineId)
    .execute()
  const timeline = await findTimeline(db, timelineId)
  const next = await findTimeline(db, other.id)
  if (!next || timeline?.sketchId === undefined || sources.some((source) => source.import_id !== importId))
    return
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('imports')
      .set({ timeline_id: next.id, index_name: next.searchIndex.indexName })
      .where('id', '=', importId)
      .execute()
    await transaction.deleteFrom('data_sources').where('timeline_id', '=', timelineId).execute()
  })
  await detachTimeline(context, timeline)
  await runCleanups(context)
}
