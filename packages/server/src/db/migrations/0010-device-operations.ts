import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { addIdColumn } from '../id-column.ts'
import type { Schema } from '../schema.ts'

/** Version 10: what is decided of devices and what they are told to do; lists of alerts and incidents by when they were made. */
export async function createDeviceOperations(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('devices')
    .addColumn('decided_json', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute()
  await addIdColumn(schema.createTable('device_operations'), 'id')
    .addColumn('uid', 'text', (column) => column.notNull().unique())
    .addColumn('batch_uid', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('device_id', 'integer', (column) =>
      column.notNull().references('devices.id').onDelete('cascade'),
    )
    .addColumn('parameters_json', 'text', required)
    .addColumn('comment', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('user_id', 'integer')
    .addColumn('username', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .execute()
  for (const [name, table, columns] of [
    ['device_operations_by_device', 'device_operations', ['device_id', 'id']],
    ['device_operations_by_batch', 'device_operations', ['batch_uid', 'id']],
    ['device_operations_by_status', 'device_operations', ['status', 'id']],
    ['alerts_by_creation', 'alerts', ['created_at_ms', 'id']],
    ['incidents_by_creation', 'incidents', ['created_at_ms', 'id']],
  ] as const)
    await schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
}

function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}
