import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 9: connectors with what they have brought, ids of devices on platforms, and where incidents come from. */
export async function createConnectorTables(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('incidents')
    .addColumn('source', 'text', (column) => column.notNull().defaultTo('detection'))
    .execute()
  await schema
    .alterTable('incidents')
    .addColumn('details_json', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute()
  await schema
    .createTable('device_names')
    .addColumn('platform', 'text', required)
    .addColumn('external_id', 'text', required)
    .addColumn('organisation_id', 'integer', (column) => column.notNull().references('organisations.id'))
    .addColumn('device_id', 'integer', (column) =>
      column.notNull().references('devices.id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('device_names_key', ['platform', 'external_id', 'organisation_id'])
    .execute()
  await schema.createIndex('device_names_by_device').on('device_names').columns(['device_id']).execute()
  await schema
    .createTable('connectors')
    .addColumn('uid', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('platform', 'text', required)
    .addColumn('url', 'text', required)
    .addColumn('sketch_id', 'integer', (column) =>
      column.notNull().references('sketches.id').onDelete('cascade'),
    )
    .addColumn('timeline_id', 'integer', (column) => column.references('timelines.id').onDelete('set null'))
    .addColumn('user_id', 'integer', (column) => column.notNull().references('users.id'))
    .addColumn('settings_json', 'text', required)
    .addColumn('sealed_secret', 'text', required)
    .addColumn('is_private_allowed', 'integer', required)
    .addColumn('cursors_json', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('problem', 'text', required)
    .addColumn('state_since_ms', 'bigint', required)
    .addColumn('failures', 'integer', required)
    .addColumn('last_pull_ms', 'bigint')
    .addColumn('next_pull_ms', 'bigint', required)
    .addColumn('counts_json', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .execute()
  await schema
    .createTable('connector_items')
    .addColumn('connector_uid', 'text', ofConnector)
    .addColumn('kind', 'text', required)
    .addColumn('item_id', 'text', required)
    .addColumn('hash', 'text', required)
    .addColumn('event_id', 'text')
    .addPrimaryKeyConstraint('connector_items_key', ['connector_uid', 'kind', 'item_id'])
    .execute()
  await schema
    .createTable('connector_batches')
    .addColumn('connector_uid', 'text', (column) =>
      column.primaryKey().references('connectors.uid').onDelete('cascade'),
    )
    .addColumn('import_id', 'text', required)
    .addColumn('payload_json', 'text', required)
    .execute()
}

function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}

function ofConnector(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('connectors.uid').onDelete('cascade')
}
