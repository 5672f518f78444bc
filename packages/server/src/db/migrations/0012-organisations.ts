import type { Kysely } from 'kysely'
import { addIdColumn } from '../id-column.ts'
import type { Schema } from '../schema.ts'

/** Version 12: invitations into organisations, and settings of theirs. */
export async function createOrganisationTables(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await addIdColumn(schema.createTable('invitations'), 'id')
    .addColumn('uid', 'text', (column) => column.notNull().unique())
    .addColumn('organisation_id', 'integer', (column) => column.notNull().references('organisations.id'))
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('details_json', 'text', (column) => column.notNull())
    .addColumn('user_id', 'integer', (column) => column.references('users.id').onDelete('set null'))
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await schema
    .createTable('organisation_settings')
    .addColumn('organisation_id', 'integer', (column) => column.notNull().references('organisations.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('setting_key', 'text', (column) => column.notNull())
    .addColumn('value_json', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('organisation_settings_key', ['organisation_id', 'kind', 'setting_key'])
    .execute()
}
