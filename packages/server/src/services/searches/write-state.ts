import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { SavedQuery } from './saved-search-service.ts'

/** Whose state of which sketch. */
export interface StatePlace {
  readonly sketchId: number
  readonly userId: number
}

/** Makes a question the state of somebody's sketch: the saved search without a name, which is made when there is none. */
export async function writeState(
  db: Kysely<Schema>,
  { sketchId, userId }: StatePlace,
  query: SavedQuery,
  atMs: number,
): Promise<void> {
  const columns = {
    query_string: query.queryString,
    filter_json: query.filterJson,
    dsl_json: query.dslJson,
    is_deleted: 0,
    updated_at_ms: atMs,
  }
  const { numUpdatedRows } = await db
    .updateTable('saved_searches')
    .set(columns)
    .where('sketch_id', '=', sketchId)
    .where('owner_id', '=', userId)
    .where('name', '=', '')
    .executeTakeFirstOrThrow()
  if (numUpdatedRows > 0n) return
  await db
    .insertInto('saved_searches')
    .values({
      ...columns,
      sketch_id: sketchId,
      owner_id: userId,
      name: '',
      description: '',
      created_at_ms: atMs,
    })
    .execute()
}
