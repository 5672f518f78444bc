import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { CaseCommentRow, CaseRow } from '../../db/workspace-schema.ts'
import { conflict, forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import { getAlertBySekoiaId } from '../alert-words/sekoia-ids.ts'
import type { AlertService } from '../alerts/alert-service.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { readUidOrShortId } from '../short-id.ts'
import { isCaseVisibleTo, requireCaseWrite } from './case-access.ts'
import {
  type Case,
  type CaseChange,
  type CaseComment,
  type CaseService,
  MAX_CASE_COMMENTS,
} from './case-service.ts'
import { findEvents } from './find-events.ts'

/** Events of one case at most. */
const MAX_CASE_EVENTS = 10_000
const MAX_COMMENT_LENGTH = 65_536

/** Cases, kept in the metadata database. */
export function createCaseService(context: ServiceContext, alerts: AlertService): CaseService {
  const { db, access, audit, now } = context

  const requireRow = async (principal: Principal, id: string): Promise<Selectable<CaseRow>> => {
    const digits = readUidOrShortId('CA', id)
    const rows = await db
      .selectFrom('cases')
      .selectAll()
      .where('uid', '>=', digits)
      .where('uid', '<=', `${digits}g`)
      .where(isCaseVisibleTo(principal))
      .limit(2)
      .execute()
    const [row, other] = rows
    if (!row) throw notFound('case', id.slice(0, 64))
    if (other) throw invalid('ambiguous-id', `Several cases have an id that begins with ${digits}.`)
    return row
  }
  /** For whoever changes it, too. */
  const requireOwn = async (principal: Principal, id: string): Promise<Selectable<CaseRow>> => {
    const row = await requireRow(principal, id)
    await requireCaseWrite(context, principal, row.uid)
    return row
  }
  const requireComment = async (caseUid: string, uid: string): Promise<Selectable<CaseCommentRow>> => {
    const row = await db
      .selectFrom('case_comments')
      .selectAll()
      .where('case_uid', '=', caseUid)
      .where('uid', '=', uid.toLowerCase())
      .executeTakeFirst()
    if (!row) throw notFound('comment', uid.slice(0, 64))
    return row
  }
  const requireOwnComment = async (
    principal: Principal,
    caseUid: string,
    uid: string,
  ): Promise<Selectable<CaseCommentRow>> => {
    const row = await requireComment(caseUid, uid)
    if (row.user_id !== principal.userId && !principal.isAdmin)
      throw forbidden('not-own-comment', 'This is a comment of somebody else.')
    return row
  }
  const toCases = async (rows: readonly Selectable<CaseRow>[]): Promise<readonly Case[]> => {
    const uids = rows.map(({ uid }) => uid)
    if (uids.length === 0) return []
    const found = await db
      .selectFrom('alerts')
      .innerJoin('case_alerts', 'case_alerts.alert_id', 'alerts.id')
      .select([
        'case_uid',
        'alerts.id',
        'alerts.uid',
        'source',
        'alerts.details_json',
        'title',
        'first_us',
        'last_us',
      ])
      .where('case_uid', 'in', uids)
      .orderBy('alerts.id')
      .execute()
    const comments = await db
      .selectFrom('case_comments')
      .select(({ fn }) => ['case_uid', fn.countAll<number>().as('count')])
      .where('case_uid', 'in', uids)
      .groupBy('case_uid')
      .execute()
    const counts = new Map(comments.map(({ case_uid, count }) => [case_uid, count]))
    const alertsOf = Map.groupBy(found, ({ case_uid }) => case_uid)
    return rows.map((row) => ({
      uid: row.uid,
      title: row.title,
      description: row.description,
      status: row.status as Case['status'],
      priority: row.priority as Case['priority'],
      tags: JSON.parse(row.tags_json) as string[],
      details: JSON.parse(row.details_json) as Record<string, unknown>,
      createdById: row.user_id,
      updatedById: row.updated_by_id,
      createdAtMs: row.created_at_ms,
      updatedAtMs: row.updated_at_ms,
      commentCount: counts.get(row.uid) ?? 0,
      alerts: (alertsOf.get(row.uid) ?? []).map((alert) => ({
        id: alert.id,
        uid: alert.uid,
        source: alert.source,
        details: JSON.parse(alert.details_json) as Record<string, unknown>,
        title: alert.title,
        firstUs: BigInt(alert.first_us),
        lastUs: BigInt(alert.last_us),
      })),
    }))
  }
  const toCase = async (row: Selectable<CaseRow>): Promise<Case> => (await toCases([row]))[0]!
  const note = async (principal: Principal, uid: string, action: string, details = {}): Promise<void> => {
    await db
      .updateTable('cases')
      .set({ updated_at_ms: now(), updated_by_id: principal.userId })
      .where('uid', '=', uid)
      .execute()
    await audit.record(principal, { action: `case.${action}`, subject: `case/${uid}`, details })
  }

  return {
    async list(principal) {
      const rows = await db
        .selectFrom('cases')
        .selectAll()
        .where(isCaseVisibleTo(principal))
        .orderBy('created_at_ms', 'desc')
        .orderBy('uid')
        .execute()
      return await toCases(rows)
    },
    get: async (principal, id) => await toCase(await requireRow(principal, id)),
    async create(principal, input) {
      requireName('case', input.title)
      const uid = randomUUID().replaceAll('-', '')
      const atMs = now()
      await db
        .insertInto('cases')
        .values({
          uid,
          title: input.title,
          description: input.description ?? '',
          status: input.status ?? 'open',
          priority: input.priority ?? 'medium',
          tags_json: JSON.stringify(input.tags ?? []),
          details_json: JSON.stringify(input.details ?? {}),
          user_id: principal.userId,
          updated_by_id: principal.userId,
          created_at_ms: atMs,
          updated_at_ms: atMs,
        })
        .execute()
      await audit.record(principal, {
        action: 'case.create',
        subject: `case/${uid}`,
        details: { title: input.title },
      })
      return await toCase(await requireRow(principal, uid))
    },
    async update(principal, id, change) {
      const row = await requireOwn(principal, id)
      if (change.title !== undefined) requireName('case', change.title)
      await db.updateTable('cases').set(toColumns(row, change)).where('uid', '=', row.uid).execute()
      await note(principal, row.uid, 'update', { ...change })
      return await toCase(await requireRow(principal, row.uid))
    },
    async delete(principal, id) {
      const { uid, title } = await requireOwn(principal, id)
      await db.deleteFrom('cases').where('uid', '=', uid).execute()
      await audit.record(principal, { action: 'case.delete', subject: `case/${uid}`, details: { title } })
    },
    async addAlerts(principal, id, alertIds) {
      const { uid } = await requireOwn(principal, id)
      const found = []
      for (const alertId of alertIds) found.push(await getAlertBySekoiaId(alerts, principal, alertId))
      const sketchIds = new Set(found.flatMap(({ sketchId }) => sketchId ?? []))
      for (const sketchId of sketchIds) await access.requireOpenSketch(principal, sketchId, 'write')
      for (const alert of found)
        await db
          .insertInto('case_alerts')
          .values({ case_uid: uid, alert_id: alert.id })
          .onConflict((already) => already.doNothing())
          .execute()
      await note(principal, uid, 'add-alerts', { alerts: found.map((alert) => alert.uid) })
      return await toCase(await requireRow(principal, uid))
    },
    async addEvents(principal, id, handles) {
      const { uid } = await requireOwn(principal, id)
      const eventIds = await findEvents(context, principal, handles)
      const { count } = await db
        .selectFrom('case_events')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('case_uid', '=', uid)
        .executeTakeFirstOrThrow()
      if (count + eventIds.length > MAX_CASE_EVENTS)
        throw conflict('too-many-events', `A case has at most ${MAX_CASE_EVENTS} events.`)
      for (const eventId of eventIds)
        await db
          .insertInto('case_events')
          .values({ case_uid: uid, event_id: eventId })
          .onConflict((already) => already.doNothing())
          .execute()
      await note(principal, uid, 'add-events', { events: eventIds.length })
      return await toCase(await requireRow(principal, uid))
    },
    async removeEvent(principal, id, handle) {
      const { uid } = await requireOwn(principal, id)
      const remove = async (eventIds: readonly string[]): Promise<boolean> => {
        const { numDeletedRows } = await db
          .deleteFrom('case_events')
          .where('case_uid', '=', uid)
          .where('event_id', 'in', [...eventIds])
          .executeTakeFirst()
        return numDeletedRows > 0n
      }
      // One that is gone, or may not be read any more, is taken out by what it was called here.
      const isRemoved =
        (await remove([handle])) || (await remove(await findEvents(context, principal, [handle])))
      if (!isRemoved) throw notFound('event', handle.slice(0, 64))
      await note(principal, uid, 'remove-event', { event: handle })
    },
    async listComments(principal, id) {
      const { uid } = await requireRow(principal, id)
      const rows = await db
        .selectFrom('case_comments')
        .selectAll()
        .where('case_uid', '=', uid)
        .orderBy('created_at_ms')
        .orderBy('uid')
        .execute()
      return rows.map(toComment)
    },
    async getComment(principal, id, commentUid) {
      const { uid } = await requireRow(principal, id)
      return toComment(await requireComment(uid, commentUid))
    },
    async comment(principal, id, text) {
      const row = await requireOwn(principal, id)
      requireText(text)
      if ((await toCase(row)).commentCount >= MAX_CASE_COMMENTS)
        throw conflict('too-many-comments', `A case has at most ${MAX_CASE_COMMENTS} comments.`)
      const comment = {
        uid: randomUUID(),
        case_uid: row.uid,
        user_id: principal.userId,
        text,
        created_at_ms: now(),
        updated_at_ms: null,
      }
      await db.insertInto('case_comments').values(comment).execute()
      await note(principal, row.uid, 'comment')
      return toComment(comment)
    },
    async changeComment(principal, id, commentUid, text) {
      const { uid } = await requireOwn(principal, id)
      requireText(text)
      const comment = await requireOwnComment(principal, uid, commentUid)
      const change = { text, updated_at_ms: now() }
      await db.updateTable('case_comments').set(change).where('uid', '=', comment.uid).execute()
      await note(principal, uid, 'change-comment')
      return toComment({ ...comment, ...change })
    },
    async deleteComment(principal, id, commentUid) {
      const { uid } = await requireOwn(principal, id)
      const comment = await requireOwnComment(principal, uid, commentUid)
      await db.deleteFrom('case_comments').where('uid', '=', comment.uid).execute()
      await note(principal, uid, 'delete-comment')
    },
  }
}

function toColumns(row: Selectable<CaseRow>, change: CaseChange): Partial<Selectable<CaseRow>> {
  const { title, description, status, priority, tags, details } = change
  return {
    title: title ?? row.title,
    description: description ?? row.description,
    status: status ?? row.status,
    priority: priority ?? row.priority,
    tags_json: tags ? JSON.stringify(tags) : row.tags_json,
    details_json: details
      ? JSON.stringify({ ...(JSON.parse(row.details_json) as object), ...details })
      : row.details_json,
  }
}

function toComment(row: Selectable<CaseCommentRow>): CaseComment {
  return {
    uid: row.uid,
    text: row.text,
    userId: row.user_id,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms ?? undefined,
  }
}

function requireText(text: string): void {
  if (text.trim() === '' || text.length > MAX_COMMENT_LENGTH)
    throw invalid(
      'bad-comment',
      `A comment has 1 to ${MAX_COMMENT_LENGTH} characters; this one has ${text.length}.`,
    )
}
