import { describeStoredTimelines } from '../../services/search-indexes/stored-timelines.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import type { ImportEnd } from './import-log.ts'

/** Which of these timelines have events in the store. */
export async function listFilledTimelines(
  { db, store }: Pick<ServiceContext, 'db' | 'store'>,
  timelineIds: Iterable<number>,
): Promise<ReadonlySet<number>> {
  const wanted = new Set(timelineIds)
  const rows = await db
    .selectFrom('timelines')
    .innerJoin('search_indexes', 'search_indexes.id', 'timelines.search_index_id')
    .select(['search_indexes.index_name'])
    .distinct()
    .where('timelines.id', 'in', [...wanted])
    .execute()
  const filled = new Set<number>()
  for (const { index_name } of rows)
    for (const { timelineId, eventCount } of await describeStoredTimelines(store, index_name))
      if (eventCount > 0 && wanted.has(timelineId)) filled.add(timelineId)
  return filled
}

/**
 * Which of the timelines that an import may have written to, its own and those that were chosen for its files, have events, of whichever
 * import; all of them where the store cannot say, as evidence must not go out of sight.
 */
export async function findFilledTimelines(
  { db, store, log }: Pick<ServiceContext, 'db' | 'store' | 'log'>,
  { importId, timelineId }: Pick<ImportEnd, 'importId' | 'timelineId'>,
): Promise<ReadonlySet<number>> {
  const sources = await db
    .selectFrom('data_sources')
    .select('timeline_id')
    .where('import_id', '=', importId)
    .execute()
  const timelineIds = new Set([timelineId, ...sources.map((source) => source.timeline_id)])
  try {
    return await listFilledTimelines({ db, store }, timelineIds)
  } catch (error) {
    log.error({ err: error, importId }, 'the events of timelines could not be counted')
    return timelineIds
  }
}
