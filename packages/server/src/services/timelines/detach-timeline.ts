import { DomainError } from '../../errors/domain-error.ts'
import { listIndexUses } from '../search-indexes/index-usage.ts'
import { scheduleCleanups } from '../search-indexes/store-cleanup.ts'
import type { ServiceContext } from '../service-context.ts'
import { isAttachedTimeline, type Timeline } from './timeline-service.ts'

/**
 * Takes a timeline out of its sketch and notes what the store need not keep: its events, or the whole index when no other
 * timeline lives in it and it is not somebody else's.
 */
export async function detachTimeline(context: ServiceContext, timeline: Timeline): Promise<void> {
  const now = context.now()
  const { searchIndex } = timeline
  if (timeline.sketchId === undefined) {
    throw new DomainError('conflict', 'timeline-detached', `Timeline ${timeline.id} is in no sketch.`)
  }
  await context.db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('timelines')
      .set({ sketch_id: null, status: 'archived', status_changed_at_ms: now, updated_at_ms: now })
      .where('id', '=', timeline.id)
      .execute()
    const others = await listIndexUses(transaction, searchIndex.indexName)
    if (others.length > 0 || isAttachedTimeline(timeline)) {
      await scheduleCleanups(
        transaction,
        [{ indexName: searchIndex.indexName, timelineId: timeline.id }],
        now,
      )
      return
    }
    await transaction
      .updateTable('search_indexes')
      .set({ status: 'archived', status_changed_at_ms: now, updated_at_ms: now })
      .where('index_name', '=', searchIndex.indexName)
      .where('status', '!=', 'deleted')
      .execute()
    await scheduleCleanups(transaction, [{ indexName: searchIndex.indexName }], now)
  })
}
