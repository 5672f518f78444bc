import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { AlertSchema } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { invalid, notFound } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import type { FindingDecision, FindingKind, FindingStatus } from './finding.ts'
import { isEnded } from './finding.ts'
import { addFindingComment, type FindingNote, noteFindingChanges } from './finding-notes.ts'
import { FINDING_TABLES } from './finding-rows.ts'

type Row = Selectable<AlertSchema['alerts']>

/**
 * Carries out what somebody decided about a finding, with its history; does nothing where all of it is so already.
 *
 * @throws {DomainError} `not-found` (`user-not-found`), `invalid` (`bad-severity`, `bad-name`).
 */
export async function decideFinding(
  context: ServiceContext,
  principal: Principal,
  kind: FindingKind,
  row: Row,
  decision: FindingDecision,
): Promise<void> {
  const made = await context.db
    .transaction()
    .execute((transaction) => writeDecision(transaction, principal, { kind, row }, decision, context.now()))
  if (made) await tellDecision(context, principal, made)
}

/** A finding that was decided about, and what that changed. */
export interface MadeDecision {
  readonly kind: FindingKind
  readonly row: Row
  readonly notes: readonly FindingNote[]
}

/**
 * Writes a decision down, in a transaction that may have others; `tellDecision` follows when it has ended.
 *
 * @returns Undefined where all of it is so already.
 * @throws As `decideFinding`.
 */
export async function writeDecision(
  db: Kysely<Schema>,
  principal: Principal,
  { kind, row }: Pick<MadeDecision, 'kind' | 'row'>,
  decision: FindingDecision,
  now: number,
): Promise<MadeDecision | undefined> {
  const change = await toColumns(db, principal, row, decision, now)
  const notes = describeChanges(kind, row, change, decision)
  if (notes.length === 0) return undefined
  await db
    .updateTable(FINDING_TABLES[kind])
    .set({ ...change, updated_at_ms: now })
    .where('id', '=', row.id)
    .execute()
  await noteFindingChanges(db, principal, notes, now)
  return { kind, row, notes }
}

/** Puts a decision into the audit log, and tells those who look at its sketch. */
export async function tellDecision(
  context: ServiceContext,
  principal: Principal,
  { kind, row, notes }: MadeDecision,
): Promise<void> {
  await context.audit.record(principal, {
    action: `${kind}.update`,
    subject: `${kind}/${row.uid}`,
    ...(row.sketch_id === null ? {} : { sketchId: row.sketch_id }),
    details: Object.fromEntries(notes.map(({ action, details }) => [action, details?.['to'] ?? null])),
  })
  await tellViewers(context, kind, row)
}

/** Adds a remark to a finding. */
export async function commentFinding(
  context: ServiceContext,
  principal: Principal,
  kind: FindingKind,
  row: Row,
  text: string,
): Promise<Awaited<ReturnType<typeof addFindingComment>>> {
  const now = context.now()
  const comment = await context.db.transaction().execute(async (transaction) => {
    const added = await addFindingComment(transaction, principal, {
      kind,
      findingId: row.id,
      text,
      atMs: now,
    })
    await noteFindingChanges(
      transaction,
      principal,
      [{ kind, findingId: row.id, action: 'comment', details: { uid: added.uid } }],
      now,
    )
    await transaction
      .updateTable(FINDING_TABLES[kind])
      .set({ updated_at_ms: now })
      .where('id', '=', row.id)
      .execute()
    return added
  })
  await context.audit.record(principal, {
    action: `${kind}.comment`,
    subject: `${kind}/${row.uid}`,
    ...(row.sketch_id === null ? {} : { sketchId: row.sketch_id }),
  })
  await tellViewers(context, kind, row)
  return comment
}

async function tellViewers(context: ServiceContext, kind: FindingKind, row: Row): Promise<void> {
  if (row.sketch_id !== null) await noteChange(context, row.sketch_id, 'alerts', { [kind]: row.uid })
}

type Columns = Partial<
  Pick<
    Row,
    | 'status'
    | 'resolution'
    | 'reason'
    | 'assignee_id'
    | 'severity'
    | 'title'
    | 'closed_at_ms'
    | 'closed_by_id'
  >
>

async function toColumns(
  db: Kysely<Schema>,
  principal: Principal,
  row: Row,
  decision: FindingDecision,
  now: number,
): Promise<Columns> {
  const { status, reason, assignee, severity, title } = decision
  if (severity !== undefined && !(Number.isInteger(severity) && severity >= 0 && severity <= 100))
    throw invalid('bad-severity', `A severity is a whole number from 0 to 100; found ${severity}.`)
  if (title !== undefined) requireName('title', title)
  return {
    ...(status === undefined ? {} : describeStatus(row, status, principal.userId, now)),
    ...('resolution' in decision ? { resolution: decision.resolution ?? null } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(severity === undefined ? {} : { severity }),
    ...(title === undefined ? {} : { title }),
    ...(assignee === undefined ? {} : { assignee_id: await findUserId(db, assignee) }),
  }
}

/** A finding that is taken up again forgets how it was closed; its history does not. */
export function describeStatus(
  row: Pick<Row, 'status' | 'resolution'>,
  status: FindingStatus,
  userId: number | null,
  now: number,
): Columns {
  if (row.status === status) return {}
  if (isEnded(status)) {
    const resolution = status === 'rejected' ? (row.resolution ?? 'false-positive') : row.resolution
    return { status, resolution, closed_at_ms: now, closed_by_id: userId }
  }
  const wasEnded = isEnded(row.status as FindingStatus)
  return {
    status,
    ...(wasEnded ? { resolution: null, reason: '', closed_at_ms: null, closed_by_id: null } : {}),
  }
}

async function findUserId(db: Kysely<Schema>, username: string | null): Promise<number | null> {
  if (username === null) return null
  const user = await db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirst()
  if (!user) throw notFound('user', username.slice(0, 64))
  return user.id
}

const TOLD_COLUMNS = ['status', 'resolution', 'reason', 'severity', 'title'] as const

function describeChanges(
  kind: FindingKind,
  row: Row,
  change: Columns,
  decision: FindingDecision,
): readonly FindingNote[] {
  const notes: FindingNote[] = TOLD_COLUMNS.filter(
    (column) => change[column] !== undefined && change[column] !== row[column],
  ).map((column) => ({
    kind,
    findingId: row.id,
    action: column,
    details: { from: row[column], to: change[column] },
  }))
  if (change.assignee_id !== undefined && change.assignee_id !== row.assignee_id)
    notes.push({ kind, findingId: row.id, action: 'assignee', details: { to: decision.assignee ?? null } })
  return notes
}
