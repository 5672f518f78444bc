import { findSpan, orderByTime } from '../../../time-order.ts'
import type { IndexFile } from '../index-file.ts'
import type { IndexLease } from '../index-files.ts'
import type { StoredSegment } from '../snapshot.ts'
import { packSegmentData } from '../sources/segment-data.ts'
import { inTransaction, type SqlSession } from '../sql-session.ts'
import { mergeTerms } from './merge-terms.ts'
import { planMerges } from './plan-merges.ts'

/**
 * Makes runs of small segments one each, when there are many, without changing any row or its number.
 *
 * A question that is under way has the old segments in its hand and finds what it needs of them where it was: the source
 * file only grows.
 */
export async function mergeSegments(lease: IndexLease): Promise<void> {
  const index = lease.file
  await index.importQueue.run(async () => {
    const runs = planMerges(index.snapshot.segments)
    if (runs.length === 0) return
    await index.discardUncommitted()
    const firstId = index.snapshot.nextSegment
    const merged = index.database.withSession((session) =>
      inTransaction(session, async () => {
        let id = firstId
        for (const run of runs) await mergeRun(session, index, run, id++)
        const meta = { next_segment: id, source_end: index.sourceFile.end }
        for (const [key, value] of Object.entries(meta)) {
          await session.run(`INSERT OR REPLACE INTO ${index.schema}.meta VALUES (?, ?)`, [key, String(value)])
        }
        await index.sourceFile.sync()
      }),
    )
    try {
      await merged
    } catch (error) {
      // DuckDB may fail after the commit has become durable: what the tables say then counts.
      await index.refresh()
      if (index.snapshot.nextSegment === firstId) throw error
    }
    index.sourceFile.markCommitted()
    await index.refresh()
  })
}

async function mergeRun(
  session: SqlSession,
  index: IndexFile,
  run: readonly StoredSegment[],
  id: number,
): Promise<void> {
  const { schema, sourceFile } = index
  const first = run[0]!
  const rowCount = run.reduce((sum, segment) => sum + segment.rowCount, 0)
  const timesUs = new BigInt64Array(rowCount)
  const nanos = new Uint16Array(rowCount)
  const hashes = new BigUint64Array(rowCount)
  for (const segment of run) {
    const at = segment.firstSeq - first.firstSeq
    const times = await segment.readTimes()
    timesUs.set(times.timesUs, at)
    if (times.nanos) nanos.set(times.nanos, at)
    hashes.set(await index.readHashes(segment.place), at)
  }
  const usedNanos = nanos.some((value) => value > 0) ? nanos : undefined
  const data = packSegmentData({ timesUs, nanos: usedNanos, order: orderByTime(timesUs, usedNanos) }, hashes)
  const terms = await mergeTerms(index, run)
  const ids = new Uint8Array(terms.fieldIds.buffer)
  const parts = [data.times, data.nanos, data.order, data.hashes, ids, terms.packed]
  const dataAt = await sourceFile.append(parts.filter((part) => part !== undefined))
  const span = findSpan(timesUs)
  const merged = run.map((segment) => segment.id).join(', ')
  await session.run(`UPDATE ${schema}.blocks SET segment = ${id} WHERE segment IN (${merged})`)
  await session.run(`DELETE FROM ${schema}.segments WHERE id IN (${merged})`)
  await session.run(`INSERT INTO ${schema}.segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    id,
    first.firstSeq,
    rowCount,
    first.timelineId,
    first.importId,
    span.first,
    span.last,
    dataAt,
    ...parts.map((part) => part?.length ?? 0),
  ])
}
