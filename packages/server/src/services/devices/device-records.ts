import { PLATFORMS } from '@timeskein/ingest/platforms'
import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { readableSketches } from '../access/readable-by.ts'
import { listedIds } from '../listed-ids.ts'
import type { DeviceFilter } from './device-service.ts'

/**
 * What a platform says of a device is of the sketch whose items brought it, and shown to those who may read that one: others may see
 * the host, and nothing of the record.
 */
type Where = ExpressionBuilder<Schema, 'devices'>

/** Of those that a filter asks about, the platforms that have a record which the caller may not see; mostly none has. */
export async function findHiddenPlatforms(
  db: Kysely<Schema>,
  principal: Principal,
  { facts, isOnline, seen }: Pick<DeviceFilter, 'facts' | 'isOnline' | 'seen'>,
): Promise<ReadonlySet<string>> {
  const asked = isOnline === undefined && seen === undefined ? (facts ? [facts.platform] : []) : PLATFORMS
  const hidden = new Set<string>()
  for (const platform of asked) {
    const ownerless = await db
      .selectFrom('device_names')
      .select('device_id')
      .where('platform', '=', platform)
      .where('sketch_id', 'is', null)
      .limit(1)
      .executeTakeFirst()
    const ofOthers = await db
      .selectFrom('sketches')
      .select('id')
      .where('id', 'not in', readableSketches(principal))
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('device_names')
            .select('device_id')
            .where('platform', '=', platform)
            .whereRef('device_names.sketch_id', '=', 'sketches.id'),
        ),
      )
      .limit(1)
      .executeTakeFirst()
    if (ownerless || ofOthers) hidden.add(platform)
  }
  return hidden
}

/** Whether the caller may not see a platform's record of a device. @param platform - Or a column that names it. */
export function isRecordHidden(
  where: Where,
  principal: Principal,
  platform: Expression<string>,
): Expression<SqlBool> {
  return where.exists(
    where
      .selectFrom('device_names')
      .select('device_names.device_id')
      .whereRef('device_names.device_id', '=', 'devices.id')
      .where('device_names.platform', '=', platform)
      .where((name) =>
        name.or([
          name('device_names.sketch_id', 'is', null),
          name('device_names.sketch_id', 'not in', readableSketches(principal)),
        ]),
      ),
  )
}

/** Row id -> platforms whose records the caller may not see; of those devices only that have one. */
export async function loadHiddenRecords(
  db: Kysely<Schema>,
  principal: Principal,
  deviceIds: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const hidden = new Map<number, Set<string>>()
  const rows = await db
    .selectFrom('device_names')
    .select(['device_id', 'platform'])
    .where('device_id', 'in', listedIds(deviceIds))
    .where((where) =>
      where.or([where('sketch_id', 'is', null), where('sketch_id', 'not in', readableSketches(principal))]),
    )
    .execute()
  for (const { device_id, platform } of rows)
    hidden.set(device_id, (hidden.get(device_id) ?? new Set()).add(platform))
  return hidden
}

/** What platforms say, without those that are hidden. */
export function withoutHidden(
  details: Readonly<Record<string, unknown>>,
  hidden: ReadonlySet<string> | undefined,
): Readonly<Record<string, unknown>> {
  if (hidden === undefined) return details
  return Object.fromEntries(Object.entries(details).filter(([platform]) => !hidden.has(platform)))
}
