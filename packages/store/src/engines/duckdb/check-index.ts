import { stat } from 'node:fs/promises'
import type { StoreFinding } from '../../event-store.ts'
import type { IndexFile } from './index-file.ts'

/** What to do about an index that is damaged. */
export const INDEX_REMEDY = "restore the index's files from a backup, or import its evidence again"

/**
 * Holds the tables of an index against each other: every row a segment names has its columns, its source and its place; the
 * first row and the times of each segment can be read; marks are on rows that were given out.
 */
export async function checkIndex(file: IndexFile): Promise<readonly StoreFinding[]> {
  const subject = `index ${file.index}`
  const problems: string[] = []
  const [counts] = await file.database.withSession(
    async (session) =>
      await session.rows(`SELECT
        (SELECT coalesce(sum(row_count), 0)::BIGINT FROM ${file.schema}.segments),
        (SELECT count(*) FROM ${file.schema}.wide),
        (SELECT coalesce(sum(row_count), 0)::BIGINT FROM ${file.schema}.blocks),
        (SELECT coalesce(max(data_at + data_size), 0)::BIGINT FROM ${file.schema}.blocks)`),
  )
  const [segmentRows = 0, wideRows = 0, blockRows = 0, sourceEnd = 0] = (counts ?? []).map(Number)
  if (segmentRows !== wideRows) problems.push(`segments name ${segmentRows} events, columns hold ${wideRows}`)
  if (segmentRows !== blockRows)
    problems.push(`segments name ${segmentRows} events, the source holds ${blockRows}`)
  const { size } = await stat(file.sourceFile.path)
  if (size < sourceEnd) problems.push(`the source file has ${size} bytes, ${sourceEnd} are named`)
  const { segments, marks, nextSeq } = file.snapshot
  try {
    await file.readSources(segments.map(({ firstSeq }) => firstSeq))
    for (const segment of segments) {
      const { timesUs } = await segment.readTimes()
      if (timesUs.length === segment.rowCount) continue
      problems.push(`segment ${segment.id} has ${segment.rowCount} events and ${timesUs.length} times`)
    }
  } catch (error) {
    problems.push(`the source cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const astray = [...marks.from(0)].filter(({ seqs }) => seqs.length > 0 && seqs[seqs.length - 1]! >= nextSeq)
  if (astray.length > 0) problems.push(`${astray.length} mark operations name events that never were`)
  return problems.length === 0
    ? [{ severity: 'ok', subject, message: `${segmentRows.toLocaleString('en')} events` }]
    : problems.map((message) => ({
        severity: 'error',
        subject,
        message: `${message}; ${INDEX_REMEDY}`,
      }))
}
