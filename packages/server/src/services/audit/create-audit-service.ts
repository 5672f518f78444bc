import { MAX_AUDIT_ENTRIES } from '@timeskein/model'
import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import { requireAdmin } from '../../auth/require-admin.ts'
import type { AuditRow, Schema } from '../../db/schema.ts'
import { writeWithoutSync } from '../../db/sqlite-database.ts'
import { holdsText } from '../holds-text.ts'
import type { ServiceContext } from '../service-context.ts'
import { AuditQueue, type NewAuditRow } from './audit-queue.ts'
import type { Act, Actor, AuditEntry, AuditFilter, AuditService } from './audit-service.ts'
import { fitDetails } from './fit-details.ts'

/** Longest details of one entry, as JSON; of longer ones the ends are left out. */
const MAX_DETAILS_LENGTH = 4096

/** Rows of one statement: few sizes, so that few statements are prepared; one a row costs five times as much. */
const STATEMENT_ROWS = [64, 16, 4, 1] as const

/** What the audit log stands on. */
export type AuditContext = Pick<ServiceContext, 'db' | 'syncDatabase' | 'now' | 'log'>

/** The audit log, kept in the metadata database. */
export function createAuditService(context: AuditContext): AuditService {
  const { db, now } = context
  const queue = new AuditQueue(
    (rows) =>
      writeWithoutSync(db, async (transaction) => {
        for (const some of cutForStatements(rows)) {
          await transaction.insertInto('audit_log').values(some).execute()
        }
      }),
    context.log,
  )
  const read = async (
    principal: Principal,
    filter: AuditFilter,
    userId?: number,
  ): Promise<readonly AuditEntry[]> => {
    // What was done before this is to be seen by it.
    await queue.flush().catch((error: unknown) => {
      // As on a full disk: the entries wait on, and what is there can be read.
      context.log.warn(
        { err: error },
        'the audit log is read without its latest entries: they could not be written',
      )
    })
    const rows = await selectEntries(db, filter, userId).execute()
    const { limit: _limit, ...asked } = filter
    await service.note(principal, { action: 'audit.read', subject: 'audit', details: asked })
    return rows.map(toEntry)
  }
  const service: AuditService = {
    async record(who, act) {
      await queue.addNow(toRow(who, act, now()))
      await context.syncDatabase()
    },
    note: (who, act) => queue.add(toRow(who, act, now())),
    async list(principal, filter = {}) {
      requireAdmin(principal)
      return await read(principal, filter)
    },
    listVisible: (principal, filter = {}) =>
      read(principal, filter, principal.isAdmin ? undefined : principal.userId),
    close: () => queue.close(),
  }
  return service
}

function* cutForStatements(rows: readonly NewAuditRow[]): Generator<readonly NewAuditRow[]> {
  for (let start = 0; start < rows.length; ) {
    const size = STATEMENT_ROWS.find((wanted) => wanted <= rows.length - start) ?? 1
    yield rows.slice(start, start + size)
    start += size
  }
}

function selectEntries(db: Kysely<Schema>, filter: AuditFilter, userId?: number) {
  const { username, action, actions, sketchId, fromMs, toMs, text, beforeId, afterId } = filter
  const { order = 'desc', limit = 100, offset = 0 } = filter
  let query = db.selectFrom('audit_log').selectAll()
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  if (username !== undefined) query = query.where('username', '=', username)
  if (action?.endsWith('.*')) {
    const kind = action.slice(0, -1)
    // `/` follows `.`: all that begins with the kind, by the index.
    query = query.where('action', '>=', kind).where('action', '<', `${kind.slice(0, -1)}/`)
  } else if (action !== undefined) query = query.where('action', '=', action)
  if (actions !== undefined) query = query.where('action', 'in', [...actions])
  if (sketchId !== undefined) query = query.where('sketch_id', '=', sketchId)
  if (fromMs !== undefined) query = query.where('at_ms', '>=', fromMs)
  if (toMs !== undefined) query = query.where('at_ms', '<=', toMs)
  if (text !== undefined)
    query = query.where(({ or }) =>
      or(['action', 'subject', 'username', 'address'].map((column) => holdsText(column, text))),
    )
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  if (afterId !== undefined) query = query.where('id', '>', afterId)
  return query
    .orderBy('id', order)
    .limit(Math.min(Math.max(1, limit), MAX_AUDIT_ENTRIES))
    .offset(offset)
}

function toRow(who: Actor, act: Act, atMs: number): NewAuditRow {
  const actor = who === 'system' ? { username: 'system', address: 'local' } : who
  const principal = 'via' in actor ? actor : undefined
  return {
    at_ms: atMs,
    user_id: principal?.userId ?? null,
    username: actor.username,
    via: who === 'system' ? 'system' : (principal?.via ?? 'none'),
    dialect: principal?.dialect ?? null,
    api_key_id: principal?.apiKeyId ?? null,
    address: actor.address,
    request_id: ('requestId' in actor ? actor.requestId : undefined) ?? null,
    action: act.action,
    subject: act.subject,
    sketch_id: act.sketchId ?? null,
    result: act.result ?? 'ok',
    details_json: fitDetails(act.details ?? {}, MAX_DETAILS_LENGTH),
  }
}

function toEntry(row: Selectable<AuditRow>): AuditEntry {
  return {
    id: row.id,
    atMs: row.at_ms,
    userId: row.user_id ?? undefined,
    username: row.username,
    via: row.via as AuditEntry['via'],
    dialect: row.dialect ?? undefined,
    apiKeyId: row.api_key_id ?? undefined,
    address: row.address,
    requestId: row.request_id ?? undefined,
    action: row.action,
    subject: row.subject,
    sketchId: row.sketch_id ?? undefined,
    result: row.result as AuditEntry['result'],
    details: JSON.parse(row.details_json) as Record<string, unknown>,
  }
}
