import type { Query } from '@timeskein/query'
import { isDomainError } from '../../errors/domain-error.ts'
import { replaceConditions } from './replace-conditions.ts'

/** Fields by which a question asks for the events of an alert. */
const FIELDS: ReadonlySet<string> = new Set(['alert_short_ids', 'alert_short_id'])

/** Ids of the events of an alert; refuses with a `DomainError` for alerts that are not there. */
export type FindAlertEvents = (shortId: string) => Promise<readonly string[]>

/**
 * Puts the events of alerts in the place of conditions such as `alert_short_ids:ALxxxxxxxxxx`: no event says by itself which alerts it
 * has raised. An alert that the caller does not see has none.
 */
export async function resolveAlertReferences(query: Query, find: FindAlertEvents): Promise<Query> {
  return await replaceConditions(query, async (condition) => {
    if (condition.kind !== 'wildcard' || condition.field === undefined || !FIELDS.has(condition.field))
      return condition
    return { kind: 'ids', values: await findOrNone(find, condition.pattern) }
  })
}

async function findOrNone(find: FindAlertEvents, shortId: string): Promise<readonly string[]> {
  try {
    return await find(shortId)
  } catch (error) {
    if (isDomainError(error)) return []
    throw error
  }
}
