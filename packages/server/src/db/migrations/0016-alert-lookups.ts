import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 16: alerts of a rule by when they were made, without reading all of the rule. */
export async function indexAlertLookups(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createIndex('alerts_by_rule_creation')
    .on('alerts')
    .columns(['rule_uuid', 'created_at_ms', 'id'])
    .execute()
}
