import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 19: which sketch's items say what a platform calls a device, so that those of others cannot change it. */
export async function noteOwnersOfDeviceNames(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .alterTable('device_names')
    .addColumn('sketch_id', 'integer', (column) => column.references('sketches.id').onDelete('set null'))
    .execute()
}
