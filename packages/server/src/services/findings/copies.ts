import {
  type Expression,
  type Kysely,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { readableBy } from '../access/readable-by.ts'
import type { AlertFilter } from '../alerts/alert-service.ts'
import type { FindingFilter, FindingKind } from './finding.ts'

const TABLES = { alert: 'alerts', incident: 'incidents' } as const

/**
 * A filter that asks for items once in the way that costs least. Mostly no sketch has what another one has, and there is nothing to
 * ask; who may see all copies is told which ones are earlier as it is written down; only for others each is compared with those that
 * they may see.
 */
export async function settleOnce<Filter extends FindingFilter & CopyPlace>(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  filter: Filter,
): Promise<Filter> {
  if (!filter.isOncePerItem) return filter
  const { isOncePerItem: _settled, ...rest } = filter
  const { sketchId, organisationId, incidentId, incidentIds, deviceId } = filter
  if (sketchId !== undefined || !(await hasCopies(db, kind))) return rest as Filter
  const isOfFew = [incidentId, incidentIds, deviceId].some((one) => one !== undefined)
  if (isOfFew || !(await maySeeAllCopies(db, principal, kind, organisationId))) return filter
  return { ...(rest as Filter), lastCopyOf: organisationId === undefined ? 'all' : 'organisation' }
}

async function hasCopies(db: Kysely<Schema>, kind: FindingKind): Promise<boolean> {
  // Literal: the index holds only such rows.
  const row = await db
    .selectFrom(TABLES[kind])
    .select('id')
    .where(sql<SqlBool>`has_copies = 1`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function maySeeAllCopies(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  organisationId: number | undefined,
): Promise<boolean> {
  return (await selectUnseenCopies(db, principal, kind, organisationId).executeTakeFirst()) === undefined
}

/** A sketch with copies that somebody may not see; each costs one look, however many copies it has. */
export function selectUnseenCopies(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  organisationId: number | undefined,
): SelectQueryBuilder<Schema, 'sketches', { id: number }> {
  const own = sql.table(TABLES[kind])
  const place = organisationId === undefined ? sql`` : sql` and copy.organisation_id = ${organisationId}`
  return db
    .selectFrom('sketches')
    .select('sketches.id')
    .where((where) =>
      where.or([
        where('status', '=', 'deleted'),
        where.not(where('sketches.id', 'in', readableBy(principal, 'sketch'))),
      ]),
    )
    .where(
      sql<SqlBool>`exists (select 1 from ${own} as copy
        where copy.has_copies = 1 and copy.sketch_id = sketches.id${place})`,
    )
    .limit(1)
}

/** What a filter says of where items hang: a copy that hangs elsewhere, or nowhere, stands for none of those that are asked for. */
export type CopyPlace = Pick<FindingFilter, 'organisationId'> &
  Pick<AlertFilter, 'incidentId' | 'incidentIds' | 'deviceId'>

/** Of copies of an item that somebody may see, the one that changed last; and all that is no copy. */
export function isLatestCopy(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  place: CopyPlace,
): Expression<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${TABLES[kind]}.later_copy`)} = 0 or not ${hasLaterCopy(db, principal, kind, place)})`
}

/** A copy of an item of which somebody may see one that changed later. */
export function isEarlierCopy(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  place: CopyPlace,
): Expression<SqlBool> {
  return sql<SqlBool>`(${sql.ref(TABLES[kind])}.later_copy > 0 and ${hasLaterCopy(db, principal, kind, place)})`
}

function hasLaterCopy(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  place: CopyPlace,
): Expression<SqlBool> {
  const own = sql.table(TABLES[kind])
  // As `makeEntryKey` makes keys: the sketch is their end.
  const item = sql`rtrim(${own}.source_key, '0123456789]')`
  const readable = db
    .selectFrom('sketches')
    .select('sketches.id')
    .where('status', '!=', 'deleted')
    .where((where) => where('sketches.id', 'in', readableBy(principal, 'sketch')))
  // Found by its key: with any other index chosen each copy would go through all there is of a sketch.
  return sql<SqlBool>`exists (select 1 from ${own} as other
    where other.source_key > ${item} and other.source_key < ${item} || ':'
    and +other.has_copies = 1 and (other.updated_at_ms, other.id) > (${own}.updated_at_ms, ${own}.id)
    and (+other.sketch_id is null or +other.sketch_id in ${readable})
    and ${sql.join([sql`1`, ...listPlaces(place)], sql` and `)})`
}

function listPlaces({ organisationId, incidentId, incidentIds, deviceId }: CopyPlace): RawBuilder<unknown>[] {
  return [
    ...(organisationId === undefined ? [] : [sql`+other.organisation_id = ${organisationId}`]),
    ...(incidentId === undefined ? [] : [sql`+other.incident_id = ${incidentId}`]),
    ...(incidentIds === undefined ? [] : [sql`+other.incident_id in (${sql.join([...incidentIds])})`]),
    ...(deviceId === undefined ? [] : [sql`+other.device_id = ${deviceId}`]),
  ]
}
