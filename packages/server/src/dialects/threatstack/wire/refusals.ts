import { isDomainError } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'
import { toProblem } from '../../../http/problem.ts'

/** True where version 2 of the API is spoken, also beside its paths: the self-test is of it. */
export function isVersion2(c: AppContext): boolean {
  return /^\/threatstack\/+(?:api\/+)?(?:v2|help)(?:\/|$)/.test(c.req.path)
}

/** What is said to nobody, by version. */
const NOBODY: Readonly<Record<1 | 2, string>> = {
  1: 'The header Authorization was expected to have an API key of this server and nothing else; found none, or another.',
  2: 'Requests are signed by the Hawk scheme: Authorization: Hawk id="…", …; found no header Authorization.',
}

/**
 * Answers refusals: `{"status": "error", "message"}` in version 1, `{"errors": [text]}` in version 2. There, who asks too often is told
 * as plain text, by which clients know it from an answer.
 */
export function answerRefusal(error: unknown, c: AppContext): Response {
  const problem = toProblem(error, c.get('requestId'))
  const { status } = problem
  const detail = problem.code === 'not-logged-in' ? NOBODY[isVersion2(c) ? 2 : 1] : problem.detail
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
