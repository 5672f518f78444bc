import type { StoredSegment } from './snapshot.ts'
import type { BlockPlaces } from './sources/source-reader.ts'
import type { SqlSession } from './sql-session.ts'

/**
 * Where the blocks of source text of some segments stand now.
 *
 * @param segments - Ascending, with none between them.
 */
export async function loadBlockPlaces(
  session: SqlSession,
  schema: string,
  segments: readonly Pick<StoredSegment, 'firstSeq' | 'rowCount'>[],
): Promise<readonly BlockPlaces[]> {
  const [first, last] = [segments[0]!, segments.at(-1)!]
  const rows = await session.rows(
    `SELECT first_seq, row_count, data_at, data_size, meta.value
      FROM ${schema}.blocks, ${schema}.meta
      WHERE first_seq >= ? AND first_seq < ? AND meta.key = 'source_generation' ORDER BY first_seq`,
    [first.firstSeq, last.firstSeq + last.rowCount],
  )
  return segments.map(({ firstSeq, rowCount }) => {
    const blocks = rows.filter(([seq]) => Number(seq) >= firstSeq && Number(seq) < firstSeq + rowCount)
    return {
      generation: Number(blocks[0]?.[4]),
      firstSeqs: Float64Array.from(blocks, (row) => Number(row[0])),
      rowCounts: Uint32Array.from(blocks, (row) => Number(row[1])),
      dataAts: Float64Array.from(blocks, (row) => Number(row[2])),
      dataSizes: Uint32Array.from(blocks, (row) => Number(row[3])),
    }
  })
}
