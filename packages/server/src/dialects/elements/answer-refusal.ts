import { DomainError, type DomainErrorKind, isDomainError } from '../../errors/domain-error.ts'
import type { AppContext } from '../../http/app-types.ts'
import { toProblem } from '../../http/problem.ts'
import { TOKEN_PATH } from './tokens/token-path.ts'
import { transactionIdOf } from './transaction-id.ts'

/** What people read first; the particulars are in `details.reason`. */
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  413: 'Request too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Service unavailable',
  507: 'Service unavailable',
}
/** Numbers of refusals of one status that Elements tells apart. */
const NUMBERS: Readonly<Record<string, number>> = { 'missing-user-agent': 1 }
const TOKEN_ERRORS: Readonly<Partial<Record<DomainErrorKind, string>>> = {
  unauthenticated: 'invalid_client',
  invalid: 'invalid_request',
}

/** Answers what was thrown as Elements answers: `code` is the status times 1,000 and a number. */
export function answerRefusal(thrown: unknown, c: AppContext): Response {
  const error = isForNobody(thrown) ? NOBODY : thrown
  const { status, detail, code, retryAfterSeconds } = toProblem(error, c.get('requestId'))
  if (typeof retryAfterSeconds === 'number') c.header('retry-after', String(retryAfterSeconds))
  if (status === 401) c.header('www-authenticate', c.req.path.endsWith(TOKEN_PATH) ? 'Basic' : 'Bearer')
  // The statuses of problems are those of refusals that have a body.
  const shown = (code === 'bad-content-type' ? 415 : status) as 400
  if (c.req.path.endsWith(TOKEN_PATH))
    return c.json({ error: nameTokenError(error, status), error_description: detail }, shown)
  return c.json(
    {
      message: MESSAGES[shown] ?? 'Failed',
      code: shown * 1000 + (NUMBERS[code] ?? 0),
      details: { reason: nameScopes(detail) },
      transactionId: transactionIdOf(c),
    },
    shown,
  )
}

/** What a token must be for, by Elements' names: ours are none that its clients can ask for. */
function nameScopes(reason: string): string {
  return reason.replace(/an API key with the scope '(read|write)'/, "a token with the scope 'connect.api.$1'")
}

const NOBODY = new DomainError(
  'unauthenticated',
  'missing-token',
  'The header Authorization is missing: "Bearer" and an access token were expected.',
)

/** Whoever sends nothing at all is asked for a token. */
function isForNobody(error: unknown): boolean {
  return isDomainError(error) && error.code === 'not-logged-in'
}

/** RFC 6749, sections 5.2 and, for what is no fault of the client, 4.1.2.1; a refusal of ours may name one itself. */
function nameTokenError(error: unknown, status: number): string {
  const named = isDomainError(error) ? error.details['error'] : undefined
  if (typeof named === 'string') return named
  // Also whoever asks too often: section 5.2 has no word for it, and the client's request is not what is wrong.
  if (status === 503 || status === 429) return 'temporarily_unavailable'
  if (status >= 500) return 'server_error'
  return (isDomainError(error) && TOKEN_ERRORS[error.kind]) || 'invalid_request'
}
