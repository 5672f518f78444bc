import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 17: devices that were taken out stay out when what was known of them before is told again. */
export async function noteRemovedDevices(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('devices').addColumn('removed_at_ms', 'bigint').execute()
}
