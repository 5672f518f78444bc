import type { Selectable } from 'kysely'
import type { UserRow } from '../db/schema.ts'
import type { KeyScope, Principal } from './principal.ts'

/** A user who came in by a way. */
export function makePrincipal(
  user: Pick<Selectable<UserRow>, 'id' | 'username' | 'is_admin'>,
  way: {
    via: Principal['via']
    scopes: ReadonlySet<KeyScope>
    address: string
    requestId?: string
    sessionIdHash?: string
    apiKeyId?: number
    permissions?: ReadonlySet<string>
  },
): Principal {
  return {
    userId: user.id,
    username: user.username,
    isAdmin: user.is_admin === 1 && way.scopes.has('admin'),
    via: way.via,
    scopes: way.scopes,
    address: way.address,
    requestId: way.requestId,
    ...(way.sessionIdHash === undefined ? {} : { sessionIdHash: way.sessionIdHash }),
    ...(way.apiKeyId === undefined ? {} : { apiKeyId: way.apiKeyId }),
    ...(way.permissions === undefined ? {} : { permissions: way.permissions }),
  }
}
