import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 4: a comment that was changed keeps what it said before, so that the change can be taken back. */
export async function createCommentChanges(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('comment_changes')
    .addColumn('operation_id', 'text', (column) => column.primaryKey())
    .addColumn('comment_id', 'integer', (column) =>
      column.notNull().references('comments.id').onDelete('cascade'),
    )
    .addColumn('former_text', 'text', (column) => column.notNull())
    .execute()
  await schema
    .createIndex('comment_changes_by_comment')
    .on('comment_changes')
    .columns(['comment_id'])
    .execute()
}
