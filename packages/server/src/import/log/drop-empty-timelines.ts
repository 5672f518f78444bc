import { noteChange } from '../../services/changes/note-change.ts'
import { runCleanups } from '../../services/search-indexes/store-cleanup.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { nameTimelinesTurn } from '../../services/timelines/choose-import-timeline.ts'
import { detachTimeline } from '../../services/timelines/detach-timeline.ts'
import { findTimeline } from '../../services/timelines/load-timelines.ts'
import type { ImportEnd } from './import-log.ts'

/**
 * Takes away the timelines that were made for an import of which nothing could be taken, but those that another import uses meanwhile.
 * With its timelines goes what the log has of it: to be called when that has been read.
 */
export async function dropEmptyTimelines(
  context: ServiceContext,
  { importId, files, filledTimelines }: ImportEnd,
  madeTimelineIds: Iterable<number>,
): Promise<void> {
  if (files.length > 0) return
  for (const timelineId of madeTimelineIds) {
    const timeline = await findTimeline(context.db, timelineId)
    if (filledTimelines.has(timelineId) || timeline?.sketchId === undefined) continue
    const isDropped = await context.turns.take(nameTimelinesTurn(timeline.sketchId), async () => {
      if (await isOfOthers(context, timelineId, importId)) return false
      await detachTimeline(context, timeline)
      return true
    })
    if (!isDropped) continue
    await context.audit.record('system', {
      action: 'timeline.delete',
      subject: `timeline/${timelineId}`,
      sketchId: timeline.sketchId,
      details: { name: timeline.name, importId },
    })
    await noteChange(context, timeline.sketchId, 'timelines', { timelineId })
  }
  await runCleanups(context)
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
