import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 13: which sketches may hold events that detection has not looked at. */
export async function noteUnseenEvents(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .alterTable('sketch_detection')
    .addColumn('may_have_unseen', 'integer', (column) => column.notNull().defaultTo(1))
    .execute()
}
