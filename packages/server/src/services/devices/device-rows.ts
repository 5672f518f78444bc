import { PLATFORMS } from '@timeskein/ingest/platforms'
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
import type { DeviceRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { notFound } from '../../errors/domain-error.ts'
import { readableSketches } from '../access/readable-by.ts'
import { toStoredUs } from '../findings/finding-rows.ts'
import { type FactFilter, type FactSource, matchFact } from '../json-facts.ts'
import { listedIds } from '../listed-ids.ts'
import type { ServiceContext } from '../service-context.ts'
import { isRecordHidden, loadHiddenRecords, withoutHidden } from './device-records.ts'
import type { Device, DeviceDecision, DeviceFilter } from './device-service.ts'
import { END_OF_NAME, spanOfSharers, toNameKey } from './name-key.ts'

type Row = Selectable<DeviceRow>

/** Where facts of devices are told: what was decided here, then what a platform says. */
export function factSourceOf(platform: string): FactSource {
  return [{ column: 'decided_json' }, { column: 'details_json', at: platform }]
}

/**
 * Devices that answer, of those that somebody may see; nothing selected yet.
 *
 * @param hidden - As `findHiddenPlatforms` says for the filter.
 */
export function selectDevices(
  db: Kysely<Schema>,
  principal: Principal,
  filter: DeviceFilter,
  hidden: ReadonlySet<string> = new Set(),
): SelectQueryBuilder<Schema, 'devices', object> {
  const { sketchId, organisationId, text, name, ids, rowIds, isOnline, seen, facts } = filter
  let query = db.selectFrom('devices').where('removed_at_ms', 'is', null).where(isVisibleDevice(principal))
  if (sketchId !== undefined)
    query = query.where(
      'devices.id',
      'in',
      db.selectFrom('device_sketches').select('device_id').where('sketch_id', '=', sketchId),
    )
  // No index is chosen for it: nearly all are of one, and would have to be sorted.
  if (organisationId !== undefined) query = query.where(sql<number>`+organisation_id`, '=', organisationId)
  if (text !== undefined) query = query.where((where) => isInName(where, text))
  if (name !== undefined) query = query.where((where) => isNamed(where, name))
  if (ids !== undefined) query = query.where((where) => isOneOf(where, principal, ids))
  if (rowIds !== undefined) query = query.where('devices.id', 'in', [...rowIds])
  if (isOnline !== undefined)
    query = query.where((where) => {
      const isTold = saysOnline(where, principal, hidden)
      return isOnline ? isTold : where.not(isTold)
    })
  if (seen !== undefined) query = query.where((where) => wasSeen(where, principal, seen, hidden))
  for (const fact of facts?.all ?? [])
    query = query.where((where) => matchTold(where, principal, facts!.platform, fact, hidden))
  return query
}

/** A key may go on after the name. */
function isInName(where: ExpressionBuilder<Schema, 'devices'>, text: string): Expression<SqlBool> {
  const at = where.fn<number>('instr', ['name_key', where.val(toNameKey(text))])
  return where.and([
    where(at, '>', 0),
    where(at, '<=', sql<number>`instr(name_key || ${END_OF_NAME}, ${END_OF_NAME})`),
  ])
}

function isNamed(where: ExpressionBuilder<Schema, 'devices'>, name: string): Expression<SqlBool> {
  const key = toNameKey(name)
  const { start, end } = spanOfSharers(key)
  return where.and([
    where('name_key', '>=', key),
    where('name_key', '<', end),
    where.or([where('name_key', '=', key), where('name_key', '>=', start)]),
  ])
}

/** By what was decided and what the platform says, or by the former alone where the record is not for the caller. */
function matchTold(
  where: ExpressionBuilder<Schema, 'devices'>,
  principal: Principal,
  platform: string,
  fact: FactFilter,
  hidden: ReadonlySet<string>,
): Expression<SqlBool> {
  const told = matchFact(factSourceOf(platform), fact)
  // Without this an index over the facts answers.
  if (!hidden.has(platform)) return told
  const isHidden = isRecordHidden(where, principal, where.val(platform))
  return where.or([
    where.and([where.not(isHidden), told]),
    where.and([isHidden, matchFact([{ column: 'decided_json' }], fact)]),
  ])
}

/** In the records of whichever platforms, of those that the caller may read. */
function saysOnline(
  where: ExpressionBuilder<Schema, 'devices'>,
  principal: Principal,
  hidden: ReadonlySet<string>,
): Expression<SqlBool> {
  const isTold = where('is_online', '=', 1)
  if (hidden.size === 0) return isTold
  const isHidden = isRecordHidden(where, principal, sql<string>`record.key`)
  // As `is_online` is made of all records.
  const isIn = ['"online":true', '"status":"online"'].map((text) =>
    where(where.fn<number>('instr', [sql<string>`record.value`, where.val(text)]), '>', 0),
  )
  return where.and([
    isTold,
    sql<SqlBool>`exists (select 1 from json_each(case when json_valid(details_json) then details_json end) as record
      where ${where.or(isIn)} and not ${isHidden})`,
  ])
}

function wasSeen(
  where: ExpressionBuilder<Schema, 'devices'>,
  principal: Principal,
  { fromUs, toUs }: NonNullable<DeviceFilter['seen']>,
  hidden: ReadonlySet<string>,
): Expression<SqlBool> {
  const lastUs = where.fn.coalesce(
    where
      .selectFrom('device_sketches')
      .select(({ fn }) => fn.max('last_us').as('last'))
      .whereRef('device_id', '=', 'devices.id')
      .where('sketch_id', 'in', readableSketches(principal)),
    where(where.ref('devices.created_at_ms'), '*', 1000),
  )
  return where.or([
    saysOnline(where, principal, hidden),
    // One comparison: the sightings are looked up once.
    where.between(
      lastUs,
      fromUs === undefined ? Number.MIN_SAFE_INTEGER : toStoredUs(fromUs),
      toUs === undefined ? Number.MAX_SAFE_INTEGER : toStoredUs(toUs),
    ),
  ])
}

function isOneOf(
  where: ExpressionBuilder<Schema, 'devices'>,
  principal: Principal,
  ids: readonly string[],
): Expression<SqlBool> {
  const digits = ids.map((id) => id.replaceAll('-', '').toLowerCase())
  return where.or([
    where('uid', 'in', digits),
    ...digits
      .filter((id) => /^[0-9a-f]{24}$/.test(id))
      .map((id) => where.and([where('uid', '>=', id), where('uid', '<=', `${id}g`)])),
    where(
      'devices.id',
      'in',
      where
        .selectFrom('device_names')
        .select('device_names.device_id')
        .where('external_id', 'in', [...ids])
        .where('device_names.sketch_id', 'in', readableSketches(principal)),
    ),
    isNamedByAlerts(where, principal, ids),
  ])
}

/**
 * Whether it is the host of an id that alerts of a platform name, and nothing else that the caller may see: of each id that of the latest
 * alert. Platforms name devices by their ids in events also where no list of devices came.
 */
function isNamedByAlerts(
  where: ExpressionBuilder<Schema, 'devices'>,
  principal: Principal,
  ids: readonly string[],
): Expression<SqlBool> {
  const asked = sql<{ id: string }>`(select value as id from json_each(${JSON.stringify(ids)}))`.as('asked')
  const hosts = where
    .selectFrom(asked)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('device_names')
            .select('device_names.device_id')
            .where('device_names.platform', 'in', [...PLATFORMS])
            .whereRef('device_names.external_id', '=', 'asked.id')
            .where('device_names.sketch_id', 'in', readableSketches(principal)),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('devices as own')
            .select('own.id')
            .where('own.uid', '=', sql<string>`replace(lower(asked.id), '-', '')`),
        ),
      ),
    )
    .select(({ selectFrom }) =>
      selectFrom('alerts')
        .select('alerts.device_id')
        .whereRef('alerts.target_id', '=', 'asked.id')
        .where('alerts.device_id', 'is not', null)
        .where('alerts.sketch_id', 'in', readableSketches(principal))
        .orderBy('alerts.created_at_ms', 'desc')
        .orderBy('alerts.id', 'desc')
        .limit(1)
        .as('device_id'),
    )
    // Where there is none, null is in no list.
    .$castTo<{ device_id: number }>()
  return where('devices.id', 'in', hosts)
}

