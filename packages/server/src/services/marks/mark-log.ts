import type { Kysely, Selectable } from 'kysely'
import type { MarkOperationRow, Schema } from '../../db/schema.ts'
import { conflict } from '../../errors/domain-error.ts'
import { chunk } from '../chunk.ts'
import type { MarkKind, MarkOperationRecord, MarkState } from './mark-service.ts'

/** Most operations one listing returns. */
const MAX_HISTORY_PAGE = 1000

/** Writes an operation before it is carried out. */
export async function logPending(
  db: Kysely<Schema>,
  operation: {
    id: string
    sketchId: number
    userId: number
    kind: MarkKind
    value: string
    queryText: string | undefined
    idCount: number | undefined
    indexNames: readonly string[]
    atMs: number
    groupId?: string | undefined
  },
): Promise<void> {
  await db
    .insertInto('mark_operations')
    .values({
      id: operation.id,
      sketch_id: operation.sketchId,
      user_id: operation.userId,
      kind: operation.kind,
      value: operation.value,
      query_text: operation.queryText ?? null,
      id_count: operation.idCount ?? null,
      indexes_json: JSON.stringify(operation.indexNames),
      matched: 0,
      changed: 0,
      state: 'pending',
      at_ms: operation.atMs,
      undone_at_ms: null,
      undone_by_id: null,
      group_id: operation.groupId ?? null,
    })
    .execute()
}

/**
 * Lets a sketch's revision grow if it is still the one asked for. Of several at one revision one gets it: to be called in the
 * transaction that logs the operation.
 *
 * @throws {DomainError} `conflict` (`revision-passed`).
 */
export async function claimRevision(
  db: Kysely<Schema>,
  sketchId: number,
  revision: number,
  atMs: number,
): Promise<void> {
  const claimed = await db
    .updateTable('sketches')
    .set({ revision: revision + 1, updated_at_ms: atMs })
    .where('id', '=', sketchId)
    .where('revision', '=', revision)
    .returning('revision')
    .executeTakeFirst()
  if (claimed) return
  const sketch = await db
    .selectFrom('sketches')
    .select('revision')
    .where('id', '=', sketchId)
    .executeTakeFirst()
  const current = sketch?.revision
  throw conflict(
    'revision-passed',
    `Sketch ${sketchId} has changed: revision ${revision} was asked for, it is at ${current ?? 'none'}.`,
    { asked: revision, ...(current === undefined ? {} : { current }) },
  )
}

/** Notes which indexes are going to hold an operation, and its counts: after a crash nobody can count them again. */
export async function logPlan(
  db: Kysely<Schema>,
  id: string,
  indexNames: readonly string[],
  { matched, changed }: { readonly matched: number; readonly changed: number },
): Promise<void> {
  await db
    .updateTable('mark_operations')
    .set({ indexes_json: JSON.stringify(indexNames), matched, changed })
    .where('id', '=', id)
    .execute()
}

/** The indexes that may hold an operation. */
export function listIndexesOf(row: Pick<Selectable<MarkOperationRow>, 'indexes_json'>): readonly string[] {
  return JSON.parse(row.indexes_json) as string[]
}

/** What becomes of an operation that changed nothing in the end. */
export const FAILED = { state: 'failed', matched: 0, changed: 0 } as const

/** Notes what became of an operation; counts that are not given stay as planned. */
export async function logOutcome(
  db: Kysely<Schema>,
  id: string,
  outcome: { state: MarkState; matched?: number; changed?: number },
): Promise<void> {
  await db.updateTable('mark_operations').set(outcome).where('id', '=', id).execute()
}

/** One operation. */
export async function findOperation(
  db: Kysely<Schema>,
  id: string,
): Promise<Selectable<MarkOperationRow> | undefined> {
  return await db.selectFrom('mark_operations').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Operations of a sketch, newest first. */
export async function listOperations(
  db: Kysely<Schema>,
  sketchId: number,
  options: { limit?: number; before?: string; userId?: number },
): Promise<readonly MarkOperationRecord[]> {
  let query = db.selectFrom('mark_operations').selectAll().where('sketch_id', '=', sketchId)
  if (options.userId !== undefined) query = query.where('user_id', '=', options.userId)
  if (options.before !== undefined) {
    const before = await findOperation(db, options.before)
    if (before) query = query.where('ordinal', '<', before.ordinal)
  }
  const rows = await query
    .orderBy('ordinal', 'desc')
    .limit(Math.min(Math.max(1, options.limit ?? 100), MAX_HISTORY_PAGE))
    .execute()
  return await toOperationRecords(db, rows)
}

/** Makes records of rows, in their order. */
export async function toOperationRecords(
  db: Kysely<Schema>,
  rows: readonly Selectable<MarkOperationRow>[],
): Promise<readonly MarkOperationRecord[]> {
  const names = new Map<number, string>()
  const ids = [...new Set(rows.flatMap((row) => [row.user_id, row.undone_by_id ?? row.user_id]))]
  for (const some of chunk(ids)) {
    const users = await db.selectFrom('users').select(['id', 'username']).where('id', 'in', some).execute()
    for (const user of users) names.set(user.id, user.username)
  }
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id,
    userId: row.user_id,
    username: names.get(row.user_id) ?? '',
    kind: row.kind as MarkKind,
    value: row.value,
    queryText: row.query_text ?? undefined,
    matched: row.matched,
    changed: row.changed,
    state: row.state as MarkState,
    atMs: row.at_ms,
    undoneAtMs: row.undone_at_ms ?? undefined,
    undoneBy: row.undone_by_id === null ? undefined : names.get(row.undone_by_id),
  }))
}
