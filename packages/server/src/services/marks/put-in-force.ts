import type { Selectable } from 'kysely'
import type { MarkOperationRow } from '../../db/schema.ts'
import type { ServiceContext } from '../service-context.ts'
import { putChangeInForce } from './change-comment.ts'
import { findCommentedEvents, syncCommentLabels } from './comments.ts'
import { listIndexesOf } from './mark-log.ts'

/** What of an operation's row says which marks are its own. */
type Operation = Pick<Selectable<MarkOperationRow>, 'id' | 'kind' | 'sketch_id' | 'indexes_json'>

/**
 * Lets what an operation does stand, or not: its marks in the store, of which only the indexes are opened that may hold them; or,
 * when it deleted or changed a comment, the comment. Does no harm a second time.
 */
export async function putInForce(
  { db, store }: Pick<ServiceContext, 'db' | 'store'>,
  operation: Operation,
  stands: boolean,
): Promise<void> {
  if (operation.kind === 'recomment') {
    await putChangeInForce(db, operation.id, stands)
    return
  }
  if (operation.kind !== 'uncomment') {
    await store.setMarkActive(operation.id, stands, listIndexesOf(operation))
    return
  }
  await db
    .updateTable('comments')
    .set({ is_deleted: stands ? 1 : 0 })
    .where('deletion_id', '=', operation.id)
    .execute()
}

/** Labels the events of an operation on comments as commented or not, as things stand then. */
export async function syncOwnLabels(
  context: ServiceContext,
  operation: Operation,
  userId: number,
): Promise<void> {
  if (operation.kind !== 'comment' && operation.kind !== 'uncomment') return
  const events = await findCommentedEvents(context.db, operation.id)
  await syncCommentLabels(context, operation.sketch_id, userId, events)
}
