import { isDomainError } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'
import { toProblem } from '../../../http/problem.ts'

/** True where version 2 of the API is spoken, also beside its paths: the self-test is of it. */
export function isVersion2(c: AppContext): boolean {
  return /^\/threatstack\/+(?:api\/+)?(?:v2|help)(?:\/|$)/.test(c.req.path)
}

/**
 * Answers refusals: `{"status": "error", "message"}` in version 1, `{"errors": [text]}` in version 2. There, who asks too often is told
 * as plain text, by which clients know it from an answer.
 */
export function answerRefusal(error: unknown, c: AppContext): Response {
  const { status, detail } = toProblem(error, c.get('requestId'))
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (status === 401) headers['www-authenticate'] = readChallenge(error, c)
  if (status === 429 && isDomainError(error))
    headers['retry-after'] = String(error.details['retryAfterSeconds'] ?? 60)
  if (!isVersion2(c))
    return new Response(JSON.stringify({ status: 'error', message: detail }), { status, headers })
  if (status === 429) headers['content-type'] = 'text/plain; charset=utf-8'
  return new Response(status === 429 ? detail : JSON.stringify({ errors: [detail] }), { status, headers })
}

function readChallenge(error: unknown, c: AppContext): string {
  const challenge = isDomainError(error) ? error.details['challenge'] : undefined
  return typeof challenge === 'string' ? challenge : isVersion2(c) ? 'Hawk' : 'ApiKey'
}
