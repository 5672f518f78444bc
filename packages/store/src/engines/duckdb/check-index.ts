import { stat } from 'node:fs/promises'
import type { StoreFinding } from '../../event-store.ts'
import type { IndexFile } from './index-file.ts'

/** Holds the tables of an index against each other: every row a segment names has its columns, its source and its place. */
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
  return problems.length === 0
    ? [{ severity: 'ok', subject, message: `${segmentRows.toLocaleString('en')} events` }]
    : problems.map((message) => ({
        severity: 'error',
        subject,
        message: `${message}; restore the index's files from a backup, or import its evidence again`,
      }))
}
