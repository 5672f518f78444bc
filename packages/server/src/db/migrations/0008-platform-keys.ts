import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 8: API keys for the APIs of other platforms, with what these know them by. */
export async function createPlatformKeys(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('api_keys')
    .addColumn('kind', 'text', (column) => column.notNull().defaultTo('timeskein'))
    .execute()
  await schema.alterTable('api_keys').addColumn('permissions', 'text').execute()
  await schema.alterTable('api_keys').addColumn('client_id', 'text').execute()
  await schema.alterTable('api_keys').addColumn('sealed_secret', 'text').execute()
  await schema.createIndex('api_keys_by_client').on('api_keys').columns(['client_id']).execute()
}
