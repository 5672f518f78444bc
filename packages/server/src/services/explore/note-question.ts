import { type Aggregations, printQuery } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import type { ServiceContext } from '../service-context.ts'
import type { ExploreQuestion, ResolvedScope } from './explore-service.ts'

/** Characters of a question that the audit log keeps. */
const MAX_QUESTION_LENGTH = 2000

/** What is done with the events that answer. */
export type AskingAction = 'event.search' | 'event.count' | 'event.scan' | 'event.explain'

/**
 * Enters in the audit log who asked what of which timelines, before it is answered; never what was found. A question that is
 * a step of another act is left to that act.
 */
export async function noteQuestion(
  context: Pick<ServiceContext, 'audit'>,
  principal: Principal,
  action: AskingAction,
  question: ExploreQuestion & { readonly aggregations?: Aggregations },
  { timelines }: ResolvedScope,
): Promise<void> {
  if (question.isStep) return
  const text = printQuery(question.query)
  const aggregations = Object.values(question.aggregations ?? {})
  await context.audit.note(principal, {
    action,
    subject: `sketch/${question.sketchId}`,
    sketchId: question.sketchId,
    details: {
      query: text.slice(0, MAX_QUESTION_LENGTH),
      ...(text.length > MAX_QUESTION_LENGTH ? { queryLength: text.length } : {}),
      ...(isAboutAll(question) ? {} : { timelines: timelines.map((timeline) => timeline.id).slice(0, 100) }),
      ...(aggregations.length === 0
        ? {}
        : {
            aggregations: aggregations
              .map((one) => ('field' in one ? `${one.kind} ${one.field}` : one.kind).slice(0, 100))
              .slice(0, 10),
          }),
    },
  })
}

function isAboutAll({ selection }: ExploreQuestion): boolean {
  return selection === undefined || selection.entries === 'all'
}
