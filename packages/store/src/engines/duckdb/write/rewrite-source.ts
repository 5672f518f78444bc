import type { IndexFile } from '../index-file.ts'
import type { FeedColumn } from '../row-feed.ts'
import type { StoredSegment } from '../snapshot.ts'
import type { SegmentDataSizes } from '../sources/segment-data.ts'
import type { SourceFile } from '../sources/source-file.ts'
import type { SqlSession } from '../sql-session.ts'

const MAX_COPY_BYTES = 8 * 1024 * 1024
/** A smaller file is left alone, however much of it is unused. */
const MIN_FILE_BYTES = 64 * 1024

/** A stretch of the old source file that stays; `newAt` is known once it is copied. */
interface Piece {
  readonly at: number
  readonly size: number
  newAt: number
}

/**
 * Copies what the given segments have in the source file into a new one, when that is less than half of it, and puts
 * the new places into the tables. To be called by a writer, inside its transaction.
 *
 * @returns The new file's generation: after COMMIT the snapshot is to be replaced and the old file dropped, after ROLLBACK the
 *   new one is. Undefined when nothing was done.
 */
export async function rewriteSource(
  session: SqlSession,
  index: IndexFile,
  kept: readonly StoredSegment[],
): Promise<number | undefined> {
  const { schema, sourceFile } = index
  const rows = await session.rows(
    `SELECT segment, first_seq, row_count, data_at, data_size FROM ${schema}.blocks ORDER BY segment, first_seq`,
  )
  const blocks = rows.map((row) => ({
    segment: Number(row[0]),
    firstSeq: Number(row[1]),
    rowCount: Number(row[2]),
    piece: { at: Number(row[3]), size: Number(row[4]), newAt: 0 },
  }))
  const segments = kept.map(({ id, place: { dataAt, sizes } }) => ({
    id,
    piece: { at: dataAt, size: sumSizes(sizes), newAt: 0 },
  }))
  const pieces: Piece[] = [...segments, ...blocks].map(({ piece }) => piece)
  const usedBytes = pieces.reduce((sum, { size }) => sum + size, 0)
  const fileBytes = sourceFile.committedEnd
  if (fileBytes < MIN_FILE_BYTES || usedBytes > fileBytes / 2) return undefined

  const { file, generation } = await index.addSourceFile()
  await copyPieces(sourceFile, file, pieces)
  await session.run(`DELETE FROM ${schema}.blocks`)
  const dense = undefined
  const columns: FeedColumn[] = [
    {
      name: 'segment',
      type: 'INTEGER',
      rows: dense,
      numbers: Int32Array.from(blocks, (block) => block.segment),
    },
    {
      name: 'first_seq',
      type: 'UINTEGER',
      rows: dense,
      numbers: Uint32Array.from(blocks, (block) => block.firstSeq),
    },
    {
      name: 'row_count',
      type: 'UINTEGER',
      rows: dense,
      numbers: Uint32Array.from(blocks, (block) => block.rowCount),
    },
    {
      name: 'data_at',
      type: 'BIGINT',
      rows: dense,
      numbers: BigInt64Array.from(blocks, ({ piece }) => BigInt(piece.newAt)),
    },
    {
      name: 'data_size',
      type: 'UINTEGER',
      rows: dense,
      numbers: Uint32Array.from(blocks, ({ piece }) => piece.size),
    },
  ]
  using held = index.database.feed.hold(columns, blocks.length)
  await session.run(`INSERT INTO ${schema}.blocks BY NAME SELECT * FROM ${held.sql}`)
  for (const { id, piece } of segments) {
    await session.run(`UPDATE ${schema}.segments SET data_at = ? WHERE id = ?`, [piece.newAt, id])
  }
  for (const [key, value] of Object.entries({ source_generation: generation, source_end: file.end })) {
    await session.run(`UPDATE ${schema}.meta SET value = ? WHERE key = ?`, [String(value), key])
  }
  await file.sync()
  file.markCommitted()
  return generation
}

function sumSizes(sizes: SegmentDataSizes): number {
  return Object.values(sizes).reduce((sum: number, size: number) => sum + size, 0)
}

/** Copies in the order of the old file, neighbours together. */
async function copyPieces(from: SourceFile, to: SourceFile, pieces: readonly Piece[]): Promise<void> {
  const ordered = pieces.toSorted((a, b) => a.at - b.at)
  let i = 0
  while (i < ordered.length) {
    const start = ordered[i]!.at
    let end = start + ordered[i]!.size
    let next = i + 1
    while (next < ordered.length && ordered[next]!.at === end && end - start < MAX_COPY_BYTES) {
      end += ordered[next]!.size
      next++
    }
    const newStart = await to.append([await from.read(start, end - start)])
    for (; i < next; i++) ordered[i]!.newAt = newStart + ordered[i]!.at - start
  }
}
