import type { Kysely } from 'kysely'
import { addIdColumn } from '../id-column.ts'
import type { Schema } from '../schema.ts'

/** Version 5: the library of rules with all their versions, and named sets of rules. */
export async function createRuleTables(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await addIdColumn(schema.createTable('rules'), 'id')
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('status', 'text')
    .addColumn('level', 'text')
    .addColumn('author', 'text', (column) => column.notNull())
    .addColumn('product', 'text')
    .addColumn('category', 'text')
    .addColumn('service', 'text')
    .addColumn('tags_json', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('problem_json', 'text')
    .addColumn('is_enabled', 'integer', (column) => column.notNull())
    .addColumn('owner_id', 'integer', (column) => column.references('users.id'))
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('deleted_at_ms', 'bigint')
    .execute()
  await schema
    .createTable('rule_versions')
    .addColumn('rule_id', 'integer', (column) => column.notNull().references('rules.id').onDelete('cascade'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('user_id', 'integer', (column) => column.references('users.id'))
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('rule_versions_key', ['rule_id', 'version'])
    .execute()
  await addIdColumn(schema.createTable('policies'), 'id')
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'integer', (column) => column.references('users.id'))
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await schema
    .createTable('policy_rules')
    .addColumn('policy_id', 'integer', (column) =>
      column.notNull().references('policies.id').onDelete('cascade'),
    )
    .addColumn('rule_id', 'integer', (column) => column.notNull().references('rules.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('policy_rules_key', ['policy_id', 'rule_id'])
    .execute()
  await schema.createIndex('policy_rules_by_rule').on('policy_rules').columns(['rule_id']).execute()
}
