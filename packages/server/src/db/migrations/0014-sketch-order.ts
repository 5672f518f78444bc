import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 14: a page of ten thousand sketches is read in order, instead of all of them sorted for each. */
export async function indexSketchOrder(db: Kysely<Schema>): Promise<void> {
  await db.schema.createIndex('sketches_by_change').on('sketches').columns(['updated_at_ms', 'id']).execute()
}
