import type { ApiAsks } from '@timeskein/model'
import type { Aggregations } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import { aggregateTimes, aggregateValues } from './event-aggregations.ts'
import { DEFAULT_PAGE_SIZE, type ExploreQuestion, type ExploreService } from './explore-service.ts'

/**
 * How a question would be answered, one step a line.
 *
 * @param asks - What is asked of the events that answer. @default a page of them
 * @throws {DomainError} `invalid` (`bad-interval`, `no-timelines`).
 */
export async function explainQuestion(
  explore: ExploreService,
  principal: Principal,
  question: ExploreQuestion,
  asks: ApiAsks = { kind: 'page' },
): Promise<readonly string[]> {
  const ask = async (size: number, aggregations?: Aggregations): Promise<readonly string[]> =>
    await explore.explain(principal, {
      ...question,
      size,
      ...(aggregations === undefined ? {} : { aggregations }),
    })
  switch (asks.kind) {
    case 'page':
      return await ask(DEFAULT_PAGE_SIZE)
    case 'count':
      return [...(await ask(0)), 'then: count the events']
    case 'histogram': {
      const interval = asks.interval ?? 'what fits'
      return [
        ...(await ask(0, { time: aggregateTimes(asks.interval) })),
        `then: count the events by time (interval: ${interval})`,
      ]
    }
    case 'top':
      return [
        ...(await ask(0, { top: aggregateValues(asks.field, asks.size) })),
        `then: count the values of ${asks.field}, keep the ${asks.size} commonest`,
      ]
    default:
      return asks satisfies never
  }
}
