import type { Kysely, Selectable } from 'kysely'
import type { Schema, SessionRow, UserRow } from '../db/schema.ts'
import { DomainError, forbidden, notFound } from '../errors/domain-error.ts'
import type { Metrics } from '../metrics.ts'
import type { StructureCache } from '../services/access/structure-cache.ts'
import type { AuditService } from '../services/audit/audit-service.ts'
import { listApiKeys, revokeApiKey, toApiKey } from './api-keys.ts'
import type { AuthService, Session } from './auth-service.ts'
import { findKeys, insertKey, toKeyPrincipal } from './key-rows.ts'
import { LoginThrottle } from './login-throttle.ts'
import { makePrincipal } from './make-principal.ts'
import { hashPassword, makePassword, verifyPassword } from './password.ts'
import { ALL_SCOPES } from './principal.ts'
import { hashSecret, isSameSecret, makeSecret } from './secret.ts'

/** Life of a session somebody logged in to, from its last renewal. */
export const SESSION_TTL_MS: number = 31 * 24 * 3_600_000
/** Life of a session nobody has logged in to. */
const ANONYMOUS_SESSION_TTL_MS: number = 24 * 3_600_000
/** A session's end is moved on when so much of its life is over, not at every request. */
const RENEW_AFTER_MS = 24 * 3_600_000
/** What authentication stands on. */
export interface AuthDeps {
  readonly db: Kysely<Schema>
  readonly audit: AuditService
  readonly metrics: Metrics
  readonly now: () => number
  readonly cache: StructureCache
}

/** Passwords, sessions and API keys over the metadata database. */
export function createAuthService(deps: AuthDeps): AuthService {
  const { db, audit, metrics, now, cache } = deps
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
      const row = await cache.get(`session ${idHash}`, ['sessions', 'users'], () =>
        db
          .selectFrom('sessions')
          .leftJoin('users', 'users.id', 'sessions.user_id')
          .selectAll('sessions')
          .select('users.is_active')
          .where('id_hash', '=', idHash)
          .executeTakeFirst(),
      )
      if (!row || row.expires_at_ms <= now() || (row.user_id !== null && row.is_active !== 1))
        return undefined
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
      const { userId } = session
      const user = await cache.get(`account ${userId}`, ['users'], () =>
        db
          .selectFrom('users')
          .select(['id', 'username', 'is_admin', 'is_active'])
          .where('id', '=', userId)
          .executeTakeFirst(),
      )
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
      const keyHash = hashSecret(key)
      const [row] = await cache.get(`key ${keyHash}`, ['api_keys', 'users'], () =>
        findKeys(db, 'timeskein', { key_hash: keyHash }),
      )
      return await toKeyPrincipal(deps, row, from)
    },
    async createApiKey(principal, input) {
      const key = `sk_${makeSecret()}`
      const id = await insertKey(deps, principal, { ...input, kind: 'timeskein', secret: key })
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

function toSession(row: Selectable<SessionRow>): Session {
  return {
    idHash: row.id_hash,
    userId: row.user_id ?? undefined,
    csrfToken: row.csrf_token,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  }
}
