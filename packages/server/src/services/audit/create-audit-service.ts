import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { forbidden } from '../../errors/domain-error.ts'
import type { AccessService } from '../access/access-service.ts'
import type { AuditEntry, AuditService } from './audit-service.ts'

/** Most entries one listing returns. */
const MAX_AUDIT_PAGE = 1000
/** Longest details of one entry, as JSON; longer ones are replaced by their size. */
const MAX_DETAILS_LENGTH = 4096

/** @param access - Known later than the audit log itself, so it is asked for when needed. */
export function createAuditService(
  db: Kysely<Schema>,
  now: () => number,
  access: () => AccessService,
): AuditService {
  return {
    async record(who, entry) {
      const principal = who === 'system' ? { username: 'system', address: 'local' } : who
      const details = JSON.stringify(entry.details ?? {})
      await db
        .insertInto('audit_log')
        .values({
          at_ms: now(),
          user_id: 'userId' in principal ? principal.userId : null,
          username: principal.username,
          via: who === 'system' ? 'system' : 'via' in principal ? principal.via : 'none',
          address: principal.address,
          request_id: ('requestId' in principal ? principal.requestId : undefined) ?? null,
          action: entry.action,
          subject: entry.subject,
          sketch_id: entry.sketchId ?? null,
          result: entry.result ?? 'ok',
          details_json:
            details.length > MAX_DETAILS_LENGTH ? JSON.stringify({ detailsLength: details.length }) : details,
        })
        .execute()
    },
    async list(principal, options = {}) {
      if (!principal.isAdmin) {
        if (options.sketchId === undefined) {
          throw forbidden('not-an-admin', 'Only administrators see the whole audit log; name a sketch.')
        }
        await access().requireSketch(principal, options.sketchId, 'read')
      }
      let query = db.selectFrom('audit_log').selectAll()
      if (options.sketchId !== undefined) query = query.where('sketch_id', '=', options.sketchId)
      if (options.userId !== undefined) query = query.where('user_id', '=', options.userId)
      if (options.beforeId !== undefined) query = query.where('id', '<', options.beforeId)
      const rows = await query
        .orderBy('id', 'desc')
        .limit(Math.min(options.limit ?? 100, MAX_AUDIT_PAGE))
        .execute()
      return rows.map((row) => ({
        id: row.id,
        atMs: row.at_ms,
        userId: row.user_id ?? undefined,
        username: row.username,
        via: row.via as AuditEntry['via'],
        address: row.address,
        requestId: row.request_id ?? undefined,
        action: row.action,
        subject: row.subject,
        sketchId: row.sketch_id ?? undefined,
        result: row.result as AuditEntry['result'],
        details: JSON.parse(row.details_json) as Record<string, unknown>,
      }))
    },
  }
}
