import type { Kysely } from 'kysely'
import { hashPassword } from '../../auth/password.ts'
import type { Principal } from '../../auth/principal.ts'
import { requireAdmin } from '../../auth/require-admin.ts'
import type { Schema } from '../../db/schema.ts'
import { conflict, forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import { MAX_NAME_LENGTH } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { addGroups, loadUsers, USER_TABLES } from './load-users.ts'
import type { User, UserService } from './user-service.ts'

/** Largest settings of one user, as JSON. */
const MAX_SETTINGS_LENGTH = 262_144

/** Users, kept in the metadata database. */
export function createUserService(context: Omit<ServiceContext, 'cancelImports'>): UserService {
  const { db, audit } = context

  const load = async (userId: number): Promise<User> => {
    const user = Number.isSafeInteger(userId) ? (await loadUsers(db, [userId])).get(userId) : undefined
    if (!user) throw notFound('user', userId)
    return user
  }
  const change = async (
    principal: Principal,
    userId: number,
    action: string,
    columns: { is_active?: number; is_admin?: number },
  ): Promise<User> => {
    requireAdmin(principal)
    const before = await load(userId)
    if (before.isAdmin && before.isActive && (columns.is_active === 0 || columns.is_admin === 0)) {
      await requireAnotherAdmin(db, userId)
    }
    await db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('users')
        .set({ ...columns, updated_at_ms: context.now() })
        .where('id', '=', userId)
        .execute()
      if (columns.is_active === 0) {
        await transaction.deleteFrom('sessions').where('user_id', '=', userId).execute()
      }
    })
    await audit.record(principal, {
      action,
      subject: `user/${userId}`,
      details: { username: before.username, ...columns },
    })
    return await load(userId)
  }

  const service: UserService = {
    async list() {
      const rows = await db.selectFrom('users').selectAll().orderBy('id').execute()
      return await addGroups(db, rows)
    },
    async get(userId) {
      if (!Number.isSafeInteger(userId)) return undefined
      return await context.cache.get(`user ${userId}`, USER_TABLES, async () =>
        (await loadUsers(db, [userId])).get(userId),
      )
    },
    async lastSignIns() {
      const rows = await db
        .selectFrom('audit_log')
        .select(({ fn }) => ['user_id', fn.max('at_ms').as('at_ms')])
        .where('action', '=', 'login')
        .where('result', '=', 'ok')
        .where('user_id', 'is not', null)
        .groupBy('user_id')
        .execute()
      return new Map(rows.map(({ user_id, at_ms }) => [user_id!, at_ms]))
    },
    async findByName(username) {
      const rows = await db.selectFrom('users').selectAll().where('username', '=', username).execute()
      return (await addGroups(db, rows))[0]
    },
    async create(principal, input) {
      requireAdmin(principal)
      const userId = await insertUser(db, input, context.now())
      await audit.record(principal, {
        action: 'user.create',
        subject: `user/${userId}`,
        details: { username: input.username, isAdmin: input.isAdmin ?? false },
      })
      return await load(userId)
    },
    async setPassword(principal, userId, password) {
      if (userId !== principal.userId) requireAdmin(principal)
      // Whoever knows a password can log in, and a session has all scopes.
      if (!principal.scopes.has('admin')) {
        throw forbidden('key-scope', `This needs an API key with the scope 'admin'.`, { scope: 'admin' })
      }
      const user = await load(userId)
      const passwordHash = await hashPassword(password)
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('users')
          .set({ password_hash: passwordHash, updated_at_ms: context.now() })
          .where('id', '=', userId)
          .execute()
        // Whoever else is signed in as this user may be the reason for the change.
        const own = userId === principal.userId ? principal.sessionIdHash : undefined
        await transaction
          .deleteFrom('sessions')
          .where('user_id', '=', userId)
          .$if(own !== undefined, (query) => query.where('id_hash', '!=', own!))
          .execute()
      })
      await audit.record(principal, {
        action: 'user.password',
        subject: `user/${userId}`,
        details: { username: user.username },
      })
    },
    setActive: (principal, userId, isActive) =>
      change(principal, userId, isActive ? 'user.enable' : 'user.disable', { is_active: isActive ? 1 : 0 }),
    setAdmin: (principal, userId, isAdmin) =>
      change(principal, userId, isAdmin ? 'user.make-admin' : 'user.revoke-admin', {
        is_admin: isAdmin ? 1 : 0,
      }),
    async getSettings(principal) {
      const row = await db
        .selectFrom('users')
        .select('settings_json')
        .where('id', '=', principal.userId)
        .executeTakeFirstOrThrow()
      return JSON.parse(row.settings_json) as Record<string, unknown>
    },
    async mergeSettings(principal, settings) {
      const merged = new Map(Object.entries(await service.getSettings(principal)))
      for (const [name, value] of Object.entries(settings)) merged.set(name, value)
      const text = JSON.stringify(Object.fromEntries(merged))
      if (text.length > MAX_SETTINGS_LENGTH) {
        throw invalid(
          'settings-too-large',
          `Settings have at most ${MAX_SETTINGS_LENGTH} characters as JSON.`,
          {
            length: text.length,
          },
        )
      }
      await db
        .updateTable('users')
        .set({ settings_json: text, updated_at_ms: context.now() })
        .where('id', '=', principal.userId)
        .execute()
      await audit.record(principal, { action: 'user.settings', subject: `user/${principal.userId}` })
      return await service.getSettings(principal)
    },
  }
  return service
}

/** Writes a new user. Returns the id. @throws {DomainError} `conflict` (`user-exists`), `invalid`. */
export async function insertUser(
  db: Kysely<Schema>,
  input: { username: string; password: string; name?: string; email?: string; isAdmin?: boolean },
  atMs: number,
): Promise<number> {
  const { username } = input
  if (
    username.length === 0 ||
    username.length > MAX_NAME_LENGTH ||
    /[\u0000-\u001f\u007f]|^\s|\s$/.test(username)
  ) {
    throw invalid(
      'bad-username',
      `A user name has 1 to ${MAX_NAME_LENGTH} characters, no control characters and no blanks at its ends.`,
    )
  }
  const there = await db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirst()
  if (there) {
    throw conflict('user-exists', `There is a user ${username} already.`, { username, userId: there.id })
  }
  const { id } = await db
    .insertInto('users')
    .values({
      username,
      password_hash: await hashPassword(input.password),
      name: input.name ?? username,
      email: input.email ?? '',
      is_admin: input.isAdmin ? 1 : 0,
      is_active: 1,
      settings_json: '{}',
      created_at_ms: atMs,
      updated_at_ms: atMs,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function requireAnotherAdmin(db: Kysely<Schema>, userId: number): Promise<void> {
  const other = await db
    .selectFrom('users')
    .select('id')
    .where('is_admin', '=', 1)
    .where('is_active', '=', 1)
    .where('id', '!=', userId)
    .executeTakeFirst()
  if (!other) {
    throw conflict('last-admin', 'This is the last active administrator; make another one first.', { userId })
  }
}
