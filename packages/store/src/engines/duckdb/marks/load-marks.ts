import { decodePostings } from '../../../text/terms/postings.ts'
import type { SqlSession } from '../sql-session.ts'
import { MarkList } from './mark-list.ts'
import { type MarkRecord, readGifts } from './mark-record.ts'

/** Operations whose rows are looked up one by one; more are read in one pass over the table. */
const FEW = 8

/**
 * Reads the marks in force of an index.
 *
 * @param previous - The rows of marks that it has are not read again.
 */
export async function loadMarks(session: SqlSession, schema: string, previous: MarkList): Promise<MarkList> {
  const known = new Map<string, MarkRecord>()
  for (const record of previous.from(0)) known.set(keyOf(record.operationId, record.ordinal), record)
  const rows = await session.rows(`SELECT ${HEAD} FROM ${schema}.marks WHERE active ORDER BY ordinal`)
  const unknown = rows.flatMap(([id, ordinal]) => (known.has(keyOf(id, ordinal)) ? [] : [String(id)]))
  const bodies = await loadBodies(session, schema, new Set(unknown))
  return MarkList.of(
    rows.flatMap((row) => {
      const key = keyOf(row[0], row[1])
      const before = known.get(key)
      // What a mark does never changes; it is only taken back and put in force again.
      if (before) return [before]
      const body = bodies.get(key)
      return body ? [makeRecord(row, body)] : []
    }),
  )
}

/** Reads the marks that were written since those that are known, all of which are still in force. */
export async function loadNewMarks(session: SqlSession, schema: string, known: MarkList): Promise<MarkList> {
  const rows = await session.rows(
    `SELECT ${HEAD}, ${BODY} FROM ${schema}.marks WHERE ordinal > ? AND active ORDER BY ordinal`,
    [BigInt(known.last?.ordinal ?? 0)],
  )
  return known.append(
    rows.map((row) => makeRecord(row, readBody(row[2], row[HEAD_LENGTH], row[HEAD_LENGTH + 1]))),
  )
}

const HEAD = 'operation_id, ordinal, kind, value, sketch_id, user_id, at_us'
const HEAD_LENGTH = 7
const BODY = 'json, seqs'

/** Of one mark: those that are made together have one operation, and are told apart by their ordinals. */
function keyOf(operationId: unknown, ordinal: unknown): string {
  return `${String(ordinal)} ${String(operationId)}`
}

/** What is large of a mark. */
type Body = Pick<MarkRecord, 'json' | 'gifts' | 'seqs'>

async function loadBodies(
  session: SqlSession,
  schema: string,
  operationIds: ReadonlySet<string>,
): Promise<Map<string, Body>> {
  const sql = `SELECT operation_id, ordinal, kind, ${BODY} FROM ${schema}.marks WHERE active`
  const rows: unknown[][] = []
  if (operationIds.size > FEW) rows.push(...(await session.rows(sql)))
  else {
    for (const id of operationIds) rows.push(...(await session.rows(`${sql} AND operation_id = ?`, [id])))
  }
  return new Map(
    rows.map(([id, ordinal, kind, json, seqs]) => [keyOf(id, ordinal), readBody(kind, json, seqs)]),
  )
}

function makeRecord(row: readonly unknown[], body: Body): MarkRecord {
  return {
    operationId: String(row[0]),
    ordinal: Number(row[1]),
    // Written by the marking side with one of these words only.
    kind: row[2] as MarkRecord['kind'],
    value: String(row[3]),
    sketchId: Number(row[4]),
    userId: Number(row[5]),
    atUs: row[6] as bigint,
    ...body,
  }
}

function readBody(kind: unknown, json: unknown, packedSeqs: unknown): Body {
  // The column is a BLOB, which comes as bytes.
  const bytes = packedSeqs as Uint8Array
  const seqs = bytes.length === 0 ? new Uint32Array() : decodePostings(bytes)
  if (kind === 'attributes') return { json: undefined, gifts: readGifts(String(json)), seqs }
  return { json: json === null ? undefined : JSON.parse(String(json)), seqs }
}
