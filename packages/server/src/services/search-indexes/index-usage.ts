import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'

/** A timeline that lives in an index, with its sketch. */
export interface IndexUse {
  readonly timelineId: number
  readonly timelineStatus: string
  readonly sketchId: number
  readonly sketchName: string
  readonly sketchStatus: string
}

/** Timelines, in sketches, whose events are in an index, whichever record of it they name. */
export async function listIndexUses(db: Kysely<Schema>, indexName: string): Promise<readonly IndexUse[]> {
  return await db
    .selectFrom('timelines')
    .innerJoin('search_indexes', 'search_indexes.id', 'timelines.search_index_id')
    .innerJoin('sketches', 'sketches.id', 'timelines.sketch_id')
    .select([
      'timelines.id as timelineId',
      'timelines.status as timelineStatus',
      'sketches.id as sketchId',
      'sketches.name as sketchName',
      'sketches.status as sketchStatus',
    ])
    .where('search_indexes.index_name', '=', indexName)
    .orderBy('timelines.id')
    .execute()
}
