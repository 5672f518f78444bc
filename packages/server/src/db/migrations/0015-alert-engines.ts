import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 15: which engine an alert is of and whom it is about, so that neither is looked for in records. */
export async function createAlertEngines(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  for (const column of ['engine', 'target_id'] as const)
    await schema.alterTable('alerts').addColumn(column, 'text').execute()
  // JSON of more levels than SQLite reads tells nothing.
  const told = sql.raw(`case when json_valid(details_json) then details_json else '{}' end`)
  await sql`update alerts set
    engine = case
      when source = 'elements' and json_extract(${told}, '$.detectionId') is not null then null
      when source = 'elements' then coalesce(json_extract(${told}, '$.engine'), 'edr')
      else 'edr' end,
    target_id = case
      when source = 'elements' then coalesce(
        json_extract(${told}, '$.target.id'), json_extract(${told}, '$.device.id')) end`.execute(db)
  // With all that filters ask for, so that counting looks at the index alone.
  await sql`create index alerts_by_engine on alerts (
    engine collate nocase, created_at_ms, id, sketch_id, severity, status, organisation_id)`.execute(db)
  await schema
    .createIndex('alerts_by_target')
    .on('alerts')
    .columns(['target_id', 'created_at_ms', 'id'])
    .execute()
  await schema
    .createIndex('alerts_by_device')
    .on('alerts')
    .columns(['device_id', 'created_at_ms', 'id'])
    .execute()
}
