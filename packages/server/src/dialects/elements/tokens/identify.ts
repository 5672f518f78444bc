import { DomainError, invalid } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'
import type { Identity } from '../../../http/identify.ts'
import type { Services } from '../../../services/services.ts'
import { TOKEN_PATH } from './token-path.ts'

/** Finds out who calls by the token, and refuses those who do not name their program. */
export async function identifyByToken(c: AppContext, services: Services): Promise<Identity | undefined> {
  if (!c.get('principal') && (c.req.header('user-agent') ?? '').trim() === '')
    return {
      error: invalid(
        'missing-user-agent',
        'The header User-Agent is missing: every request names its program.',
      ),
    }
  const token = readBearer(c)
  if (token === undefined || c.req.path.endsWith(TOKEN_PATH)) return undefined
  const found = await services.platformTokens.read(token)
  if (!found) return { error: refuse('bad-token', 'The access token is none of this server.') }
  if (found.isExpired)
    return { error: refuse('token-expired', 'The access token has expired: ask for a new one.') }
  const principal = await services.platformKeys.principalOfToken(found.keyId, found.permissions, {
    address: c.get('address'),
    requestId: c.get('requestId'),
  })
  return principal ? { principal } : { error: refuse('token-revoked', 'The client was revoked.') }
}

/** The token of a request; undefined where it sends none. */
export function readBearer(c: AppContext): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

function refuse(code: string, message: string): DomainError {
  return new DomainError('unauthenticated', code, message)
}
