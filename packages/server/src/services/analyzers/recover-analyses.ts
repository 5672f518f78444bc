import { undoGroup } from '../marks/undo-group.ts'
import type { ServiceContext } from '../service-context.ts'
import { OPEN_STATUSES } from './load-analyses.ts'

/** What an analysis says that the end of the process cut off, or never let begin. */
const CUT_OFF = 'The process ended while it ran; what it had marked was taken back. Run it again.'
const NOT_BEGUN = 'The process ended before it ran. Run it again.'

/**
 * Settles analyses that waited or ran when the process ended. To be called when marks are settled.
 *
 * @returns A sentence for each.
 */
export async function recoverAnalyses(context: ServiceContext): Promise<readonly string[]> {
  const { db, now } = context
  const rows = await db
    .selectFrom('analyses')
    .selectAll()
    .where('status', 'in', OPEN_STATUSES)
    .orderBy('id')
    .execute()
  const notes: string[] = []
  for (const row of rows) {
    const isStarted = row.status === 'STARTED'
    if (isStarted) await undoGroup(context, { userId: row.owner_id }, row.mark_group)
    const atMs = now()
    await db
      .updateTable('analyses')
      .set({
        status: 'ERROR',
        result: isStarted ? CUT_OFF : NOT_BEGUN,
        status_changed_at_ms: atMs,
        updated_at_ms: atMs,
      })
      .where('id', '=', row.id)
      .execute()
    notes.push(
      `Analysis ${row.id} (${row.analyzer} over timeline ${row.timeline_id}) was ${isStarted ? 'cut off, and what it had marked taken back' : 'never begun'}.`,
    )
  }
  return notes
}
