import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { createEventView } from '../events/create-event-view.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import { COMMENT_LABEL, type Comment } from './mark-service.ts'

/** Comments in force of a sketch, or of some of its events; oldest first. */
export async function loadComments(
  db: Kysely<Schema>,
  sketchId: number,
  eventIds: readonly string[] | undefined,
): Promise<readonly Comment[]> {
  if (!eventIds) return (await selectComments(db, sketchId).execute()).map(fromRow)
  const comments: Comment[] = []
  for (const some of chunk([...new Set(eventIds)])) {
    const rows = await selectComments(db, sketchId).where('comments.event_id', 'in', some).execute()
    comments.push(...rows.map(fromRow))
  }
  return comments.toSorted((a, b) => a.createdAtMs - b.createdAtMs || a.id - b.id)
}

/** A comment in force. */
export async function findComment(
  db: Kysely<Schema>,
  sketchId: number,
  commentId: number,
): Promise<Comment | undefined> {
  if (!Number.isSafeInteger(commentId)) return undefined
  const row = await selectComments(db, sketchId).where('comments.id', '=', commentId).executeTakeFirst()
  return row && fromRow(row)
}

/** An event that has or had a comment, and the index it is in. */
export interface CommentedEvent {
  readonly eventId: string
  readonly indexName: string
}

/** The events that an operation commented on, or of whose comments it deleted one. */
export async function findCommentedEvents(
  db: Kysely<Schema>,
  operationId: string,
): Promise<readonly CommentedEvent[]> {
  const rows = await db
    .selectFrom('comments')
    .select(['event_id', 'index_name'])
    .where((where) =>
      where.or([where('operation_id', '=', operationId), where('deletion_id', '=', operationId)]),
    )
    .execute()
  return rows.map((row) => ({ eventId: row.event_id, indexName: row.index_name }))
}

/** Makes the label `__ts_comment` of these events agree with whether they have comments. Opens their indexes only. */
export async function syncCommentLabels(
  context: ServiceContext,
  sketchId: number,
  userId: number,
  events: readonly CommentedEvent[],
): Promise<void> {
  const indexNames = new Set(events.map((event) => event.indexName))
  const eventIds = events.map((event) => event.eventId)
  const resolved = await resolveScope(context, sketchId, { entries: 'all', includeProcessing: true })
  const scope = resolved.scope.filter((part) => indexNames.has(part.index))
  if (scope.length === 0) return
  const commented = new Set(
    (await loadComments(context.db, sketchId, eventIds)).map((comment) => comment.eventId),
  )
  const lacking: string[] = []
  const superfluous: string[] = []
  for (const event of await context.store.getEvents(scope, eventIds)) {
    if (!event) continue
    const isLabelled = createEventView(event, sketchId).labels.includes(COMMENT_LABEL)
    if (commented.has(event.id) && !isLabelled) lacking.push(event.id)
    if (!commented.has(event.id) && isLabelled) superfluous.push(event.id)
  }
  for (const [kind, ids] of [['label', lacking] as const, ['unlabel', superfluous] as const]) {
    if (ids.length === 0) continue
    await context.store.mark({
      id: randomBytes(16).toString('hex'),
      kind,
      value: COMMENT_LABEL,
      sketchId,
      userId,
      atUs: BigInt(context.now()) * 1000n,
      target: { ids },
      scope,
    })
  }
}

function selectComments(db: Kysely<Schema>, sketchId: number) {
  return (
    db
      .selectFrom('comments')
      .innerJoin('users', 'users.id', 'comments.user_id')
      .innerJoin('mark_operations', 'mark_operations.id', 'comments.operation_id')
      .selectAll('comments')
      .select('users.username')
      .where('comments.sketch_id', '=', sketchId)
      .where('comments.is_deleted', '=', 0)
      // A comment whose operation is being put in force again counts: its label is set before the log says so.
      .where('mark_operations.state', 'in', ['done', 'redoing'])
      .orderBy('comments.created_at_ms')
      .orderBy('comments.id')
  )
}

type CommentQueryRow = Awaited<ReturnType<ReturnType<typeof selectComments>['executeTakeFirstOrThrow']>>

function fromRow(row: CommentQueryRow): Comment {
  return {
    id: row.id,
    sketchId: row.sketch_id,
    eventId: row.event_id,
    indexName: row.index_name,
    userId: row.user_id,
    username: row.username,
    text: row.text,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}
