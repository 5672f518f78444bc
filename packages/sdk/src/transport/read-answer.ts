import { AnswerError } from '../errors/answer-error.ts'
import { stringifyExactJson } from './exact-json.ts'
import type { RequestSpec } from './transport.ts'
import { hideSecrets } from './without-secrets.ts'

/** What errors call a request. Credentials in its headers are in no error, also where an answer repeats them. */
export type AskedRequest = Pick<RequestSpec, 'method' | 'path' | 'headers'>

/** Characters of an answer that an error repeats. */
const TOLD_LENGTH = 60

/** Method and path, for errors. */
export function describeRequest({ method, path }: AskedRequest): string {
  return `${method} ${path}`
}

/** The error for an answer that is none of the API, with how it begins. */
export function refuseText(request: AskedRequest, expected: string, text: string): AnswerError {
  const told = hideSecrets(text, request.headers).slice(0, TOLD_LENGTH)
  return new AnswerError(describeRequest(request), expected, JSON.stringify(told))
}

/** As `refuseText`, for an answer that is JSON. */
export function refuseAnswer(request: AskedRequest, expected: string, answer: unknown): AnswerError {
  const text = answer === undefined ? 'nothing' : stringifyExactJson(answer)
  const told = hideSecrets(text, request.headers).slice(0, TOLD_LENGTH)
  return new AnswerError(describeRequest(request), expected, told)
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
  } catch {
    // What the parser says is no cause of it: it repeats the text, credentials and all.
    throw refuseText(request, 'JSON', text)
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
  throw refuseAnswer(request, key === undefined ? 'a list' : `a list under "${key}"`, answer)
}
