import type { Session } from '../auth/auth-service.ts'
import type { Principal } from '../auth/principal.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { Services } from '../services/services.ts'
import type { AppContext } from './app-types.ts'
import { readSessionCookie } from './session-cookie.ts'

/**
 * Who calls: by what, or why what they sent is not good; both where somebody known may not call like this. No route answers where
 * there is an error. All undefined: nobody.
 */
export interface Identity {
  readonly principal?: Principal | undefined
  readonly session?: Session
  readonly error?: DomainError
}

/** Finds out who calls and notes it in the context. */
export async function identify(c: AppContext, services: Services): Promise<void> {
  noteIdentity(c, await findIdentity(c, services))
}

/** Notes in the context who calls. */
export function noteIdentity(c: AppContext, { principal, session, error }: Identity): void {
  c.set('principal', principal)
  c.set('session', session)
  c.set('identityError', error)
}

/**
 * Who calls, as things stand now: an API key (`Authorization: Bearer sk_…`) counts before a session cookie. Bad keys are an
 * error; other schemes are left to the dialects that know them.
 *
 * @param options.renews - Whether asking counts as use of a session, which lengthens it. @default true
 */
export async function findIdentity(
  c: AppContext,
  services: Services,
  options: { renews?: boolean } = {},
): Promise<Identity> {
  const from = { address: c.get('address'), requestId: c.get('requestId') }
  const [scheme, key] = (c.req.header('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() === 'bearer' && key?.startsWith('sk_')) {
    const principal = await services.auth.principalOfApiKey(key, from)
    if (principal) return { principal }
    return {
      error: new DomainError('unauthenticated', 'bad-api-key', 'The API key is unknown, expired or revoked.'),
    }
  }
  const cookieValue = readSessionCookie(c)
  if (cookieValue === undefined) return {}
  const session = await services.auth.findSession(cookieValue, options)
  if (!session) return {}
  return { session, principal: await services.auth.principalOfSession(session, from) }
}
