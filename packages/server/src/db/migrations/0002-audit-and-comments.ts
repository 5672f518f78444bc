import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/**
 * Version 2: the audit log tells the API and the key of an act and can be searched by time, name and action; a comment tells
 * the operation that deleted it, so that deleting can be completed after a crash and taken back.
 */
export async function extendAuditAndComments(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  await schema.alterTable('audit_log').addColumn('dialect', 'text').execute()
  await schema.alterTable('audit_log').addColumn('api_key_id', 'integer').execute()
  await schema.createIndex('audit_log_by_time').on('audit_log').columns(['at_ms']).execute()
  await schema.createIndex('audit_log_by_name').on('audit_log').columns(['username', 'id']).execute()
  await schema.createIndex('audit_log_by_action').on('audit_log').columns(['action', 'id']).execute()

  await schema.alterTable('comments').addColumn('deletion_id', 'text').execute()
  await schema.createIndex('comments_by_deletion').on('comments').columns(['deletion_id']).execute()
}
