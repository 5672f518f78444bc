import type { StoredSegment } from './snapshot.ts'
import type { BlockPlaces } from './sources/source-reader.ts'
import type { SqlSession } from './sql-session.ts'

/** Where the blocks of a segment's source text stand now. */
export async function loadBlockPlaces(
  session: SqlSession,
  schema: string,
  { firstSeq, rowCount }: Pick<StoredSegment, 'firstSeq' | 'rowCount'>,
): Promise<BlockPlaces> {
  const rows = await session.rows(
    `SELECT first_seq, row_count, data_at, data_size, meta.value
      FROM ${schema}.blocks, ${schema}.meta
      WHERE first_seq >= ? AND first_seq < ? AND meta.key = 'source_generation' ORDER BY first_seq`,
    [firstSeq, firstSeq + rowCount],
  )
  return {
    generation: Number(rows[0]?.[4]),
    firstSeqs: Float64Array.from(rows, (row) => Number(row[0])),
    rowCounts: Uint32Array.from(rows, (row) => Number(row[1])),
    dataAts: Float64Array.from(rows, (row) => Number(row[2])),
    dataSizes: Uint32Array.from(rows, (row) => Number(row[3])),
  }
}
