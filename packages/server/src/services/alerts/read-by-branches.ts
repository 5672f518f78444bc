import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { AlertSchema } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import type { FindingPageOptions } from '../findings/finding.ts'
import { beginAfter, readCursor } from '../findings/finding-rows.ts'

type Rows = SelectQueryBuilder<Schema, 'alerts', object>

/** Narrows alerts down to those of one index: of an engine, or about a device. */
export type Branch = (alerts: Rows) => Rows

/**
 * A page of alerts of any of some branches, by when they were made. Each branch's first ones are read from its index and the page is
 * taken of them: it costs the same whether nearly all alerts are of those branches or nearly none.
 *
 * @param select - Alerts that answer, of whichever branch.
 */
export async function readPageByBranches(
  db: Kysely<Schema>,
  select: () => Rows,
  branches: readonly Branch[],
  { limit, order = 'desc', after }: FindingPageOptions & { readonly limit: number },
): Promise<{
  readonly rows: readonly Selectable<AlertSchema['alerts']>[]
  readonly next: string | undefined
}> {
  const place = after === undefined ? undefined : readCursor(after)
  const parts = branches.map((branch) => {
    const query = branch(select())
    return (place ? query.where(beginAfter('created_at_ms', order, place)) : query).select([
      'id',
      'created_at_ms',
    ])
  })
  const [one, ...others] = parts
  if (!one) return { rows: [], next: undefined }
  // Parts that are ordered together are read from their indexes side by side, and no further than the page needs.
  const found = others
    .reduce((all, part) => all.union(part), one)
    .orderBy('created_at_ms', order)
    .orderBy('id', order)
    .limit(limit + 1)
  const rows = await db
    .selectFrom(found.as('found'))
    // Crossed, they are looked up one by one in the order in which they were found.
    .crossJoin('alerts')
    .selectAll('alerts')
    .whereRef('alerts.id', '=', 'found.id')
    .orderBy('found.created_at_ms', order)
    .orderBy('found.id', order)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? `${last.created_at_ms}_${last.id}` : undefined }
}

/** How many alerts each engine has. */
export async function countByEngines(
  select: () => Rows,
  engines: readonly string[],
): Promise<readonly { readonly value: string; readonly count: number }[]> {
  const counts: { value: string; count: number }[] = []
  for (const engine of engines) {
    const { count } = await ofEngine(engine)(select())
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (count > 0) counts.push({ value: engine, count })
  }
  return counts.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

/** Alerts of some engines: all there are where no alert is of another, as when a platform is asked for everything. */
export async function findEngineBranches(
  db: Kysely<Schema>,
  engines: readonly string[],
): Promise<readonly Branch[]> {
  if (await areAllEngines(db, engines)) return [(alerts) => alerts]
  return (await findUsedEngines(db, engines)).map(ofEngine)
}

/** Whether every alert is of one of some engines. A walk from engine to engine through their index: no alert is looked at. */
async function areAllEngines(db: Kysely<Schema>, engines: readonly string[]): Promise<boolean> {
  const known = new Set(engines.map((engine) => engine.toLowerCase()))
  const { rows } = await sql<{ engine: string | null }>`select engine from (with recursive used(engine) as (
      select * from (select engine from alerts order by engine collate nocase limit 1)
      union all
      select (select engine from alerts where engine collate nocase > used.engine
        order by engine collate nocase limit 1)
      from used where engine is not null)
    select engine from used limit ${known.size + 1})`.execute(db)
  // The walk ends in none; an alert without an engine is where it begins.
  return (
    rows.length > 1 &&
    rows.every(({ engine }, place) =>
      engine === null ? place === rows.length - 1 : known.has(engine.toLowerCase()),
    )
  )
}

/** Those of some engines that any alert is of: mostly few, and each costs a look of its own. */
export async function findUsedEngines(
  db: Kysely<Schema>,
  engines: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ engine: string }>`select asked.value as engine
    from json_each(${JSON.stringify(engines)}) as asked
    where exists (select 1 from alerts where engine collate nocase = asked.value)`.execute(db)
  return rows.map(({ engine }) => engine)
}

/** Of an engine, however it is spelt. */
export function ofEngine(engine: string): Branch {
  return (alerts) => alerts.where(sql<string>`engine collate nocase`, '=', engine)
}

/** About a device: of the id that a platform has for it, or of the device itself by either's id. */
export async function listTargetBranches(db: Kysely<Schema>, uid: string): Promise<readonly Branch[]> {
  const own = await db
    .selectFrom('devices')
    .select('id')
    .where('uid', '=', uid.replaceAll('-', '').toLowerCase())
    .execute()
  const named = await db
    .selectFrom('device_names')
    .select('device_id as id')
    .where('external_id', '=', uid)
    .execute()
  const ids = new Set([...own, ...named].map(({ id }) => id))
  return [
    (alerts) => alerts.where('target_id', '=', uid),
    ...[...ids].map(
      (id): Branch =>
        (alerts) =>
          alerts.where('device_id', '=', id),
    ),
  ]
}
