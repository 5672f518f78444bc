import type { Principal } from '../../auth/principal.ts'
import { invalid, notFound } from '../../errors/domain-error.ts'
import type { ExploreQuestion, ExploreService } from '../explore/explore-service.ts'
import { MAX_MARK_IDS } from '../marks/carry-out-mark.ts'

/**
 * Ids of all events that answer a question, for acts that are done event by event.
 *
 * @throws {DomainError} `not-found` (`event-not-found`) when none answers, `invalid` (`too-many-events`) beyond `MAX_MARK_IDS`.
 */
export async function findEventIds(
  explore: ExploreService,
  principal: Principal,
  question: ExploreQuestion,
): Promise<readonly string[]> {
  const step: ExploreQuestion = { ...question, isStep: true }
  const count = await explore.count(principal, step)
  if (count === 0) throw notFound('event', 'that answers the query')
  if (count > MAX_MARK_IDS)
    throw invalid('too-many-events', `At most ${MAX_MARK_IDS} events can be meant here, found ${count}.`)
  const ids: string[] = []
  for await (const page of explore.scan(principal, step)) ids.push(...page.map((event) => event.id))
  return ids
}
