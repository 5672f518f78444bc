import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { MarkOperationRow } from '../../db/schema.ts'
import type { ServiceContext } from '../service-context.ts'
import { undoOrRedo } from './undo-redo.ts'

/**
 * Takes an operation back (`undone`) with all of its group, newest first, or puts them in force again (`done`), oldest first. Those
 * that are so already, because an earlier attempt was cut off, are left.
 *
 * @throws {DomainError} `conflict` (`already-undone`, `not-done`, `not-undone`) when there is none to change.
 */
export async function undoOrRedoGroup(
  context: ServiceContext,
  principal: Pick<Principal, 'userId'>,
  row: Selectable<MarkOperationRow>,
  wanted: 'done' | 'undone',
): Promise<void> {
  const group = row.group_id === null ? [] : await listToChange(context, row.group_id, wanted)
  // An operation that stands alone, or one of whose group none can be changed, says itself why not.
  for (const one of group.length === 0 ? [row] : group) await undoOrRedo(context, principal, one, wanted)
}

/** Takes back whatever a group has in force; does nothing when it has nothing. */
export async function undoGroup(
  context: ServiceContext,
  principal: Pick<Principal, 'userId'>,
  groupId: string,
): Promise<number> {
  const group = await listToChange(context, groupId, 'undone')
  for (const row of group) await undoOrRedo(context, principal, row, 'undone')
  return group.length
}

async function listToChange(
  { db }: Pick<ServiceContext, 'db'>,
  groupId: string,
  wanted: 'done' | 'undone',
): Promise<readonly Selectable<MarkOperationRow>[]> {
  return await db
    .selectFrom('mark_operations')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('state', '=', wanted === 'done' ? 'undone' : 'done')
    .orderBy('ordinal', wanted === 'done' ? 'asc' : 'desc')
    .execute()
}
