import type { Kysely, Selectable } from 'kysely'
import type { Schema, SessionRow, UserRow } from '../db/schema.ts'
import { DomainError, forbidden, invalid, notFound } from '../errors/domain-error.ts'
import { isOutOfRoom } from '../errors/out-of-room.ts'
import type { Metrics } from '../metrics.ts'
import type { AuditService } from '../services/audit/audit-service.ts'
import { requireName } from '../services/names.ts'
import { listApiKeys, revokeApiKey, toApiKey } from './api-keys.ts'
import type { AuthService, Session } from './auth-service.ts'
import { LoginThrottle } from './login-throttle.ts'
import { hashPassword, makePassword, verifyPassword } from './password.ts'
import { ALL_SCOPES, type KeyScope, type Principal } from './principal.ts'
import { hashSecret, isSameSecret, makeSecret } from './secret.ts'

/** Life of a session somebody logged in to, from its last renewal. */
export const SESSION_TTL_MS: number = 31 * 24 * 3_600_000
/** Life of a session nobody has logged in to. */
const ANONYMOUS_SESSION_TTL_MS: number = 24 * 3_600_000
/** A session's end is moved on when so much of its life is over, not at every request. */
const RENEW_AFTER_MS = 24 * 3_600_000
/** An API key's last use is noted at most so often. */
const NOTE_USE_AFTER_MS = 60_000

const IMPLIED: Readonly<Record<KeyScope, readonly KeyScope[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
}

/** What authentication stands on. */
export interface AuthDeps {
  readonly db: Kysely<Schema>
  readonly audit: AuditService
  readonly metrics: Metrics
  readonly now: () => number
}

