import { randomUUID } from 'node:crypto'
import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'
import { addIdColumn } from '../id-column.ts'
import type { Schema } from '../schema.ts'

/** Version 7: organisations, devices, alerts, incidents, what happens to them, and runs of detection. */
export async function createAlertTables(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  const table = (name: string): CreateTableBuilder<string, string> =>
    addIdColumn(schema.createTable(name), 'id')

  await table('organisations')
    .addColumn('uid', 'text', unique)
    .addColumn('name', 'text', required)
    .addColumn('is_default', 'integer', required)
    .addColumn('created_at_ms', 'bigint', required)
    .execute()
  await db
    .insertInto('organisations')
    .values({ uid: randomUUID(), name: 'Default organisation', is_default: 1, created_at_ms: Date.now() })
    .execute()
  await table('devices')
    .addColumn('uid', 'text', unique)
    .addColumn('organisation_id', 'integer', toOrganisation)
    .addColumn('name', 'text', required)
    .addColumn('name_key', 'text', required)
    .addColumn('source', 'text', required)
    .addColumn('details_json', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .addUniqueConstraint('devices_key', ['organisation_id', 'name_key'])
    .execute()
  await schema
    .createTable('device_sketches')
    .addColumn('device_id', 'integer', (column) =>
      column.notNull().references('devices.id').onDelete('cascade'),
    )
    .addColumn('sketch_id', 'integer', ofSketch)
    .addColumn('first_us', 'bigint', required)
    .addColumn('last_us', 'bigint', required)
    .addPrimaryKeyConstraint('device_sketches_key', ['device_id', 'sketch_id'])
    .execute()
  await schema.createIndex('device_sketches_by_sketch').on('device_sketches').columns(['sketch_id']).execute()

  const finding = (name: string): CreateTableBuilder<string, string> =>
    table(name)
      .addColumn('uid', 'text', unique)
      .addColumn('source_key', 'text', unique)
      .addColumn('organisation_id', 'integer', toOrganisation)
      .addColumn('sketch_id', 'integer', (column) => column.references('sketches.id').onDelete('cascade'))
      .addColumn('title', 'text', required)
      .addColumn('severity', 'integer', required)
      .addColumn('host', 'text')
      .addColumn('account', 'text')
      .addColumn('first_us', 'bigint', required)
      .addColumn('last_us', 'bigint', required)
      .addColumn('status', 'text', required)
      .addColumn('resolution', 'text')
      .addColumn('reason', 'text', required)
      .addColumn('assignee_id', 'integer', (column) => column.references('users.id').onDelete('set null'))
      .addColumn('created_at_ms', 'bigint', required)
      .addColumn('updated_at_ms', 'bigint', required)
      .addColumn('closed_at_ms', 'bigint')
      .addColumn('closed_by_id', 'integer', (column) => column.references('users.id').onDelete('set null'))
  await finding('incidents')
    .addColumn('risk', 'integer', required)
    .addColumn('merged_into_id', 'integer', (column) =>
      column.references('incidents.id').onDelete('set null'),
    )
    .execute()
  await finding('alerts')
    .addColumn('source', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('rule_uuid', 'text')
    .addColumn('timeline_id', 'integer')
    .addColumn('device_id', 'integer', (column) => column.references('devices.id').onDelete('set null'))
    .addColumn('incident_id', 'integer', (column) => column.references('incidents.id').onDelete('set null'))
    .addColumn('count', 'bigint', required)
    .addColumn('counts_json', 'text', required)
    .addColumn('evidence_json', 'text', required)
    .addColumn('tags_json', 'text', required)
    .addColumn('group_json', 'text', required)
    .addColumn('details_json', 'text', required)
    .execute()
  for (const [name, on, columns] of [
    ['alerts_by_time', 'alerts', ['last_us', 'id']],
    ['alerts_by_sketch', 'alerts', ['sketch_id', 'last_us', 'id']],
    ['alerts_by_host', 'alerts', ['sketch_id', 'host', 'first_us']],
    ['alerts_by_rule', 'alerts', ['rule_uuid', 'id']],
    ['alerts_by_incident', 'alerts', ['incident_id', 'first_us']],
    ['alerts_by_update', 'alerts', ['updated_at_ms', 'id']],
    ['incidents_by_time', 'incidents', ['last_us', 'id']],
    ['incidents_by_sketch', 'incidents', ['sketch_id', 'last_us', 'id']],
    ['incidents_by_host', 'incidents', ['sketch_id', 'host', 'first_us']],
    ['incidents_by_update', 'incidents', ['updated_at_ms', 'id']],
  ] as const)
    await schema
      .createIndex(name)
      .on(on)
      .columns([...columns])
      .execute()

  const noteOf = (name: string): CreateTableBuilder<string, string> =>
    table(name)
      .addColumn('kind', 'text', required)
      .addColumn('finding_id', 'integer', required)
      .addColumn('user_id', 'integer')
      .addColumn('username', 'text', required)
      .addColumn('at_ms', 'bigint', required)
  await noteOf('finding_changes')
    .addColumn('action', 'text', required)
    .addColumn('details_json', 'text', required)
    .execute()
  await noteOf('finding_comments')
    .addColumn('uid', 'text', unique)
    .addColumn('text', 'text', required)
    .execute()
  for (const name of ['finding_changes', 'finding_comments'] as const)
    await schema.createIndex(`${name}_by_finding`).on(name).columns(['kind', 'finding_id', 'id']).execute()

  await table('suppressions')
    .addColumn('uid', 'text', unique)
    .addColumn('sketch_id', 'integer', (column) => column.references('sketches.id').onDelete('cascade'))
    .addColumn('rule_uuid', 'text')
    .addColumn('host', 'text')
    .addColumn('reason', 'text', required)
    .addColumn('user_id', 'integer')
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('until_ms', 'bigint')
    .execute()

  await table('detection_runs')
    .addColumn('uid', 'text', unique)
    .addColumn('sketch_id', 'integer', ofSketch)
    .addColumn('user_id', 'integer')
    .addColumn('mode', 'text', required)
    .addColumn('started_at_ms', 'bigint', required)
    .addColumn('ended_at_ms', 'bigint', required)
    .addColumn('report_json', 'text', required)
    .execute()
  await schema
    .createIndex('detection_runs_by_sketch')
    .on('detection_runs')
    .columns(['sketch_id', 'id'])
    .execute()
  await schema
    .createTable('sketch_detection')
    .addColumn('sketch_id', 'integer', (column) =>
      column.primaryKey().references('sketches.id').onDelete('cascade'),
    )
    .addColumn('is_live', 'integer', required)
    .addColumn('position_json', 'text', required)
    .execute()
}

function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}

function unique(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().unique()
}

function ofSketch(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('sketches.id').onDelete('cascade')
}

function toOrganisation(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('organisations.id')
}
