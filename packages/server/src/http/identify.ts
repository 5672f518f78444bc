import { DomainError } from '../errors/domain-error.ts'
import type { Services } from '../services/services.ts'
import type { AppContext } from './app-types.ts'
import { readSessionCookie } from './session-cookie.ts'

/**
 * Finds out who calls and notes it in the context: an API key (`Authorization: Bearer sk_…`) counts before a session
 * cookie. Bad keys are noted as an error; other schemes are left to the dialects that know them.
 */
export async function identify(c: AppContext, services: Services): Promise<void> {
  const from = { address: c.get('address'), requestId: c.get('requestId') }
  const [scheme, key] = (c.req.header('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() === 'bearer' && key?.startsWith('sk_')) {
    const principal = await services.auth.principalOfApiKey(key, from)
    if (principal) c.set('principal', principal)
    else {
      c.set(
        'identityError',
        new DomainError('unauthenticated', 'bad-api-key', 'The API key is unknown, expired or revoked.'),
      )
    }
    return
  }
  const cookieValue = readSessionCookie(c)
  if (cookieValue === undefined) return
  const session = await services.auth.findSession(cookieValue)
  if (!session) return
  c.set('session', session)
  c.set('principal', await services.auth.principalOfSession(session, from))
}