/** Passwords, sessions and API keys over the metadata database. */
export function createAuthService(deps: AuthDeps): AuthService {
  const { db, audit, metrics, now } = deps
  const throttle = new LoginThrottle(now)
  /** Verified when the name is unknown, so that the answer takes as long as for a known one. */
  let decoyHash: Promise<string> | undefined

  const insertSession = async (userId: number | undefined, csrfToken: string): Promise<Opened> => {
    const cookieValue = makeSecret()
    const row = {
      id_hash: hashSecret(cookieValue),
      user_id: userId ?? null,
      csrf_token: csrfToken,
      created_at_ms: now(),
      expires_at_ms: now() + (userId === undefined ? ANONYMOUS_SESSION_TTL_MS : SESSION_TTL_MS),
    }
    await db.insertInto('sessions').values(row).execute()
    return { cookieValue, session: toSession(row) }
  }

  /** The active user of that name and password; takes as long when there is none. */
  const findByPassword = async (
    username: string,
    password: string,
  ): Promise<Selectable<UserRow> | undefined> => {
    const user = await db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst()
    decoyHash ??= hashPassword(makePassword())
    const isRight = await verifyPassword(user?.password_hash ?? (await decoyHash), password)
    return isRight && user?.is_active === 1 ? user : undefined
  }

  return {
    async openSession() {
      await db.deleteFrom('sessions').where('expires_at_ms', '<', now()).execute()
      return await insertSession(undefined, makeSecret())
    },
    async findSession(cookieValue, { renews = true } = {}) {
      const idHash = hashSecret(cookieValue)
      const row = await db
        .selectFrom('sessions')
        .leftJoin('users', 'users.id', 'sessions.user_id')
        .selectAll('sessions')
        .select('users.is_active')
        .where('id_hash', '=', idHash)
        .where('expires_at_ms', '>', now())
        .executeTakeFirst()
      if (!row || (row.user_id !== null && row.is_active !== 1)) return undefined
      const renewed = now() + SESSION_TTL_MS
      if (renews && row.user_id !== null && renewed - row.expires_at_ms > RENEW_AFTER_MS) {
        await db
          .updateTable('sessions')
          .set({ expires_at_ms: renewed })
          .where('id_hash', '=', idHash)
          .execute()
      }
      return toSession(row)
    },
    async principalOfSession(session, from) {
      if (session.userId === undefined) return undefined
      const user = await db
        .selectFrom('users')
        .select(['id', 'username', 'is_admin', 'is_active'])
        .where('id', '=', session.userId)
        .executeTakeFirst()
      if (user?.is_active !== 1) return undefined
      const { idHash } = session
      return makePrincipal(user, { via: 'session', scopes: ALL_SCOPES, sessionIdHash: idHash, ...from })
    },
    async login(attempt) {
      const who = {
        username: attempt.username.slice(0, 255),
        address: attempt.address,
        ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }),
      }
      const waitMs = throttle.waitMs(attempt.username, attempt.address)
      if (waitMs > 0) {
        const retryAfterSeconds = Math.ceil(waitMs / 1000)
        if (throttle.isFirstRefusal(attempt.username, attempt.address)) {
          const details = { isThrottled: true, retryAfterSeconds }
          await audit.record(who, { action: 'login', subject: 'session', result: 'refused', details })
        }
        throw new DomainError(
          'too-many',
          'login-throttled',
          `Too many failed logins; try again in ${retryAfterSeconds} seconds.`,
          { details: { retryAfterSeconds } },
        )
      }
      throttle.begin(attempt.username, attempt.address)
      const user = await findByPassword(attempt.username, attempt.password).catch((error: unknown) => {
        throttle.release(attempt.username, attempt.address)
        throw error
      })
      if (!user) {
        metrics.loginFailures.inc()
        await audit.record(who, { action: 'login', subject: 'session', result: 'refused' })
        throw new DomainError('unauthenticated', 'bad-credentials', 'Invalid username or password.')
      }
      throttle.succeed(attempt.username, attempt.address)
      if (attempt.session) {
        await db.deleteFrom('sessions').where('id_hash', '=', attempt.session.idHash).execute()
      }
      const opened = await insertSession(user.id, attempt.session?.csrfToken ?? makeSecret())
      const principal = makePrincipal(user, {
        via: 'session',
        scopes: ALL_SCOPES,
        address: attempt.address,
        sessionIdHash: opened.session.idHash,
        ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }),
      })
      await audit.record(principal, { action: 'login', subject: 'session' })
      return { ...opened, principal }
    },
    async logout(session, { address, requestId }) {
      const user = await db
        .selectFrom('users')
        .select(['id', 'username', 'is_admin'])
        .where('id', '=', session.userId ?? null)
        .executeTakeFirst()
      await db.deleteFrom('sessions').where('id_hash', '=', session.idHash).execute()
      if (!user) return
      const from = { address, ...(requestId === undefined ? {} : { requestId }) }
      const principal = makePrincipal(user, { via: 'session', scopes: ALL_SCOPES, ...from })
      await audit.record(principal, { action: 'logout', subject: 'session' })
    },
    checkCsrf: (session, token) => isSameSecret(session.csrfToken, token),

    async principalOfApiKey(key, from) {
      const row = await db
        .selectFrom('api_keys')
        .innerJoin('users', 'users.id', 'api_keys.user_id')
        .select(['users.id', 'users.username', 'users.is_admin', 'users.is_active'])
        .select([
          'api_keys.id as key_id',
          'api_keys.scopes',
          'api_keys.expires_at_ms',
          'api_keys.revoked_at_ms',
          'api_keys.last_used_at_ms',
        ])
        .where('key_hash', '=', hashSecret(key))
        .executeTakeFirst()
      if (row?.is_active !== 1 || row.revoked_at_ms !== null) return undefined
      if (row.expires_at_ms !== null && row.expires_at_ms <= now()) return undefined
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
      const scopes = new Set((row.scopes.split(' ') as KeyScope[]).flatMap((scope) => IMPLIED[scope]))
      return makePrincipal(row, { via: 'api-key', scopes, apiKeyId: row.key_id, ...from })
    },
    async createApiKey(principal, input) {
      // A key that leaked would live on in the keys made with it.
      if (principal.via === 'api-key' && !principal.scopes.has('admin')) {
        throw forbidden('key-scope', `Making API keys needs a login, or an API key with the scope 'admin'.`, {
          scope: 'admin',
        })
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
      const key = `sk_${makeSecret()}`
      const { id } = await db
        .insertInto('api_keys')
        .values({
          user_id: userId,
          name,
          prefix: key.slice(0, 8),
          key_hash: hashSecret(key),
          scopes: scopes.join(' '),
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
        details: { name, scopes, userId },
      })
      return { key, apiKey: await toApiKey(db, id) }
    },
    listApiKeys: (principal, options = {}) => listApiKeys(db, principal, options.all ?? false),
    async revokeApiKey(principal, id) {
      await revokeApiKey(db, principal, id, now())
      await audit.record(principal, { action: 'apikey.revoke', subject: `apikey/${id}` })
    },

    async localPrincipal(username) {
      const user = await db
        .selectFrom('users')
        .selectAll()
        .where('username', '=', username)
        .executeTakeFirst()
      if (!user) throw notFound('user', username)
      if (user.is_active !== 1) {
        throw forbidden('user-disabled', `The user ${username} is disabled.`, { username })
      }
      return makePrincipal(user, { via: 'local', scopes: ALL_SCOPES, address: 'local' })
    },
  }
}

type Opened = { cookieValue: string; session: Session }

function makePrincipal(
  user: Pick<Selectable<UserRow>, 'id' | 'username' | 'is_admin'>,
  way: {
    via: Principal['via']
    scopes: ReadonlySet<KeyScope>
    address: string
    requestId?: string
    sessionIdHash?: string
    apiKeyId?: number
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
  }
}

function toSession(row: Selectable<SessionRow>): Session {
  return {
    idHash: row.id_hash,
    userId: row.user_id ?? undefined,
    csrfToken: row.csrf_token,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  }
}
