import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { AlertSchema } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import type { FindingPageOptions } from '../findings/finding.ts'
import { beginAfter, readCursor } from '../findings/finding-rows.ts'

type Rows = SelectQueryBuilder<Schema, 'alerts', object>

/**
 * A page of alerts of some engines by when they were made. Each engine's first ones are read from the index and the page is taken of
 * them: it costs the same whether nearly all alerts are of those engines or nearly none.
 *
 * @param select - Alerts that answer, of whichever engine.
 */
export async function readPageByEngines(
  db: Kysely<Schema>,
  select: () => Rows,
  engines: readonly string[],
  { limit, order = 'desc', after }: FindingPageOptions & { readonly limit: number },
): Promise<{
  readonly rows: readonly Selectable<AlertSchema['alerts']>[]
  readonly next: string | undefined
}> {
  const place = after === undefined ? undefined : readCursor(after)
  const found: { id: number; created_at_ms: number }[] = []
  for (const engine of engines) {
    let query = ofEngine(select(), engine)
    if (place) query = query.where(beginAfter('created_at_ms', order, place))
    found.push(
      ...(await query
        .select(['id', 'created_at_ms'])
        .orderBy('created_at_ms', order)
        .orderBy('id', order)
        .limit(limit + 1)
        .execute()),
    )
  }
  const sign = order === 'desc' ? -1 : 1
  found.sort((a, b) => sign * (a.created_at_ms - b.created_at_ms || a.id - b.id))
  const page = found.slice(0, limit)
  const byId = new Map<number, Selectable<AlertSchema['alerts']>>()
  for (const some of chunk(page)) {
    const rows = await db
      .selectFrom('alerts')
      .selectAll()
      .where(
        'id',
        'in',
        some.map(({ id }) => id),
      )
      .execute()
    for (const row of rows) byId.set(row.id, row)
  }
  const last = page.at(-1)
  return {
    rows: page.map(({ id }) => byId.get(id)!),
    next: found.length > limit && last ? `${last.created_at_ms}_${last.id}` : undefined,
  }
}

/** How many alerts each engine has. */
export async function countByEngines(
  select: () => Rows,
  engines: readonly string[],
): Promise<readonly { readonly value: string; readonly count: number }[]> {
  const counts: { value: string; count: number }[] = []
  for (const engine of engines) {
    const { count } = await ofEngine(select(), engine)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (count > 0) counts.push({ value: engine, count })
  }
  return counts.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

/** Of any spelling of an engine. */
export function ofEngine(query: Rows, engine: string): Rows {
  return query.where(sql<string>`engine collate nocase`, '=', engine)
}
