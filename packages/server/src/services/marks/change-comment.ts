import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { noteChange } from '../changes/note-change.ts'
import type { ServiceContext } from '../service-context.ts'
import { requireMarkText } from './carry-out-mark.ts'
import { logCommentChange } from './log-comment-change.ts'
import { logOutcome } from './mark-log.ts'
import type { Comment } from './mark-service.ts'

/** Gives a comment another text, by an operation that keeps the former one. The store has no part in it. */
export async function changeComment(
  context: ServiceContext,
  principal: Principal,
  comment: Comment,
  text: string,
): Promise<void> {
  requireMarkText('comment', text)
  if (text === comment.text) return
  const { sketchId } = comment
  const id = randomBytes(16).toString('hex')
  const atMs = context.now()
  await context.db.transaction().execute(async (transaction) => {
    await logCommentChange(transaction, principal, comment, {
      id,
      kind: 'recomment',
      value: text,
      columns: { text },
      atMs,
    })
    await transaction
      .insertInto('comment_changes')
      .values({ operation_id: id, comment_id: comment.id, former_text: comment.text })
      .execute()
    await logOutcome(transaction, id, { state: 'done', matched: 1, changed: 1 })
  })
  await context.audit.record(principal, {
    action: 'comment.update',
    subject: `comment/${comment.id}`,
    sketchId,
    details: { operationId: id },
  })
  await noteChange(context, sketchId, 'marks', { operationId: id, commentId: comment.id })
}

/** Lets a comment say what the latest change in force gave it, of which one is to stand or not; else what it said at first. */
export async function putChangeInForce(
  db: Kysely<Schema>,
  operationId: string,
  stands: boolean,
): Promise<void> {
  const changes = await db
    .selectFrom('comment_changes')
    .innerJoin('mark_operations', 'mark_operations.id', 'comment_changes.operation_id')
    .select(['operation_id', 'comment_id', 'former_text', 'value', 'state'])
    .where('comment_id', 'in', (query) =>
      query.selectFrom('comment_changes').select('comment_id').where('operation_id', '=', operationId),
    )
    .orderBy('ordinal')
    .execute()
  const [first] = changes
  if (!first) return
  const latest = changes.findLast(({ operation_id: id, state }) =>
    id === operationId ? stands : state === 'done' || state === 'redoing',
  )
  await db
    .updateTable('comments')
    .set({ text: latest?.value ?? first.former_text })
    .where('id', '=', first.comment_id)
    .execute()
}
