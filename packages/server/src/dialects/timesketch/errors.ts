import { isQueryError } from '@timeskein/query'
import { DomainError, type DomainErrorKind, isDomainError } from '../../errors/domain-error.ts'
import { NOT_DURABLE } from '../../errors/not-durable.ts'
import { isOutOfRoom, NO_ROOM_STATUS, NO_ROOM_TEXT } from '../../errors/out-of-room.ts'
import type { AppContext } from '../../http/app-types.ts'
import { statusOfRefusal } from '../../http/problem.ts'
import { errorPage, redirectPage } from './pages/error-page.ts'
import { sendJson } from './reply.ts'

/** The texts of werkzeug that Timesketch's errors carry when a handler gave none. */
export const STANDARD_TEXT = {
  400: 'The browser (or proxy) sent a request that this server could not understand.',
  403: "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server.",
  404: 'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  405: 'The method is not allowed for the requested URL.',
  415: "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
} as const

/** A refusal with the very status and message that Timesketch's clients know. */
export class WireError extends DomainError {
  override readonly name = 'WireError'
  readonly status: number
  /** The `message` member; an object for missing arguments. */
  readonly body: string | Readonly<Record<string, string>>

  /** @param code - Of the refusal that is told in these words; without one it is Timesketch's own. */
  constructor(status: number, body: string | Readonly<Record<string, string>>, code = 'timesketch') {
    super(kindOf(status), code, typeof body === 'string' ? body : Object.values(body).join(' '))
    this.status = status
    this.body = body
  }
}

function kindOf(status: number): DomainErrorKind {
  switch (status) {
    case 403:
      return 'forbidden'
    case 404:
      return 'not-found'
    case 413:
      return 'too-large'
    default:
      return 'invalid'
  }
}

/** Refuses with a status and a message (the standard text when left out). */
export function abort(status: number, message?: string): never {
  throw new WireError(status, message ?? STANDARD_TEXT[status as keyof typeof STANDARD_TEXT] ?? 'Error')
}

/**
 * Waits for work and refuses in Timesketch's words where our domain refuses in its own.
 *
 * @param words - Domain error code to status and message.
 */
export async function inWords<T>(
  work: Promise<T>,
  words: Readonly<
    Record<string, readonly [status: number, message: string | ((error: DomainError) => string)]>
  >,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isDomainError(error) && Object.hasOwn(words, error.code)) {
      const [status, message] = words[error.code]!
      throw new WireError(status, typeof message === 'string' ? message : message(error), error.code)
    }
    throw error
  }
}

/** CSRF refusals in Flask-WTF's words. */
export const CSRF_TEXT: Readonly<Record<string, string>> = {
  'csrf-missing': 'The CSRF token is missing.',
  'csrf-no-session': 'The CSRF session token is missing.',
  'csrf-mismatch': 'The CSRF token is invalid.',
}

/** Answers whatever a handler or a check threw. */
export function answerError(error: unknown, c: AppContext): Response {
  if (error instanceof WireError) return sendJson(c, { message: error.body }, error.status)
  if (isQueryError(error)) return sendJson(c, { message: queryMessage(error.query, error.message) }, 400)
  if (isDomainError(error)) return answerDomainError(error, c)
  c.get('log')?.error({ err: error, path: c.req.path }, 'a request failed')
  if (isOutOfRoom(error)) return sendJson(c, { message: NO_ROOM_TEXT }, NO_ROOM_STATUS)
  return sendJson(c, { message: 'Internal Server Error' }, 500)
}

/** What a question that cannot be read gets; the bracketed part is OpenSearch's, the reason after it ours. */
function queryMessage(query: string, reason: string): string {
  return `There was an issue with your search query: [query_shard_exception] Failed to parse query [${query}]: ${reason.replace(/\.$/, '')}. Please review your query syntax and try again.`
}

function answerDomainError(error: DomainError, c: AppContext): Response {
  const csrf = CSRF_TEXT[error.code]
  if (csrf !== undefined) {
    return c.req.path.startsWith('/api/') ? sendJson(c, { message: csrf }, 400) : errorPage(c, 400, csrf)
  }
  if (error.kind === 'unauthenticated') return answerAnonymous(error, c)
  const status = error.code === NOT_DURABLE ? statusOfRefusal(error) : statusOf(error)
  return sendJson(c, { message: messageOf(error, c) }, status)
}

/** Scripts with a key that does not work get 401; everybody else is sent to the sign-in page. */
function answerAnonymous(error: DomainError, c: AppContext): Response {
  if (c.req.header('authorization') !== undefined) return sendJson(c, { message: error.message }, 401)
  const url = new URL(c.req.url)
  return redirectPage(c, 302, `/login/?next=${encodeURIComponent(url.pathname + url.search)}`)
}

function statusOf(error: DomainError): number {
  switch (error.kind) {
    case 'invalid':
    case 'conflict':
      return 400
    case 'forbidden':
      return 403
    case 'not-found':
      return 404
    case 'too-large':
      return 413
    case 'too-many':
      return 429
    case 'unavailable':
      return 504
    case 'unauthenticated':
      return 401
    default:
      return error.kind satisfies never
  }
}

function messageOf(error: DomainError, c: AppContext): string {
  switch (error.code) {
    case 'no-read-permission':
      return STANDARD_TEXT[403]
    case 'no-write-permission':
      return 'User does not have write access controls on sketch.'
    case 'sketch-not-found':
      return c.get('principal')?.isAdmin ? 'No sketch found with this ID.' : STANDARD_TEXT[404]
    case 'searchindex-not-found':
    case 'saved-search-not-found':
      return STANDARD_TEXT[404]
    case 'sketch-archived':
      return 'Unable to query on an archived sketch.'
    case 'no-timelines':
      return 'No valid search indices were found to perform the search on.'
    default:
      return error.message
  }
}
