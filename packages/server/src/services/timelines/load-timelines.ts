import type { Kysely, Selectable } from 'kysely'
import type { Schema, TimelineRow } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { loadLabels } from '../object-labels.ts'
import { toSearchIndexes } from '../search-indexes/load-search-indexes.ts'
import type { SearchIndex } from '../search-indexes/search-index-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { loadOwners, USER_TABLES } from '../users/load-users.ts'
import { loadDataSources } from './load-data-sources.ts'
import type { Timeline, TimelineStatus } from './timeline-service.ts'

/** Makes timelines of rows, in their order. */
async function toTimelines(
  db: Kysely<Schema>,
  rows: readonly Selectable<TimelineRow>[],
): Promise<readonly Timeline[]> {
  const ids = rows.map((row) => row.id)
  const owners = await loadOwners(db, rows)
  const labels = await loadLabels(db, 'timeline', ids)
  const dataSources = await loadDataSources(db, ids)
  const searchIndexes = new Map<number, SearchIndex>()
  for (const some of chunk([...new Set(rows.map((row) => row.search_index_id))])) {
    const indexRows = await db.selectFrom('search_indexes').selectAll().where('id', 'in', some).execute()
    for (const searchIndex of await toSearchIndexes(db, indexRows))
      searchIndexes.set(searchIndex.id, searchIndex)
  }
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id ?? undefined,
    name: row.name,
    description: row.description,
    color: row.color,
    owner: row.owner_id === null ? undefined : owners.get(row.owner_id),
    status: row.status as TimelineStatus,
    statusChangedAtMs: row.status_changed_at_ms,
    labels: labels.get(row.id) ?? [],
    // A foreign key holds the record of the index as long as a timeline names it.
    searchIndex: searchIndexes.get(row.search_index_id)!,
    dataSources: dataSources.get(row.id) ?? [],
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** A timeline in any state; undefined when there is none. */
export async function findTimeline(db: Kysely<Schema>, timelineId: number): Promise<Timeline | undefined> {
  if (!Number.isSafeInteger(timelineId)) return undefined
  const row = await db.selectFrom('timelines').selectAll().where('id', '=', timelineId).executeTakeFirst()
  return row && (await toTimelines(db, [row]))[0]
}

const TIMELINE_TABLES = ['timelines', 'search_indexes', 'data_sources', 'labels', ...USER_TABLES] as const

/** As `listTimelines`, from memory where nothing of it has changed: every question needs them. Not for transactions. */
export function rememberTimelines(
  { db, cache }: Pick<ServiceContext, 'db' | 'cache'>,
  sketchId: number,
): Promise<readonly Timeline[]> {
  return cache.get(`timelines ${sketchId}`, TIMELINE_TABLES, () => listTimelines(db, sketchId))
}

/** Timelines of a sketch, in the order they were made. */
export async function listTimelines(db: Kysely<Schema>, sketchId: number): Promise<readonly Timeline[]> {
  const rows = await db
    .selectFrom('timelines')
    .selectAll()
    .where('sketch_id', '=', sketchId)
    .orderBy('id')
    .execute()
  return await toTimelines(db, rows)
}
