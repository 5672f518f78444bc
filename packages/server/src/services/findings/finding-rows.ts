import {
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type Selectable,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { AlertSchema, FindingRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { invalid, notFound } from '../../errors/domain-error.ts'
import { readableBy } from '../access/readable-by.ts'
import { holdsText } from '../holds-text.ts'
import { type FactSource, matchFact } from '../json-facts.ts'
import type { ServiceContext } from '../service-context.ts'
import { loadUsers } from '../users/load-users.ts'
import type { User } from '../users/user-service.ts'
import { isLatestCopy } from './copies.ts'
import type {
  Finding,
  FindingFilter,
  FindingKind,
  FindingPageOptions,
  FindingStatus,
  Resolution,
} from './finding.ts'

/** Most findings of one page. */
export const MAX_FINDINGS_PAGE = 1000
const DEFAULT_PAGE = 100
/** Fewer digits name too many. */
const MIN_UID_DIGITS = 6

/** The tables of findings. Both have the columns of `FindingRow`, which are all that is asked by this name. */
export const FINDING_TABLES: Readonly<Record<FindingKind, 'alerts'>> = {
  alert: 'alerts',
  incident: 'incidents' as 'alerts',
}

type Table = 'alerts'

/** As a condition that no index is chosen for: nearly all rows are of few sketches, and have to be sorted then. */
const ANY_SKETCH = sql<number | null>`+sketch_id`

/** Those that somebody may see: of sketches they may read, and those without one. */
export function isVisibleTo(
  principal: Principal,
): (where: ExpressionBuilder<Schema, Table>) => Expression<SqlBool> {
  return (where) =>
    where.or([
      where(ANY_SKETCH, 'is', null),
      where(
        ANY_SKETCH,
        'in',
        where
          .selectFrom('sketches')
          .select('sketches.id')
          .where('status', '!=', 'deleted')
          .where('sketches.id', 'in', readableBy(principal, 'sketch')),
      ),
    ])
}

/**
 * The row of a finding by its number, its uid, or the beginning of that.
 *
 * @throws {DomainError} `not-found`, also for what the caller may not see; `invalid` (`ambiguous-id`).
 */
export async function requireFindingRow(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  id: string,
): Promise<Selectable<AlertSchema['alerts']>> {
  const query = db.selectFrom(FINDING_TABLES[kind]).selectAll().where(isVisibleTo(principal))
  const digits = id.replaceAll('-', '').toLowerCase()
  const missing = (): Error => notFound(kind, id.slice(0, 64))
  if (/^\d{1,10}$/.test(id)) {
    const row = await query.where('id', '=', Number(id)).executeTakeFirst()
    if (row) return row
  }
  if (!/^[0-9a-f]+$/.test(digits) || digits.length < MIN_UID_DIGITS || digits.length > 32) throw missing()
  const rows = await query.where('uid', '>=', digits).where('uid', '<=', `${digits}g`).limit(2).execute()
  const [row, other] = rows
  if (!row) throw missing()
  if (other)
    throw invalid('ambiguous-id', `Several ${kind}s have an id that begins with ${digits}; give more of it.`)
  return row
}

/** As `requireFindingRow`, for whoever may also change it: write on its sketch, which is open. */
export async function requireOwnFindingRow(
  { db, access }: Pick<ServiceContext, 'db' | 'access'>,
  principal: Principal,
  kind: FindingKind,
  id: string,
): Promise<Selectable<AlertSchema['alerts']>> {
  const row = await requireFindingRow(db, principal, kind, id)
  if (row.sketch_id !== null) await access.requireOpenSketch(principal, row.sketch_id, 'write')
  return row
}

/** Where findings tell facts: the record of their platform. */
export const FINDING_FACTS: FactSource = [{ column: 'details_json' }]

const SORT_COLUMNS = { last: 'last_us', created: 'created_at_ms', updated: 'updated_at_ms' } as const

/** What else rows must be. */
export type FindingCondition = (where: ExpressionBuilder<Schema, Table>) => Expression<SqlBool>

/** Rows that answer, of those that somebody may see; nothing selected yet. */
export function selectFindings(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  filter: FindingFilter,
  more?: FindingCondition,
): SelectQueryBuilder<Schema, Table, object> {
  const query = db
    .selectFrom(FINDING_TABLES[kind])
    .where(isVisibleTo(principal))
    .where((where) => where.and(listConditions(where, filter)))
  const once = filter.isOncePerItem ? query.where(isLatestCopy(db, principal, kind, filter)) : query
  return more ? once.where(more) : once
}

/** A page of rows that answer, with how many do in all. */
export async function findFindingRows(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  filter: FindingFilter,
  options: FindingPageOptions,
  more?: FindingCondition,
): Promise<{
  readonly rows: readonly Selectable<AlertSchema['alerts']>[]
  readonly total: number
  readonly next: string | undefined
}> {
  const { total } = await selectFindings(db, principal, kind, filter, more)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { ...(await readFindingPage(db, principal, kind, filter, options, more)), total }
}

/** A page of rows that answer; it costs what the page costs, however many there are. */
export async function readFindingPage(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  filter: FindingFilter,
  options: FindingPageOptions,
  more?: FindingCondition,
): Promise<{
  readonly rows: readonly Selectable<AlertSchema['alerts']>[]
  readonly next: string | undefined
}> {
  let query = selectFindings(db, principal, kind, beginAt(filter, options), more)
  const column = SORT_COLUMNS[options.sort ?? 'last']
  const order = options.order ?? 'desc'
  const limit = readLimit(options)
  if (options.after !== undefined) query = query.where(beginAfter(column, order, readCursor(options.after)))
  const rows = await query
    .selectAll()
    .orderBy(column, order)
    .orderBy('id', order)
    .limit(limit + 1)
    .offset(options.offset ?? 0)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? `${last[column]}_${last.id}` : undefined }
}

/** How many findings a page has at most. */
export function readLimit({ limit = DEFAULT_PAGE }: FindingPageOptions): number {
  return Math.min(Math.max(1, limit), MAX_FINDINGS_PAGE)
}

/** What a filter asks of rows. */
export function listConditions(
  where: ExpressionBuilder<Schema, Table>,
  filter: FindingFilter,
): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = []
  const { statuses, resolutions, host, text, assignee } = filter
  if (filter.sketchId !== undefined)
    conditions.push(where(isOfTime(filter) ? ANY_SKETCH : 'sketch_id', '=', filter.sketchId))
  if (filter.organisationId !== undefined)
    conditions.push(where('organisation_id', '=', filter.organisationId))
  if (filter.lastCopyOf === 'all') conditions.push(where('later_copy', '=', 0))
  if (filter.lastCopyOf === 'organisation') conditions.push(where('later_copy', '<', 2))
  for (const fact of filter.facts ?? []) conditions.push(matchFact(FINDING_FACTS, fact))
  if (statuses) conditions.push(where('status', 'in', [...statuses]))
  if (filter.notStatuses) conditions.push(where('status', 'not in', [...filter.notStatuses]))
  if (filter.severities)
    conditions.push(where.or(filter.severities.map(({ from, to }) => where.between('severity', from, to))))
  if (resolutions)
    conditions.push(
      where.or([
        where(
          'resolution',
          'in',
          resolutions.filter((one) => one !== undefined),
        ),
        ...(resolutions.includes(undefined) ? [where('resolution', 'is', null)] : []),
      ]),
    )
  if (host !== undefined) conditions.push(where('host', '=', host.toLowerCase()))
  if (filter.minSeverity !== undefined) conditions.push(where('severity', '>=', filter.minSeverity))
  if (filter.maxSeverity !== undefined) conditions.push(where('severity', '<=', filter.maxSeverity))
  if (filter.fromUs !== undefined) conditions.push(where('last_us', '>=', toStoredUs(filter.fromUs)))
  if (filter.toUs !== undefined) conditions.push(where('first_us', '<=', toStoredUs(filter.toUs)))
  if (filter.createdFromMs !== undefined) conditions.push(where('created_at_ms', '>=', filter.createdFromMs))
  if (filter.createdToMs !== undefined) conditions.push(where('created_at_ms', '<=', filter.createdToMs))
  if (filter.updatedFromMs !== undefined) conditions.push(where('updated_at_ms', '>=', filter.updatedFromMs))
  if (filter.updatedToMs !== undefined) conditions.push(where('updated_at_ms', '<=', filter.updatedToMs))
  if (assignee !== undefined)
    conditions.push(
      where(
        'assignee_id',
        'in',
        where.selectFrom('users').select('users.id').where('username', '=', assignee),
      ),
    )
  if (text !== undefined) conditions.push(holdsText('title', text))
  return conditions
}

