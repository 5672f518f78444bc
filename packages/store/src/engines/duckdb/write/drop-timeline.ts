import type { IndexFile } from '../index-file.ts'
import { inTransaction } from '../sql-session.ts'

/**
 * Removes the events of one timeline from an index, in one transaction that waits its turn among imports. Their source text
 * stays in the source file until the index is rewritten or dropped.
 *
 * @returns How many events there were.
 */
export async function dropTimeline(file: IndexFile, timelineId: number): Promise<number> {
  return await file.importQueue.run(async () => {
    const dropped = file.snapshot.segments.filter((segment) => segment.timelineId === timelineId)
    if (dropped.length === 0) return 0
    await file.database.withSession(
      async (session) =>
        await inTransaction(session, async () => {
          for (const { id, firstSeq, rowCount } of dropped) {
            for (const table of ['terms', 'blocks'])
              await session.run(`DELETE FROM ${file.schema}.${table} WHERE segment = ?`, [id])
            for (const table of ['wide', 'tall'])
              await session.run(`DELETE FROM ${file.schema}.${table} WHERE seq >= ? AND seq < ?`, [
                firstSeq,
                firstSeq + rowCount,
              ])
            await session.run(`DELETE FROM ${file.schema}.segments WHERE id = ?`, [id])
          }
          await session.run(`DELETE FROM ${file.schema}.imports WHERE timeline_id = ?`, [timelineId])
        }),
    )
    await file.refresh()
    return dropped.reduce((sum, segment) => sum + segment.rowCount, 0)
  })
}
