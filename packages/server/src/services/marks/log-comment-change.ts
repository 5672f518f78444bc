import type { Transaction, Updateable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { CommentRow, Schema } from '../../db/schema.ts'
import { conflict } from '../../errors/domain-error.ts'
import { logPending } from './mark-log.ts'
import type { Comment } from './mark-service.ts'

/** An operation on one comment. */
export interface CommentChange {
  /** Of the operation. */
  readonly id: string
  readonly kind: 'recomment' | 'uncomment'
  /** What the history shows of it. */
  readonly value: string
  readonly columns: Updateable<CommentRow>
  readonly atMs: number
}

/**
 * Changes a comment's row and notes the operation as pending.
 *
 * @throws {DomainError} `conflict` (`already-deleted`) when the comment was deleted meanwhile.
 */
export async function logCommentChange(
  transaction: Transaction<Schema>,
  principal: Principal,
  comment: Comment,
  { id, kind, value, columns, atMs }: CommentChange,
): Promise<void> {
  const changed = await transaction
    .updateTable('comments')
    .set({ ...columns, updated_at_ms: atMs })
    .where('id', '=', comment.id)
    .where('is_deleted', '=', 0)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) {
    throw conflict('already-deleted', `Comment ${comment.id} was deleted meanwhile.`, {
      commentId: comment.id,
    })
  }
  await logPending(transaction, {
    id,
    sketchId: comment.sketchId,
    userId: principal.userId,
    kind,
    value,
    queryText: undefined,
    idCount: 1,
    indexNames: [comment.indexName],
    atMs,
  })
}
