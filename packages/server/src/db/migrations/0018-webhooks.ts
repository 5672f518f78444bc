import type { Kysely } from 'kysely'
import { addIdColumn } from '../id-column.ts'
import type { Schema } from '../schema.ts'

/** Version 18: addresses that new alerts are sent to. */
export async function createWebhookTable(db: Kysely<Schema>): Promise<void> {
  await addIdColumn(db.schema.createTable('webhooks'), 'id')
    .addColumn('uid', 'text', (column) => column.notNull().unique())
    .addColumn('organisation_id', 'integer', (column) => column.notNull().references('organisations.id'))
    .addColumn('user_id', 'integer', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('rules_json', 'text', (column) => column.notNull())
    .addColumn('is_enabled', 'integer', (column) => column.notNull())
    .addColumn('min_severity', 'integer', (column) => column.notNull())
    .addColumn('last_alert_id', 'integer', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('next_send_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_sent_ms', 'bigint')
    .addColumn('problem', 'text')
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .execute()
}
