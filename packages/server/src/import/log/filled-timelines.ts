import type { ServiceContext } from '../../services/service-context.ts'

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
  const known = new Set((await store.listIndexes()).map(({ index }) => index))
  const filled = new Set<number>()
  for (const { index_name } of rows) {
    if (!known.has(index_name)) continue
    for (const { timelineId, eventCount } of await store.describeTimelines(index_name))
      if (eventCount > 0 && wanted.has(timelineId)) filled.add(timelineId)
  }
  return filled
}

/** The timelines that an import may write to, as the log has them: its own, and those that were chosen before anything was committed. */
export async function listImportTimelines(
  { db }: Pick<ServiceContext, 'db'>,
  importId: string,
  timelineId: number,
): Promise<readonly number[]> {
  const sources = await db
    .selectFrom('data_sources')
    .select('timeline_id')
    .where('import_id', '=', importId)
    .execute()
  return [timelineId, ...sources.map((source) => source.timeline_id)]
}
