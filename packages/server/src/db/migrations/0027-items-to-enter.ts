import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 27: an import notes with its end that alerts, incidents and devices are still to be made of its events. */
export async function noteItemsToEnter(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('imports').addColumn('items_tries', 'integer').execute()
}
