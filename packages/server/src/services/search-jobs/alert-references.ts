import type { Query } from '@timeskein/query'
import { isDomainError } from '../../errors/domain-error.ts'

/** Fields by which a question asks for the events of an alert. */
const FIELDS: ReadonlySet<string> = new Set(['alert_short_ids', 'alert_short_id'])

/** Ids of the events of an alert; refuses with a `DomainError` for alerts that are not there. */
export type FindAlertEvents = (shortId: string) => Promise<readonly string[]>

/**
 * Puts the events of alerts in the place of conditions such as `alert_short_ids:ALxxxxxxxxxx`: no event says by itself which alerts it
 * has raised. An alert that the caller does not see has none.
 */
export async function resolveAlertReferences(query: Query, find: FindAlertEvents): Promise<Query> {
  switch (query.kind) {
    case 'and':
    case 'or':
      return { ...query, of: await Promise.all(query.of.map((part) => resolveAlertReferences(part, find))) }
    case 'not':
      return { kind: 'not', of: await resolveAlertReferences(query.of, find) }
    case 'wildcard': {
      if (query.field === undefined || !FIELDS.has(query.field)) return query
      return { kind: 'ids', values: await findOrNone(find, query.pattern) }
    }
    default:
      return query
  }
}

async function findOrNone(find: FindAlertEvents, shortId: string): Promise<readonly string[]> {
  try {
    return await find(shortId)
  } catch (error) {
    if (isDomainError(error)) return []
    throw error
  }
}
