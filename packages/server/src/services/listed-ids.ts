import { type RawBuilder, sql } from 'kysely'

/**
 * Row ids as one parameter, for `where('id', 'in', …)`: however many they are, the statement is the same one, and no limit of
 * parameters has to be kept.
 */
export function listedIds(ids: readonly number[]): RawBuilder<number> {
  return sql<number>`(select value from json_each(${JSON.stringify(ids)}))`
}
