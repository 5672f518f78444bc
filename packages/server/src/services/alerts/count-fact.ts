import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { DomainError } from '../../errors/domain-error.ts'
import { FINDING_FACTS } from '../findings/finding-rows.ts'
import { factExpression } from '../json-facts.ts'
import { SharedTime } from '../shared-time.ts'
import { MAX_COUNTED_VALUES } from './alert-service.ts'
import { OWN_FACTS, type OwnFact } from './own-facts.ts'

/** Row numbers that are looked at in one statement: others get their turn between two. */
const IDS_AT_ONCE = 20_000

/**
 * How many alerts have each value of a fact that records tell, most first.
 *
 * @param select - Alerts that answer.
 * @param own - As `AlertService.countBy`.
 * @throws {DomainError} `too-large` (`too-many-values`).
 */
export async function countFact(
  db: Kysely<Schema>,
  select: () => SelectQueryBuilder<Schema, 'alerts', object>,
  path: string,
  own?: { readonly of: string; readonly fact: OwnFact },
): Promise<readonly { readonly value: string; readonly count: number }[]> {
  const { first, last } = await db
    .selectFrom('alerts')
    .select(({ fn }) => [fn.min('id').as('first'), fn.max('id').as('last')])
    .executeTakeFirstOrThrow()
  const told = factExpression(FINDING_FACTS, path)
  const value = own
    ? sql<string | null>`case when alerts.source = ${own.of} then ${told} else ${OWN_FACTS[own.fact]} end`
    : told
  const counts = new Map<string, number>()
  const time = new SharedTime()
  for (let start = first ?? 1; start <= (last ?? 0); start += IDS_AT_ONCE) {
    const rows = await select()
      .select(({ fn }) => [value.as('value'), fn.countAll<number>().as('count')])
      .where('id', '>=', start)
      .where('id', '<', start + IDS_AT_ONCE)
      .where(value, 'is not', null)
      .groupBy(value)
      .execute()
    for (const row of rows) {
      const text = String(row.value)
      counts.set(text, (counts.get(text) ?? 0) + row.count)
    }
    if (counts.size > MAX_COUNTED_VALUES)
      throw new DomainError(
        'too-large',
        'too-many-values',
        `There are more than ${MAX_COUNTED_VALUES} different values to count: ask for fewer alerts at once.`,
      )
    await time.share()
  }
  return [...counts]
    .map(([text, count]) => ({ value: text, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
