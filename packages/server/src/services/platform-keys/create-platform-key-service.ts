import { randomBytes } from 'node:crypto'
import { findKeys, insertKey, isLiveKey, type KeyRow, toKeyPrincipal } from '../../auth/key-rows.ts'
import type { KeyScope, Principal } from '../../auth/principal.ts'
import { hashSecret, isSameSecret, makeSecret } from '../../auth/secret.ts'
import { makeRowUid, readRowUid, toShortUid } from '../row-uid.ts'
import type { ServiceContext } from '../service-context.ts'
import type { PlatformCredentials, PlatformKeyKind, PlatformKeyService } from './platform-key-service.ts'
import { readPlatformScopes, scopesOfElements } from './platform-scopes.ts'

/** How the secret parts begin, so that whoever finds one knows what it is. */
const PREFIXES = { threatstack: 'tsa_', 'threatstack-v2': 'tsh_', elements: 'els_', sekoia: 'sek_' } as const
const PURPOSE = 'threatstack-v2 key'

/** Credentials of platforms, kept beside our own API keys. */
export function createPlatformKeyService(context: ServiceContext): PlatformKeyService {
  const { db, secrets, now } = context

  const defaultOrganisationUid = async (): Promise<string> => {
    const { uid } = await db
      .selectFrom('organisations')
      .select('uid')
      .where('is_default', '=', 1)
      .orderBy('id')
      .executeTakeFirstOrThrow()
    return uid
  }

  const chooseScopes = async (
    principal: Principal,
    kind: PlatformKeyKind,
    userId: number,
  ): Promise<readonly KeyScope[]> => {
    if (kind === 'threatstack') return ['read']
    const user = await db.selectFrom('users').select('is_admin').where('id', '=', userId).executeTakeFirst()
    return user?.is_admin === 1 && principal.scopes.has('admin') ? ['write', 'admin'] : ['write']
  }

  return {
    async create(principal, { kind, name, scopes: wishes = [], userId = principal.userId, expiresAtMs }) {
      const { scopes, permissions } = readPlatformScopes(
        kind,
        wishes.length > 0 ? wishes : await chooseScopes(principal, kind, userId),
      )
      const secret = PREFIXES[kind] + makeSecret()
      const clientId = kind === 'elements' ? `fusion_${randomBytes(12).toString('hex')}` : undefined
      const id = await insertKey(context, principal, {
        name,
        scopes,
        userId,
        kind,
        secret,
        ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
        ...(permissions === undefined ? {} : { permissions }),
        ...(clientId === undefined ? {} : { clientId }),
        ...(kind === 'threatstack-v2' ? { sealedSecret: await secrets.seal(secret, PURPOSE) } : {}),
      })
      const credentials: PlatformCredentials =
        clientId !== undefined
          ? { client_id: clientId, client_secret: secret }
          : kind === 'threatstack-v2'
            ? {
                user_id: toShortUid(makeRowUid('user', userId)),
                org_id: toShortUid(await defaultOrganisationUid()),
                key: secret,
              }
            : { key: secret }
      return { id, credentials }
    },
    async principalOf(kind, key, from) {
      const [row] = await findKeys(db, kind, { key_hash: hashSecret(key) })
      return await toKeyPrincipal(context, row, from)
    },
    async whyEnded(kind, key) {
      const [row] = await findKeys(db, kind, { key_hash: hashSecret(key) })
      if (!row || isLiveKey(row, now())) return undefined
      if (row.revoked_at_ms !== null) return 'revoked'
      return row.expires_at_ms !== null && row.expires_at_ms <= now() ? 'expired' : undefined
    },
    async findSigningKeys(hawkId, from) {
      const userId = readRowUid('user', hawkId)
      if (userId === undefined) return []
      const rows = await findKeys(db, 'threatstack-v2', { user_id: userId })
      return await Promise.all(
        rows
          .filter((row) => isLiveKey(row, now()))
          .map(async (row) => ({
            key: await secrets.open(row.sealed_secret ?? '', PURPOSE),
            lastUsedAtMs: row.last_used_at_ms ?? undefined,
            use: () => toKeyPrincipal(context, row, from),
          })),
      )
    },
    async findClient(clientId, clientSecret) {
      const [row] = await findKeys(db, 'elements', { client_id: clientId })
      // As long for a client that there is as for one that there is not.
      const isRight = isSameSecret(row?.key_hash ?? '', hashSecret(clientSecret))
      if (!row || !isRight || !isLiveKey(row, now())) return undefined
      return { keyId: row.key_id, permissions: permissionsOf(row) }
    },
    async principalOfToken(keyId, permissions, from) {
      const [row] = await findKeys(db, 'elements', { id: keyId })
      if (!row) return undefined
      const held = new Set(permissionsOf(row))
      const narrowed = permissions.filter((permission) => held.has(permission))
      const own = row.scopes.split(' ').filter((scope): scope is KeyScope => scope === 'admin')
      const scopes = [...scopesOfElements(narrowed)]
      if (scopes.includes('write')) scopes.push(...own)
      return await toKeyPrincipal(context, row, from, { permissions: narrowed, scopes })
    },
  }
}

function permissionsOf(row: KeyRow): readonly string[] {
  return row.permissions?.split(' ') ?? []
}
