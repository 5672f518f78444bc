import { AnswerError } from '../errors/answer-error.ts'
import type { RequestSpec } from './transport.ts'

/** What errors call a request. */
export type AskedRequest = Pick<RequestSpec, 'method' | 'path'>

/** Characters of an answer that an error repeats. */
const TOLD_LENGTH = 60

/** The beginning of an answer, for errors. */
export function showAnswer(answer: unknown): string {
  return JSON.stringify(answer)?.slice(0, TOLD_LENGTH) ?? 'nothing'
}

/** Method and path, for errors. */
export function describeRequest({ method, path }: AskedRequest): string {
  return `${method} ${path}`
}

/**
 * An answer's text as what it is in JSON; the types of its members are the caller's, as the platform's documentation says them.
 *
 * @param parse - @default JSON.parse
 * @throws {AnswerError} For what is not JSON.
 */
export function readJsonAnswer<Answer = unknown>(
  text: string,
  request: AskedRequest,
  parse: (text: string) => unknown = JSON.parse,
): Answer {
  try {
    return parse(text) as Answer
  } catch (error) {
    throw new AnswerError(describeRequest(request), 'JSON', JSON.stringify(text.slice(0, TOLD_LENGTH)), {
      cause: error,
    })
  }
}

/**
 * The list that an answer is, or has under a name.
 *
 * @throws {AnswerError} For something else.
 */
export function readListAnswer<Item>(answer: unknown, request: AskedRequest, key?: string): readonly Item[] {
  const list = key === undefined ? answer : (answer as Record<string, unknown> | null | undefined)?.[key]
  if (Array.isArray(list)) return list as readonly Item[]
  throw new AnswerError(
    describeRequest(request),
    key === undefined ? 'a list' : `a list under "${key}"`,
    showAnswer(answer),
  )
}
