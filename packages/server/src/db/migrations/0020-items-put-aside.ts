import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 20: items of pulls that could not be stored are kept, and connectors that were removed know what they brought. */
export async function keepWhatPullsLeave(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('connectors').addColumn('removed_at_ms', 'bigint').execute()
  await db.schema
    .alterTable('connectors')
    .addColumn('account', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  await db.schema
    .createTable('connector_rejects')
    .addColumn('connector_uid', 'text', (column) =>
      column.notNull().references('connectors.uid').onDelete('cascade'),
    )
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('item_id', 'text')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('item_json', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('connector_rejects_key', ['connector_uid', 'kind', 'hash'])
    .execute()
}
