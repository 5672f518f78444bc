import { type DomainError, type DomainErrorKind, isDomainError } from '../errors/domain-error.ts'
import { NOT_DURABLE } from '../errors/not-durable.ts'
import { isOutOfRoom, NO_ROOM_STATUS, NO_ROOM_TEXT } from '../errors/out-of-room.ts'
import type { AppContext } from './app-types.ts'

/** HTTP status of each kind of refusal. */
export const STATUS_OF_KIND: Readonly<
  Record<DomainErrorKind, 400 | 401 | 403 | 404 | 409 | 413 | 429 | 503>
> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
}

/** HTTP status of a refusal: that of its kind, but for a full disk behind what could not be written. */
export function statusOfRefusal(
  error: DomainError,
): (typeof STATUS_OF_KIND)[DomainErrorKind] | typeof NO_ROOM_STATUS {
  return error.code === NOT_DURABLE && isOutOfRoom(error) ? NO_ROOM_STATUS : STATUS_OF_KIND[error.kind]
}

/** A problem document (RFC 9457). `code` is stable; `requestId` finds the line in the log. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly requestId: string
  readonly [name: string]: unknown
}

/**
 * Answers what was thrown as `application/problem+json`: refusals with their own words, query errors with their place, a full
 * disk as what it is, anything else as an internal error without particulars (they are in the log under the request's id).
 */
export function answerProblem(error: unknown, c: AppContext): Response {
  const problem = toProblem(error, c.get('requestId'))
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  const retryAfter = problem['retryAfterSeconds']
  if (typeof retryAfter === 'number') headers['retry-after'] = String(retryAfter)
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer'
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}

/** What a thrown value is told as; see `answerProblem`. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (isDomainError(error)) {
    return {
      ...error.details,
      type: 'about:blank',
      title: error.kind,
      status: statusOfRefusal(error),
      detail: error.message,
      code: error.code,
      requestId,
    }
  }
  if (error instanceof Error && error.name === 'QueryError') {
    const place = Object.fromEntries(
      Object.entries(error).filter(([, value]) => typeof value === 'number' || typeof value === 'string'),
    )
    return {
      ...place,
      type: 'about:blank',
      title: 'invalid',
      status: 400,
      detail: error.message,
      code: 'bad-query',
      requestId,
    }
  }
  if (isOutOfRoom(error)) {
    return {
      type: 'about:blank',
      title: 'no-room',
      status: NO_ROOM_STATUS,
      detail: NO_ROOM_TEXT,
      code: 'no-room',
      requestId,
    }
  }
  if (error instanceof Error && error.name === 'StoreError' && 'code' in error && error.code === 'gave-up') {
    return {
      type: 'about:blank',
      title: 'unavailable',
      status: 503,
      detail: 'The event store failed and is opened anew; what was acknowledged is kept. Ask again.',
      code: 'store-gave-up',
      requestId,
    }
  }
  return {
    type: 'about:blank',
    title: 'internal',
    status: 500,
    detail: 'The server failed at this request. Its log tells more under this request id.',
    code: 'internal',
    requestId,
  }
}
