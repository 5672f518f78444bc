import { isQueryError } from '@timeskein/query'
import { isDomainError } from '../../errors/domain-error.ts'
import type { AppContext } from '../../http/app-types.ts'
import { statusOfRefusal, toProblem } from '../../http/problem.ts'

/** Sentences that public programs know; what helps stands behind them. */
const TOKEN_REFUSALS: ReadonlyMap<string, readonly [code: string, message: string]> = new Map([
  ['token-expired', ['T301', 'The token has expired']],
  ['token-revoked', ['T302', 'Token revoked']],
])

/** Refusals as `{message, code}`; those of the service of queries as `{detail: {message, code}}`, bad requests with 422. */
export function answerRefusal(error: unknown, c: AppContext): Response {
  const { status, message, code, retryAfterSeconds } = describe(error, c)
  const isOfQueries = /\/v1\/notebooks\//.test(c.req.path)
  const answer = isOfQueries
    ? c.json({ detail: { message, code } }, status === 400 ? 422 : status)
    : c.json({ message, code }, status)
  if (retryAfterSeconds !== undefined) answer.headers.set('retry-after', String(retryAfterSeconds))
  return answer
}

interface Described {
  readonly status: ReturnType<typeof statusOfRefusal> | 410 | 500
  readonly message: string
  readonly code: string
  readonly retryAfterSeconds?: number
}

function describe(error: unknown, c: AppContext): Described {
  if (isQueryError(error)) return { status: 400, message: error.message, code: error.code }
  if (!isDomainError(error)) {
    c.get('log').error({ err: error }, 'request failed')
    const { status, detail, code } = toProblem(error, c.get('requestId'))
    if (status === 507 || status === 503) return { status, message: detail, code }
    return { status: 500, message: 'The server failed; its log says how.', code: 'internal-error' }
  }
  const { kind, code, message, details } = error
  const told = TOKEN_REFUSALS.get(code)
  if (told) return { status: 401, code: told[0], message: told[1] }
  if (code === 'unknown-intake-key') return { status: 403, code, message }
  if (code === 'results-expired') return { status: 410, code: 'EXPIRED', message }
  if (code === 'no-results') return { status: 404, code: 'NO_RESULTS', message }
  if (kind === 'unauthenticated') return { status: 401, code: 'T300', message: 'The token is invalid' }
  if (code.startsWith('csrf-')) return { status: 403, code, message }
  if (kind === 'forbidden')
    return { status: 403, code: 'AU202', message: `Insufficient permissions: ${message}` }
  const seconds = details['retryAfterSeconds']
  return {
    status: statusOfRefusal(error),
    code,
    message,
    ...(typeof seconds === 'number' ? { retryAfterSeconds: seconds } : {}),
  }
}
