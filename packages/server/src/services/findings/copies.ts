import { type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { readableBy } from '../access/readable-by.ts'
import type { AlertFilter } from '../alerts/alert-service.ts'
import type { FindingFilter, FindingKind } from './finding.ts'

const TABLES = { alert: 'alerts', incident: 'incidents' } as const

/**
 * A filter that asks for items once only where there are copies of any: to ask it of each row takes time, and mostly no sketch has
 * what another one has.
 */
export async function forgoNeedlessOnce<Filter extends FindingFilter>(
  db: Kysely<Schema>,
  kind: FindingKind,
  filter: Filter,
): Promise<Filter> {
  if (!filter.isOncePerItem) return filter
  const isNeeded = filter.sketchId === undefined && (await hasCopies(db, kind))
  const { isOncePerItem: _needless, ...rest } = filter
  return isNeeded ? filter : (rest as Filter)
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
  return sql<SqlBool>`(${sql.ref(`${TABLES[kind]}.has_copies`)} = 0 or not ${hasLaterCopy(db, principal, kind, place)})`
}

/** A copy of an item of which somebody may see one that changed later. */
export function isEarlierCopy(
  db: Kysely<Schema>,
  principal: Principal,
  kind: FindingKind,
  place: CopyPlace,
): Expression<SqlBool> {
  return sql<SqlBool>`(${sql.ref(TABLES[kind])}.has_copies = 1 and ${hasLaterCopy(db, principal, kind, place)})`
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
    and (other.updated_at_ms, other.id) > (${own}.updated_at_ms, ${own}.id)
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
