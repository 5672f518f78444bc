import { randomBytes } from 'node:crypto'
import type { Principal } from '../../auth/principal.ts'
import { noteChange } from '../changes/note-change.ts'
import type { ServiceContext } from '../service-context.ts'
import { logCommentChange } from './log-comment-change.ts'
import { FAILED, logOutcome } from './mark-log.ts'
import type { Comment } from './mark-service.ts'
import { putInForce, syncOwnLabels } from './put-in-force.ts'

/**
 * Deletes a comment: the text together with the log, then the label of its event in the store, then the log again. A crash in
 * between leaves a pending entry, which the next start completes (`reconcileMarks`).
 */
export async function deleteComment(
  context: ServiceContext,
  principal: Principal,
  comment: Comment,
): Promise<void> {
  const { sketchId } = comment
  const id = randomBytes(16).toString('hex')
  await context.db.transaction().execute(async (transaction) => {
    await logCommentChange(transaction, principal, comment, {
      id,
      kind: 'uncomment',
      value: comment.text,
      columns: { is_deleted: 1, deletion_id: id },
      atMs: context.now(),
    })
  })
  const operation = {
    id,
    kind: 'uncomment',
    sketch_id: sketchId,
    indexes_json: JSON.stringify([comment.indexName]),
  } as const
  try {
    await syncOwnLabels(context, operation, principal.userId)
    await logOutcome(context.db, id, { state: 'done', matched: 1, changed: 1 })
  } catch (error) {
    await giveUp(context, operation, principal.userId)
    throw error
  }
  await context.audit.record(principal, {
    action: 'comment.delete',
    subject: `comment/${comment.id}`,
    sketchId,
    details: { operationId: id },
  })
  await noteChange(context, sketchId, 'marks', { operationId: id, commentId: comment.id })
}

/** Lets the comment stand; where that fails too, its deletion stays pending, and the next start completes it. */
async function giveUp(
  context: ServiceContext,
  operation: Parameters<typeof putInForce>[1],
  userId: number,
): Promise<void> {
  try {
    await putInForce(context, operation, false)
    await syncOwnLabels(context, operation, userId)
    await logOutcome(context.db, operation.id, FAILED)
  } catch (error) {
    context.log.error({ err: error, operationId: operation.id }, 'a comment is neither deleted nor in force')
  }
}
