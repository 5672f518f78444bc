import type { Question } from './backend.ts'

/** The timelines a question is about, as services and our own API take them; undefined means all. */
export function listTimelinesOf(question: Pick<Question, 'timeline'>): string[] | undefined {
  return question.timeline === undefined ? undefined : [question.timeline]
}
