import type { Kysely } from 'kysely'
import { addIdColumn } from '../id-column.ts'
import type { Schema } from '../schema.ts'

/** Version 6: analyses of timelines with the sessions they are started in, and acts of marking that are undone together. */
export async function createAnalysisTables(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await addIdColumn(schema.createTable('analysis_sessions'), 'id')
    .addColumn('sketch_id', 'integer', (column) =>
      column.notNull().references('sketches.id').onDelete('cascade'),
    )
    .addColumn('owner_id', 'integer', (column) => column.notNull().references('users.id'))
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await addIdColumn(schema.createTable('analyses'), 'id')
    .addColumn('session_id', 'integer', (column) =>
      column.notNull().references('analysis_sessions.id').onDelete('cascade'),
    )
    .addColumn('sketch_id', 'integer', (column) =>
      column.notNull().references('sketches.id').onDelete('cascade'),
    )
    .addColumn('timeline_id', 'integer', (column) =>
      column.notNull().references('timelines.id').onDelete('cascade'),
    )
    .addColumn('owner_id', 'integer', (column) => column.notNull().references('users.id'))
    .addColumn('analyzer', 'text', (column) => column.notNull())
    .addColumn('parameters_json', 'text', (column) => column.notNull())
    .addColumn('plan_hash', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('status_changed_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('result', 'text')
    .addColumn('log', 'text')
    .addColumn('mark_group', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  for (const [name, columns] of [
    ['analyses_by_timeline', ['timeline_id', 'id']],
    ['analyses_by_session', ['session_id', 'id']],
    ['analyses_by_status', ['status']],
  ] as const)
    await schema
      .createIndex(name)
      .on('analyses')
      .columns([...columns])
      .execute()
  await schema
    .createIndex('analysis_sessions_by_sketch')
    .on('analysis_sessions')
    .columns(['sketch_id', 'id'])
    .execute()
  await schema.alterTable('mark_operations').addColumn('group_id', 'text').execute()
  await schema.createIndex('mark_operations_by_group').on('mark_operations').columns(['group_id']).execute()
}
