import { DomainError } from '../../errors/domain-error.ts'
import type { AppContext } from '../../http/app-types.ts'
import type { Identity } from '../../http/identify.ts'
import { asksForSocket } from '../../http/web-socket/accept-upgrade.ts'
import type { Services } from '../../services/services.ts'

/** The cookie by which the live socket is told the key. */
const KEY_COOKIE = /(?:^|;\s*)access_token_cookie=([^;]+)/

/** Who calls, by `Authorization: Bearer`, or by the cookie where a socket is asked for: a browser sends that with any request. */
export async function identifyCaller(c: AppContext, services: Services): Promise<Identity | undefined> {
  const header = c.req.header('authorization')
  const cookie = asksForSocket(c) ? KEY_COOKIE.exec(c.req.header('cookie') ?? '')?.[1] : undefined
  const key = /^Bearer\s+(\S+)\s*$/i.exec(header ?? '')?.[1] ?? cookie
  if (key === undefined)
    return header === undefined || /^Basic /i.test(header) ? undefined : { error: refuse('bad-token') }
  const principal = await services.platformKeys.principalOf('sekoia', key, {
    address: c.get('address'),
    requestId: c.get('requestId'),
  })
  if (principal) return { principal }
  const ended = await services.platformKeys.whyEnded('sekoia', key)
  return { error: refuse(ended === undefined ? 'bad-token' : `token-${ended}`) }
}

function refuse(code: string): DomainError {
  return new DomainError('unauthenticated', code, 'The token is invalid')
}
