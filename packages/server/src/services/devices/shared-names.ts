import { type Kysely, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { END_OF_NAME, readNameOfKey } from './name-key.ts'

type Asked = Schema & { readonly asked: { readonly name: string } }

/** Devices of names in the form of `toNameKey`: the one that is told by the name alone, and those that share it. */
export function selectNamed(
  db: Kysely<Schema>,
  organisationId: number,
  nameKeys: readonly string[],
): SelectQueryBuilder<Asked, 'devices' | 'asked', object> {
  // The first condition is that of the index; names with control characters may stand between a name and those who share it.
  return selectFromKey(db, organisationId, nameKeys, sql`asked.name`).where(({ or, eb, ref }) =>
    or([
      eb('devices.name_key', '=', ref('asked.name')),
      eb('devices.name_key', '>=', sql<string>`asked.name || ${END_OF_NAME}`),
    ]),
  )
}

/** Those of them that are not told by the name alone; mostly there are none. */
function selectSharers(
  db: Kysely<Schema>,
  organisationId: number,
  nameKeys: readonly string[],
): SelectQueryBuilder<Asked, 'devices' | 'asked', object> {
  return selectFromKey(db, organisationId, nameKeys, sql`asked.name || ${END_OF_NAME}`)
}

function selectFromKey(
  db: Kysely<Schema>,
  organisationId: number,
  nameKeys: readonly string[],
  start: RawBuilder<unknown>,
): SelectQueryBuilder<Asked, 'devices' | 'asked', object> {
  const asked = sql<{ name: string }>`(select value as name from json_each(${JSON.stringify(nameKeys)}))`
  // A cross join is carried out from left to right: each name is looked up in the index of keys.
  return db
    .selectFrom(asked.as('asked'))
    .crossJoin('devices')
    .where('devices.organisation_id', '=', organisationId)
    .where(sql<SqlBool>`devices.name_key >= ${start}`)
    .where(sql<SqlBool>`devices.name_key < asked.name || ' '`) as SelectQueryBuilder<
    Asked,
    'devices' | 'asked',
    object
  >
}

/**
 * Which device a name means that several have: one that is in above one that was taken out, of these the one that was last seen in the
 * sketches that tell the name, else the one that is known for longest. Whoever may write elsewhere does not decide it.
 *
 * @returns Key by name, of those names alone that several devices have, or one whose key is not the name.
 */
export async function chooseSharedNames(
  db: Kysely<Schema>,
  organisationId: number,
  nameKeys: readonly string[],
  sketchIds: readonly number[],
): Promise<ReadonlyMap<string, string>> {
  const chosen = new Map<string, string>()
  for (const some of chunk(nameKeys)) {
    const sharers = await selectSharers(db, organisationId, some).select('devices.name_key').execute()
    if (sharers.length === 0) continue
    const shared = [...new Set(sharers.map(({ name_key: key }) => readNameOfKey(key)))]
    const rows = await selectNamed(db, organisationId, shared)
      .select('devices.name_key')
      .orderBy(sql`devices.removed_at_ms is null`, 'desc')
      .orderBy(
        ({ selectFrom }) =>
          selectFrom('device_sketches')
            .select(({ fn }) => fn.max('last_us').as('last'))
            .whereRef('device_sketches.device_id', '=', 'devices.id')
            .where('sketch_id', 'in', sketchIds),
        (order) => order.desc().nullsLast(),
      )
      .orderBy('devices.id')
      .execute()
    for (const { name_key: key } of rows) {
      const name = readNameOfKey(key)
      if (!chosen.has(name)) chosen.set(name, key)
    }
  }
  return chosen
}
