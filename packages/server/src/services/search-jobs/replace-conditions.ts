import type { Query } from '@timeskein/query'

/** A query with other conditions in the place of its own: of what joins them, everything stays. */
export async function replaceConditions(
  query: Query,
  replace: (condition: Query) => Promise<Query>,
): Promise<Query> {
  switch (query.kind) {
    case 'and':
    case 'or':
      return { ...query, of: await Promise.all(query.of.map((part) => replaceConditions(part, replace))) }
    case 'not':
      return { kind: 'not', of: await replaceConditions(query.of, replace) }
    default:
      return await replace(query)
  }
}
