import { type RawBuilder, sql } from 'kysely'

/**
 * Row ids as one parameter, for `where('id', 'in', …)`: however many they are, the statement is the same one. To build and prepare one
 * for each number of them takes longer than the look-ups.
 */
export function listedIds(ids: readonly number[]): RawBuilder<number> {
  return sql<number>`(select value from json_each(${JSON.stringify(ids)}))`
}
