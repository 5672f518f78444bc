import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 24: imports that are acknowledged before they are carried out say what they are to do. */
export async function keepAcceptedImports(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('imports').addColumn('accepted_json', 'text').execute()
  await db.schema
    .alterTable('imports')
    .addColumn('cut_off_count', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
}
