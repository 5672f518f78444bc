import type { SqlValue } from '../index-handle.ts'
import { inTransaction, type SqlSession } from '../sql-session.ts'
import type { MarkRecord } from './mark-record.ts'

/** Operations of one statement. */
const ROWS_PER_STATEMENT = 32

/** A mark operation as the table `marks` is given it. */
export interface NewMark
  extends Pick<MarkRecord, 'operationId' | 'kind' | 'value' | 'sketchId' | 'userId' | 'atUs'> {
  readonly json: string | null
  /** The rows, packed (text/terms/postings.ts); none: no bytes. */
  readonly seqs: Uint8Array
}

/**
 * Writes operations in their order, all or none of them. One that the index has already, after a crash for example, is not
 * written a second time; of equal ones that are given the first is. Durable when it resolves.
 */
export async function writeMarks(
  session: SqlSession,
  schema: string,
  marks: readonly NewMark[],
): Promise<void> {
  const firsts = new Map<string, NewMark>()
  for (const mark of marks) {
    const key = JSON.stringify([mark.operationId, mark.kind, mark.value])
    if (!firsts.has(key)) firsts.set(key, mark)
  }
  const different = [...firsts.values()]
  const insert = (start: number): Promise<void> =>
    insertMarks(session, schema, different.slice(start, start + ROWS_PER_STATEMENT))
  // A statement by itself is a transaction, and begins and ends it without being told.
  if (different.length <= ROWS_PER_STATEMENT) return await insert(0)
  await inTransaction(session, async () => {
    for (let start = 0; start < different.length; start += ROWS_PER_STATEMENT) await insert(start)
  })
}

async function insertMarks(session: SqlSession, schema: string, marks: readonly NewMark[]): Promise<void> {
  const parameters: SqlValue[] = []
  const place = (value: SqlValue, type: string): string => `$${parameters.push(value)}::${type}`
  const rows = marks.map(({ operationId, kind, value, json, sketchId, userId, atUs, seqs }, at) => {
    const columns = [
      String(at + 1),
      place(operationId, 'VARCHAR'),
      place(kind, 'VARCHAR'),
      place(value, 'VARCHAR'),
      place(json, 'VARCHAR'),
      String(Number(sketchId)),
      String(Number(userId)),
      place(atUs, 'BIGINT'),
      place(seqs, 'BLOB'),
    ]
    return `(${columns.join(', ')})`
  })
  await session.run(
    `INSERT INTO ${schema}.marks
      (ordinal, operation_id, kind, value, json, sketch_id, user_id, at_us, active, seqs)
      SELECT (SELECT COALESCE(MAX(ordinal), 0) FROM ${schema}.marks) + given.place,
        operation_id, kind, value, json, sketch_id, user_id, at_us, TRUE, seqs
      FROM (VALUES ${rows.join(', ')})
        AS given (place, operation_id, kind, value, json, sketch_id, user_id, at_us, seqs)
      WHERE NOT EXISTS (
        SELECT 1 FROM ${schema}.marks AS known
        WHERE known.operation_id = given.operation_id AND known.kind = given.kind AND known.value = given.value)
      ORDER BY given.place`,
    parameters,
  )
}
