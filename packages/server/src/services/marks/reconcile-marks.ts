import { noteChange } from '../changes/note-change.ts'
import type { ServiceContext } from '../service-context.ts'
import { FAILED, listIndexesOf, logOutcome } from './mark-log.ts'
import { putInForce, syncOwnLabels } from './put-in-force.ts'

/**
 * Settles operations that were being carried out when the process ended: what the store holds in every index meant counts
 * as done, what it holds in part is taken back, and what it does not hold has failed; a comment that was being deleted is
 * deleted. Returns a sentence for each.
 */
export async function reconcileMarks(context: ServiceContext): Promise<readonly string[]> {
  const rows = await context.db
    .selectFrom('mark_operations')
    .selectAll()
    .where('state', '=', 'pending')
    .execute()
  if (rows.length === 0) return []
  const present = new Set((await context.store.listIndexes()).map((info) => info.index))
  const heldBy = new Map<string, ReadonlySet<string>>()
  const notes: string[] = []
  for (const row of rows) {
    if (row.kind === 'uncomment') {
      await putInForce(context, row, true)
      await syncOwnLabels(context, row, row.user_id)
      await logOutcome(context.db, row.id, { state: 'done', matched: 1, changed: 1 })
      await noteChange(context, row.sketch_id, 'marks', { operationId: row.id })
      notes.push(`Operation ${row.id} (${row.kind}) was being carried out, which is now complete.`)
      continue
    }
    const indexNames = listIndexesOf(row).filter((name) => present.has(name))
    let held = 0
    for (const indexName of indexNames) {
      let operations = heldBy.get(indexName)
      if (!operations) {
        operations = new Set(await context.store.listMarkOperations(indexName))
        heldBy.set(indexName, operations)
      }
      if (operations.has(row.id)) held++
    }
    // A comment's text is written after its label, so a pending one never has it.
    if (held > 0 && held === indexNames.length && row.kind !== 'comment') {
      // Taking it back may have been begun: its state in the store is to be the log's.
      await context.store.setMarkActive(row.id, true, indexNames)
      await logOutcome(context.db, row.id, { state: 'done' })
      notes.push(`Operation ${row.id} (${row.kind}) had been carried out and is now in the log as done.`)
      continue
    }
    if (held > 0) await context.store.setMarkActive(row.id, false, indexNames)
    await logOutcome(context.db, row.id, FAILED)
    notes.push(
      held > 0
        ? `Operation ${row.id} (${row.kind}) had been carried out in part and was taken back.`
        : `Operation ${row.id} (${row.kind}) had not been carried out.`,
    )
  }
  return notes
}
