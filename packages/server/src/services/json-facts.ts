import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'

/** Where facts of rows are told: members of JSON columns, of which the first that has one counts. */
export type FactSource = readonly {
  /** With its table where the query has several. */
  readonly column: string
  /** Members on the way, with dots; empty for the top. */
  readonly at?: string
}[]

/** Which rows, by a fact that JSON columns tell. */
export interface FactFilter {
  /** Members on the way to it, with dots; names of ours only, never of a caller. */
  readonly path: string
  /** One of these, in any case; booleans are `true` and `false`. */
  readonly oneOf?: readonly string[]
  /** It is a list, of which one member is enough. */
  readonly isList?: boolean
  /** What counts where nothing is told. */
  readonly ifMissing?: string
  /** Only those that tell something, or nothing. */
  readonly isTold?: boolean
}

/**
 * A fact as SQL. Literal throughout, so that an index over the same expression answers. JSON that SQLite cannot read, of more than a
 * thousand levels, tells nothing.
 */
export function factExpression(
  source: FactSource,
  path: string,
  ifMissing?: string,
): RawBuilder<string | null> {
  const parts = source.map(({ column, at = '' }) => {
    const whole = at === '' ? path : `${at}.${path}`
    if (!/^[A-Za-z0-9_.]+$/.test(whole)) throw new RangeError(`"${whole}" is no path of members`)
    const json = sql.ref(column)
    return sql`case when json_valid(${json}) then json_extract(${json}, ${sql.lit(`$.${whole}`)}) end`
  })
  const all = ifMissing === undefined ? parts : [...parts, sql`${sql.lit(ifMissing)}`]
  return all.length === 1 ? (all[0] as RawBuilder<string | null>) : sql`coalesce(${sql.join(all)})`
}

/** The condition that a filter is. */
export function matchFact(source: FactSource, filter: FactFilter): Expression<SqlBool> {
  const { path, oneOf, isList = false, ifMissing, isTold } = filter
  const value = factExpression(source, path, ifMissing)
  const conditions: Expression<SqlBool>[] = []
  if (isTold !== undefined) conditions.push(isTold ? sql`${value} is not null` : sql`${value} is null`)
  if (oneOf !== undefined) {
    const wanted = sql.join(oneOf.flatMap(toStored))
    conditions.push(
      isList
        ? sql`exists (select 1 from json_each(${asList(value)}) as one where lower(one.value) in (${wanted}))`
        : sql`lower(${value}) in (${wanted})`,
    )
  }
  return conditions.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

/** A list, or what a platform tells in place of one: a single member. */
function asList(value: RawBuilder<string | null>): RawBuilder<string> {
  return sql`case when json_valid(${value}) then ${value} else json_array(${value}) end`
}

/** SQLite reads booleans of JSON as 1 and 0. */
function toStored(value: string): readonly string[] {
  const lower = value.toLowerCase()
  return lower === 'true' ? ['true', '1'] : lower === 'false' ? ['false', '0'] : [lower]
}