function isOfTime({ createdFromMs, createdToMs, updatedFromMs, updatedToMs }: FindingFilter): boolean {
  return [createdFromMs, createdToMs, updatedFromMs, updatedToMs].some((ms) => ms !== undefined)
}

const BOUNDS = {
  created: { asc: 'createdFromMs', desc: 'createdToMs' },
  updated: { asc: 'updatedFromMs', desc: 'updatedToMs' },
} as const

/**
 * A filter for a page that goes on from a place: what bounds the list begins there. Of two bounds an index is entered by the first,
 * and by that of the list each page would read all pages before it again.
 */
export function beginAt<Filter extends FindingFilter>(
  filter: Filter,
  { sort = 'last', order = 'desc', after }: FindingPageOptions,
): Filter {
  if (after === undefined) return filter
  const [value] = readCursor(after)
  if (sort === 'last') {
    const { fromUs } = filter
    const isBehind = order === 'asc' && fromUs !== undefined && fromUs < BigInt(value)
    return isBehind ? { ...filter, fromUs: BigInt(value) } : filter
  }
  const name = BOUNDS[sort][order]
  const bound = filter[name]
  if (bound === undefined) return filter
  return { ...filter, [name]: order === 'asc' ? Math.max(bound, value) : Math.min(bound, value) }
}

