import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 16: alerts of a rule by when they were made, and how many there are of each severity, without reading all. */
export async function indexAlertLookups(db: Kysely<Schema>): Promise<void> {
  for (const [name, columns] of [
    ['alerts_by_rule_creation', ['rule_uuid', 'created_at_ms', 'id']],
    ['alerts_by_state', ['status', 'severity', 'sketch_id', 'created_at_ms']],
  ] as const)
    await db.schema
      .createIndex(name)
      .on('alerts')
      .columns([...columns])
      .execute()
}
