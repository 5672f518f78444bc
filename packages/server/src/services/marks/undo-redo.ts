import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { MarkOperationRow } from '../../db/schema.ts'
import { conflict } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import type { ServiceContext } from '../service-context.ts'
import { logOutcome } from './mark-log.ts'
import type { MarkState } from './mark-service.ts'
import { putInForce, syncOwnLabels } from './put-in-force.ts'

type Row = Selectable<MarkOperationRow>

/** What an operation is while it is taken back or put in force again; the next start completes what a crash left so. */
const UNDER_WAY = { undone: 'undoing', done: 'redoing' } as const satisfies Record<string, MarkState>

/**
 * Takes an operation back (`undone`) or puts it in force again (`done`): log, then store, then log again. A crash in between
 * leaves it under way in the log, and the next start completes it (`completeUndoRedo`).
 *
 * @throws {DomainError} `conflict` (`already-undone`, `not-done`, `not-undone`) unless it is in the other state.
 */
export async function undoOrRedo(
  context: ServiceContext,
  principal: Pick<Principal, 'userId'>,
  row: Row,
  wanted: 'done' | 'undone',
): Promise<void> {
  const from = wanted === 'done' ? 'undone' : 'done'
  const started = await context.db
    .updateTable('mark_operations')
    .set({
      state: UNDER_WAY[wanted],
      undone_at_ms: wanted === 'done' ? null : context.now(),
      undone_by_id: wanted === 'done' ? null : principal.userId,
    })
    .where('id', '=', row.id)
    .where('state', '=', from)
    .executeTakeFirst()
  if (started.numUpdatedRows === 0n) throw refuse(row, wanted)
  try {
    await settle(context, row, wanted, principal.userId)
  } catch (error) {
    await giveUp(context, row, from)
    throw error
  }
}

/**
 * Completes what was under way when the process ended.
 *
 * @returns A sentence for each operation.
 */
export async function completeUndoRedo(context: ServiceContext): Promise<readonly string[]> {
  const rows = await context.db
    .selectFrom('mark_operations')
    .selectAll()
    .where('state', 'in', Object.values(UNDER_WAY))
    .execute()
  const notes: string[] = []
  for (const row of rows) {
    const wanted = row.state === UNDER_WAY.undone ? 'undone' : 'done'
    await settle(context, row, wanted, row.undone_by_id ?? row.user_id)
    await noteChange(context, row.sketch_id, 'marks', { operationId: row.id })
    notes.push(
      wanted === 'undone'
        ? `Operation ${row.id} (${row.kind}) was being taken back, which is now complete.`
        : `Operation ${row.id} (${row.kind}) was being put in force again, which is now complete.`,
    )
  }
  return notes
}

/** Makes marks and comments agree with what is wanted, which does no harm a second time, and then the log. */
async function settle(
  context: ServiceContext,
  row: Row,
  wanted: 'done' | 'undone',
  userId: number,
): Promise<void> {
  await putInForce(context, row, wanted === 'done')
  await syncOwnLabels(context, row, userId)
  await logOutcome(context.db, row.id, { state: wanted })
}

/** Puts things back as they were; where that fails too, the operation stays under way for the next start. */
async function giveUp(context: ServiceContext, row: Row, from: 'done' | 'undone'): Promise<void> {
  try {
    await putInForce(context, row, from === 'done')
    await context.db
      .updateTable('mark_operations')
      .set({ state: from, undone_at_ms: row.undone_at_ms, undone_by_id: row.undone_by_id })
      .where('id', '=', row.id)
      .execute()
    // Whether a comment counts is told by the state of its operation, so only now.
    await syncOwnLabels(context, row, row.user_id)
  } catch (error) {
    context.log.error({ err: error, operationId: row.id }, 'an operation is neither taken back nor in force')
  }
}

function refuse(row: Row, wanted: 'done' | 'undone'): Error {
  const code = wanted === 'done' ? 'not-undone' : row.state === 'undone' ? 'already-undone' : 'not-done'
  return conflict(code, `Operation ${row.id} is ${row.state}.`, { state: row.state })
}