/** Rows beyond a place of a list in an order. */
export function beginAfter(
  column: (typeof SORT_COLUMNS)[keyof typeof SORT_COLUMNS],
  order: 'asc' | 'desc',
  [value, id]: readonly [value: number, id: number],
): FindingCondition {
  const [beyond, from] = order === 'desc' ? (['<', '<='] as const) : (['>', '>='] as const)
  return (where) =>
    // The first says no more than the second, and lets the index find where to begin.
    where.and([where(column, from, value), where.or([where(column, beyond, value), where('id', beyond, id)])])
}

/** The place that `next` of a page names. @throws {DomainError} `invalid` (`bad-cursor`). */
export function readCursor(text: string): readonly [value: number, id: number] {
  const match = /^(-?\d{1,16})_(\d{1,15})$/.exec(text)
  if (!match) throw invalid('bad-cursor', 'The next of a page was expected as the place to go on from.')
  return [Number(match[1]), Number(match[2])]
}

/** Microseconds as the database keeps them: exact from the year 1684 to 2255, and the nearest of these beyond. */
export function toStoredUs(us: bigint): number {
  const number = Number(us)
  return Math.min(Math.max(number, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

/** Users that rows of findings name. */
export async function loadFindingUsers(
  db: Kysely<Schema>,
  rows: readonly Pick<Selectable<FindingRow>, 'assignee_id' | 'closed_by_id'>[],
): Promise<ReadonlyMap<number, User>> {
  return await loadUsers(
    db,
    rows.flatMap(({ assignee_id, closed_by_id }) => [assignee_id, closed_by_id]),
  )
}

/** What a row says that alerts and incidents have in common. */
export function toFinding(row: Selectable<FindingRow>, users: ReadonlyMap<number, User>): Finding {
  return {
    id: row.id,
    uid: row.uid,
    organisationId: row.organisation_id,
    sketchId: row.sketch_id ?? undefined,
    title: row.title,
    severity: row.severity,
    host: row.host ?? undefined,
    account: row.account ?? undefined,
    firstUs: BigInt(row.first_us),
    lastUs: BigInt(row.last_us),
    status: row.status as FindingStatus,
    resolution: (row.resolution ?? undefined) as Resolution | undefined,
    reason: row.reason,
    assignee: row.assignee_id === null ? undefined : users.get(row.assignee_id),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    closedAtMs: row.closed_at_ms ?? undefined,
    closedBy: row.closed_by_id === null ? undefined : users.get(row.closed_by_id),
  }
}
