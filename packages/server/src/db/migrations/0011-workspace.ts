import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 11: intakes, cases, search jobs, saved queries, and what APIs say of rules and alerts. */
export async function createWorkspaceTables(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('entities')
    .addColumn('sketch_id', 'integer', (column) =>
      column.primaryKey().references('sketches.id').onDelete('cascade'),
    )
    .addColumn('entity_id', 'text', required)
    .addColumn('generation_mode', 'text', required)
    .execute()
  await schema
    .createTable('intake_formats')
    .addColumn('uid', 'text', key)
    .addColumn('name', 'text', required)
    .addColumn('slug', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('details_json', 'text', required)
    .addColumn('user_id', 'integer', ofUser)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .execute()
  await schema
    .createTable('intakes')
    .addColumn('uid', 'text', key)
    .addColumn('name', 'text', required)
    .addColumn('intake_key', 'text', (column) => column.notNull().unique())
    .addColumn('sketch_id', 'integer', (column) =>
      column.notNull().references('sketches.id').onDelete('cascade'),
    )
    .addColumn('format_uid', 'text', required)
    .addColumn('timeline_id', 'integer', (column) => column.references('timelines.id').onDelete('set null'))
    .addColumn('user_id', 'integer', ofUser)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .execute()
  await schema.createIndex('intakes_by_sketch').on('intakes').columns(['sketch_id']).execute()
  await schema
    .createTable('cases')
    .addColumn('uid', 'text', key)
    .addColumn('title', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('priority', 'text', required)
    .addColumn('tags_json', 'text', required)
    .addColumn('details_json', 'text', required)
    .addColumn('user_id', 'integer', ofUser)
    .addColumn('updated_by_id', 'integer', ofUser)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .execute()
  await schema
    .createTable('case_alerts')
    .addColumn('case_uid', 'text', ofCase)
    .addColumn('alert_id', 'integer', (column) =>
      column.notNull().references('alerts.id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('case_alerts_key', ['case_uid', 'alert_id'])
    .execute()
  await schema.createIndex('case_alerts_by_alert').on('case_alerts').columns(['alert_id']).execute()
  await schema
    .createTable('case_events')
    .addColumn('case_uid', 'text', ofCase)
    .addColumn('event_id', 'text', required)
    .addPrimaryKeyConstraint('case_events_key', ['case_uid', 'event_id'])
    .execute()
  await schema
    .createTable('case_comments')
    .addColumn('uid', 'text', key)
    .addColumn('case_uid', 'text', ofCase)
    .addColumn('user_id', 'integer', ofUser)
    .addColumn('text', 'text', required)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint')
    .execute()
  await schema.createIndex('case_comments_by_case').on('case_comments').columns(['case_uid']).execute()
  await schema
    .createTable('api_details')
    .addColumn('kind', 'text', required)
    .addColumn('uid', 'text', required)
    .addColumn('details_json', 'text', required)
    .addPrimaryKeyConstraint('api_details_key', ['kind', 'uid'])
    .execute()
  await schema
    .createTable('search_jobs')
    .addColumn('uid', 'text', key)
    .addColumn('user_id', 'integer', ofUser)
    .addColumn('status', 'text', required)
    .addColumn('term', 'text', required)
    .addColumn('language', 'text', required)
    .addColumn('details_json', 'text', required)
    .addColumn('earliest_us', 'bigint', required)
    .addColumn('latest_us', 'bigint', required)
    .addColumn('total', 'bigint', required)
    .addColumn('is_visible', 'integer', required)
    .addColumn('problem', 'text')
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('started_at_ms', 'bigint')
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('cancelled_by_id', 'integer')
    .execute()
  await schema
    .createIndex('search_jobs_by_user')
    .on('search_jobs')
    .columns(['user_id', 'created_at_ms'])
    .execute()
  await schema.createIndex('search_jobs_by_end').on('search_jobs').columns(['ended_at_ms']).execute()
  await schema
    .createTable('saved_queries')
    .addColumn('uid', 'text', key)
    .addColumn('name', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('program', 'text', required)
    .addColumn('details_json', 'text', required)
    .addColumn('user_id', 'integer', ofUser)
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .execute()
}

function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}

function key(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.primaryKey()
}

function ofUser(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('users.id')
}

function ofCase(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('cases.uid').onDelete('cascade')
}
