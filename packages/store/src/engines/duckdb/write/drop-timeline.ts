import type { IndexFile } from '../index-file.ts'
import type { StoredSegment } from '../snapshot.ts'
import { inTransaction } from '../sql-session.ts'
import { rewriteSource } from './rewrite-source.ts'

/**
 * Removes the events of one timeline from an index, in one transaction that waits its turn among imports. When less than half
 * of the source file is left in use, the rest is copied to a new one, so that the disk is freed.
 *
 * @returns How many events there were.
 */
export async function dropTimeline(index: IndexFile, timelineId: number): Promise<number> {
  return await index.importQueue.run(async () => {
    const { segments } = index.snapshot
    const dropped = segments.filter((segment) => segment.timelineId === timelineId)
    const kept = segments.filter((segment) => segment.timelineId !== timelineId)
    if (dropped.length === 0) return 0
    await index.discardUncommitted()
    const { schema } = index
    const oldGeneration = index.snapshot.sourceGeneration
    let newGeneration: number | undefined
    try {
      newGeneration = await index.database.withSession((session) =>
        inTransaction(session, async () => {
          for (const { start, end } of listRanges(dropped)) {
            for (const table of ['wide', 'tall']) {
              await session.run(`DELETE FROM ${schema}.${table} WHERE seq >= ? AND seq < ?`, [start, end])
            }
          }
          const ids = `SELECT id FROM ${schema}.segments WHERE timeline_id = ?`
          await session.run(`DELETE FROM ${schema}.blocks WHERE segment IN (${ids})`, [timelineId])
          for (const table of ['segments', 'imports']) {
            await session.run(`DELETE FROM ${schema}.${table} WHERE timeline_id = ?`, [timelineId])
          }
          return await rewriteSource(session, index, kept)
        }),
      )
    } catch (error) {
      // DuckDB may fail after the commit has become durable: what the tables say then counts.
      await index.refresh()
      if (index.snapshot.segments.some((segment) => segment.timelineId === timelineId)) {
        await index.dropSourceFile(oldGeneration + 1)
        throw error
      }
      newGeneration = index.snapshot.sourceGeneration === oldGeneration ? undefined : oldGeneration + 1
    }
    // From here on the index names the new source file: it must stay, whatever fails.
    await index.refresh()
    if (newGeneration !== undefined) await index.dropSourceFile(oldGeneration)
    await index.database.withSession((session) =>
      session.run(`CHECKPOINT ${schema}`).catch(() => {
        // Somebody is reading or marking: DuckDB will free the space at a later checkpoint.
      }),
    )
    return dropped.reduce((sum, segment) => sum + segment.rowCount, 0)
  })
}

/** Rows of segments as few ranges, `end` exclusive. */
function listRanges(segments: readonly StoredSegment[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = []
  for (const { firstSeq, rowCount } of segments) {
    const last = ranges.at(-1)
    if (last?.end === firstSeq) last.end += rowCount
    else ranges.push({ start: firstSeq, end: firstSeq + rowCount })
  }
  return ranges
}
