import { randomUUID } from 'node:crypto'
import type { Insertable, Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { FindingChangeRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { invalid } from '../../errors/domain-error.ts'
import { prepareRows } from '../many-rows.ts'
import type { FindingChange, FindingComment, FindingKind } from './finding.ts'

/** Longest comment, in UTF-16 units. */
const MAX_COMMENT_LENGTH = 65_536
/** Rows in one statement at most. */
const ROWS_AT_ONCE = 500

/** Something that happened to a finding. */
export interface FindingNote {
  readonly kind: FindingKind
  readonly findingId: number
  readonly action: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** Notes what happened to findings. @param principal - Undefined: the program itself. */
export async function noteFindingChanges(
  db: Kysely<Schema>,
  principal: Principal | undefined,
  notes: readonly FindingNote[],
  atMs: number,
): Promise<void> {
  await insertChanges(
    db,
    notes.map(({ kind, findingId, action, details = {} }) => ({
      kind,
      finding_id: findingId,
      user_id: principal?.userId ?? null,
      username: principal?.username ?? '',
      at_ms: atMs,
      action,
      details_json: JSON.stringify(details),
    })),
  )
}

const insertChanges = prepareRows(ROWS_AT_ONCE, (db, rows: readonly Insertable<FindingChangeRow>[]) =>
  db.insertInto('finding_changes').values(rows),
)

/** What happened to a finding, oldest first. */
export async function listFindingChanges(
  db: Kysely<Schema>,
  kind: FindingKind,
  findingId: number,
): Promise<readonly FindingChange[]> {
  const rows = await db
    .selectFrom('finding_changes')
    .selectAll()
    .where('kind', '=', kind)
    .where('finding_id', '=', findingId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    username: row.username,
    action: row.action,
    details: JSON.parse(row.details_json) as Record<string, unknown>,
  }))
}

/** Adds a remark. @throws {DomainError} `invalid` (`bad-comment`) for one that is empty or too long. */
export async function addFindingComment(
  db: Kysely<Schema>,
  principal: Principal,
  { kind, findingId, text, atMs }: Pick<FindingNote, 'kind' | 'findingId'> & { text: string; atMs: number },
): Promise<FindingComment> {
  if (text.trim() === '' || text.length > MAX_COMMENT_LENGTH)
    throw invalid(
      'bad-comment',
      `A comment has 1 to ${MAX_COMMENT_LENGTH} characters; this one has ${text.length}.`,
    )
  const uid = randomUUID()
  const { userId, username } = principal
  await db
    .insertInto('finding_comments')
    .values({ uid, kind, finding_id: findingId, user_id: userId, username, at_ms: atMs, text })
    .execute()
  return { uid, atMs, username, text }
}

/** The remarks on a finding, oldest first. */
export async function listFindingComments(
  db: Kysely<Schema>,
  kind: FindingKind,
  findingId: number,
): Promise<readonly FindingComment[]> {
  const rows = await db
    .selectFrom('finding_comments')
    .select(['uid', 'at_ms', 'username', 'text'])
    .where('kind', '=', kind)
    .where('finding_id', '=', findingId)
    .orderBy('id')
    .execute()
  return rows.map(({ uid, at_ms, username, text }) => ({ uid, atMs: at_ms, username, text }))
}