/** The row of a device by an id of ours or of a platform. @throws {DomainError} `not-found` (`device-not-found`). */
export async function requireDeviceRow(db: Kysely<Schema>, principal: Principal, id: string): Promise<Row> {
  const row = await selectDevices(db, principal, { ids: [id] })
    .selectAll()
    .orderBy('devices.id')
    .executeTakeFirst()
  if (!row) throw notFound('device', id.slice(0, 64))
  return row
}

/** As `requireDeviceRow`, for whoever may also change it: write on every sketch in which it was seen. */
export async function requireOwnDeviceRow(
  { db, access }: Pick<ServiceContext, 'db' | 'access'>,
  principal: Principal,
  id: string,
): Promise<Row> {
  const row = await requireDeviceRow(db, principal, id)
  const seenIn = await db
    .selectFrom('device_sketches')
    .innerJoin('sketches', 'sketches.id', 'device_sketches.sketch_id')
    .select('sketch_id')
    .where('device_id', '=', row.id)
    .where('sketches.status', '!=', 'deleted')
    .execute()
  for (const { sketch_id } of seenIn) await access.requireSketch(principal, sketch_id, 'write')
  return row
}

function isVisibleDevice(
  principal: Principal,
): (where: ExpressionBuilder<Schema, 'devices'>) => Expression<SqlBool> {
  return (where) =>
    where.or([
      where('source', '!=', 'events'),
      where.exists(
        where
          .selectFrom('device_sketches')
          .select('sketch_id')
          .whereRef('device_id', '=', 'devices.id')
          .where('sketch_id', 'in', readableSketches(principal)),
      ),
    ])
}

/** Makes devices of rows, in their order. */
export async function toDevices(
  db: Kysely<Schema>,
  principal: Principal,
  rows: readonly Row[],
): Promise<readonly Device[]> {
  const spans = new Map<number, { first: number; last: number }>()
  const ids = rows.map(({ id }) => id)
  const found = await db
    .selectFrom('device_sketches')
    .select(({ fn }) => ['device_id', fn.min('first_us').as('first'), fn.max('last_us').as('last')])
    .where('device_id', 'in', listedIds(ids))
    .where('sketch_id', 'in', readableSketches(principal))
    .groupBy('device_id')
    .execute()
  for (const { device_id, first, last } of found) spans.set(device_id, { first, last })
  const hidden = await loadHiddenRecords(db, principal, ids)
  return rows.map((row) => {
    const span = spans.get(row.id)
    return {
      id: row.id,
      uid: row.uid,
      organisationId: row.organisation_id,
      name: row.name,
      source: row.source,
      details: withoutHidden(JSON.parse(row.details_json) as Record<string, unknown>, hidden.get(row.id)),
      decided: JSON.parse(row.decided_json) as DeviceDecision,
      firstUs: span && BigInt(span.first),
      lastUs: span && BigInt(span.last),
      createdAtMs: row.created_at_ms,
      updatedAtMs: row.updated_at_ms,
    }
  })
}
