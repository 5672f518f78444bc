import type { Kysely, Selectable } from 'kysely'
import type { ApiKeyRow, Schema, UserRow } from '../db/schema.ts'
import { forbidden, invalid, notFound } from '../errors/domain-error.ts'
import { isOutOfRoom } from '../errors/out-of-room.ts'
import type { AuditService } from '../services/audit/audit-service.ts'
import { requireName } from '../services/names.ts'
import { makePrincipal } from './make-principal.ts'
import type { KeyScope, Principal } from './principal.ts'
import { hashSecret } from './secret.ts'

/** An API key's last use is noted at most so often. */
const NOTE_USE_AFTER_MS = 60_000

const IMPLIED: Readonly<Record<KeyScope, readonly KeyScope[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
}

/** What keys stand on. */
export interface KeyDeps {
  readonly db: Kysely<Schema>
  readonly audit: AuditService
  readonly now: () => number
}

/** A key that is to be kept. */
export interface NewKey {
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly expiresAtMs?: number
  /** Whose it is. @default the caller */
  readonly userId?: number
  readonly kind: string
  /** The key itself; only its hash and its first characters are kept. */
  readonly secret: string
  readonly permissions?: readonly string[]
  readonly clientId?: string
  readonly sealedSecret?: string
}

/**
 * Keeps a key, for the caller or, as an administrator, for another user.
 *
 * @returns The row's number.
 * @throws {DomainError} `forbidden` (`key-scope`, `not-an-admin`), `invalid` (`bad-name`, `bad-scopes`), `not-found`.
 */
export async function insertKey(deps: KeyDeps, principal: Principal, input: NewKey): Promise<number> {
  const { db, audit, now } = deps
  // A key that leaked would live on in the keys made with it.
  if (principal.via === 'api-key' && !principal.scopes.has('admin')) {
    throw forbidden(
      'key-scope',
      `Making API keys needs a login, or an API key with the scope 'admin': skein key create makes one in the data directory, while no server has it open.`,
      {
        scope: 'admin',
      },
    )
  }
  const userId = input.userId ?? principal.userId
  if (userId !== principal.userId && !principal.isAdmin) {
    throw forbidden('not-an-admin', 'Only administrators may make API keys for others.')
  }
  const name = requireName('API key', input.name)
  const scopes = [...new Set(input.scopes)].filter((scope) => Object.hasOwn(IMPLIED, scope))
  if (scopes.length === 0) {
    throw invalid('bad-scopes', 'An API key needs one of the scopes read, write, admin.')
  }
  const beyond = scopes.find((scope) => !principal.scopes.has(scope))
  if (beyond) {
    throw forbidden('key-scope', `A key without the scope '${beyond}' cannot make a key with it.`, {
      scope: beyond,
    })
  }
  const owner = await db.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst()
  if (!owner) throw notFound('user', userId)
  const { id } = await db
    .insertInto('api_keys')
    .values({
      user_id: userId,
      name,
      prefix: input.secret.slice(0, 8),
      key_hash: hashSecret(input.secret),
      scopes: scopes.join(' '),
      kind: input.kind,
      permissions: input.permissions?.join(' ') ?? null,
      client_id: input.clientId ?? null,
      sealed_secret: input.sealedSecret ?? null,
      created_at_ms: now(),
      expires_at_ms: input.expiresAtMs ?? null,
      revoked_at_ms: null,
      last_used_at_ms: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await audit.record(principal, {
    action: 'apikey.create',
    subject: `apikey/${id}`,
    details: { name, scopes, userId, kind: input.kind },
  })
  return id
}

/** A key with what is needed of its user; for `toKeyPrincipal`. */
export interface KeyRow
  extends Pick<Selectable<UserRow>, 'id' | 'username' | 'is_admin' | 'is_active'>,
    Pick<
      Selectable<ApiKeyRow>,
      | 'key_hash'
      | 'scopes'
      | 'permissions'
      | 'client_id'
      | 'sealed_secret'
      | 'expires_at_ms'
      | 'revoked_at_ms'
      | 'last_used_at_ms'
    > {
  readonly key_id: number
}

/** Keys of a kind by one of the things they are known by, good or not, oldest first. */
export async function findKeys(
  db: Kysely<Schema>,
  kind: string,
  by: { readonly [Column in 'id' | 'user_id']?: number } & {
    readonly [Column in 'key_hash' | 'client_id']?: string
  },
): Promise<readonly KeyRow[]> {
  let query = db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .select(['users.id', 'users.username', 'users.is_admin', 'users.is_active'])
    .select([
      'api_keys.id as key_id',
      'api_keys.key_hash',
      'api_keys.scopes',
      'api_keys.permissions',
      'api_keys.client_id',
      'api_keys.sealed_secret',
      'api_keys.expires_at_ms',
      'api_keys.revoked_at_ms',
      'api_keys.last_used_at_ms',
    ])
    .where('api_keys.kind', '=', kind)
  if (by.id !== undefined) query = query.where('api_keys.id', '=', by.id)
  if (by.user_id !== undefined) query = query.where('api_keys.user_id', '=', by.user_id)
  if (by.key_hash !== undefined) query = query.where('api_keys.key_hash', '=', by.key_hash)
  if (by.client_id !== undefined) query = query.where('api_keys.client_id', '=', by.client_id)
  return await query.orderBy('api_keys.id').execute()
}

/** Whether a key may still be used. */
export function isLiveKey(row: KeyRow, nowMs: number): boolean {
  return (
    row.is_active === 1 &&
    row.revoked_at_ms === null &&
    (row.expires_at_ms === null || row.expires_at_ms > nowMs)
  )
}

/**
 * Who acts by a key that was shown to be theirs, and notes its use; undefined when it is expired, revoked or of a disabled user.
 *
 * @param permissions - What of the key's permissions is asked for. @default all
 */
export async function toKeyPrincipal(
  { db, now }: Pick<KeyDeps, 'db' | 'now'>,
  row: KeyRow | undefined,
  from: { address: string; requestId?: string },
  narrowed: { permissions?: readonly string[]; scopes?: readonly KeyScope[] } = {},
): Promise<Principal | undefined> {
  if (!row || !isLiveKey(row, now())) return undefined
  if (now() - (row.last_used_at_ms ?? 0) > NOTE_USE_AFTER_MS) {
    await db
      .updateTable('api_keys')
      .set({ last_used_at_ms: now() })
      .where('id', '=', row.key_id)
      .execute()
      .catch((error: unknown) => {
        // A key is good on a full disk too; when it was used is noted when there is room.
        if (!isOutOfRoom(error)) throw error
      })
  }
  const given = narrowed.scopes ?? (row.scopes.split(' ') as KeyScope[])
  const scopes = new Set(given.flatMap((scope) => IMPLIED[scope]))
  const permissions = narrowed.permissions ?? row.permissions?.split(' ')
  return makePrincipal(row, {
    via: 'api-key',
    scopes,
    apiKeyId: row.key_id,
    ...(permissions === undefined ? {} : { permissions: new Set(permissions) }),
    ...from,
  })
}
