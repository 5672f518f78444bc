import type { KeyKind } from '@timeskein/model'
import type { Kysely } from 'kysely'
import type { Schema } from '../db/schema.ts'
import { forbidden, notFound } from '../errors/domain-error.ts'
import type { ApiKey } from './auth-service.ts'
import type { KeyScope, Principal } from './principal.ts'

/** The caller's keys, or everybody's. Newest first. */
export async function listApiKeys(
  db: Kysely<Schema>,
  principal: Principal,
  all: boolean,
): Promise<readonly ApiKey[]> {
  if (all && !principal.isAdmin) {
    throw forbidden('not-an-admin', 'Only administrators see the API keys of others.')
  }
  let query = selectApiKeys(db)
  if (!all) query = query.where('api_keys.user_id', '=', principal.userId)
  const rows = await query.orderBy('api_keys.id', 'desc').execute()
  return rows.map(fromRow)
}

/** A key by id. */
export async function toApiKey(db: Kysely<Schema>, id: number): Promise<ApiKey> {
  return fromRow(await selectApiKeys(db).where('api_keys.id', '=', id).executeTakeFirstOrThrow())
}

/** Ends a key: an own one, or any as an administrator. */
export async function revokeApiKey(
  db: Kysely<Schema>,
  principal: Principal,
  id: number,
  atMs: number,
): Promise<void> {
  const row = Number.isSafeInteger(id)
    ? await db
        .selectFrom('api_keys')
        .select(['user_id', 'revoked_at_ms'])
        .where('id', '=', id)
        .executeTakeFirst()
    : undefined
  if (!row || (row.user_id !== principal.userId && !principal.isAdmin)) throw notFound('API key', id)
  if (row.revoked_at_ms !== null) return
  await db.updateTable('api_keys').set({ revoked_at_ms: atMs }).where('id', '=', id).execute()
}

function selectApiKeys(db: Kysely<Schema>) {
  return db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .selectAll('api_keys')
    .select('users.username')
}

type ApiKeyQueryRow = Awaited<ReturnType<ReturnType<typeof selectApiKeys>['executeTakeFirstOrThrow']>>

function fromRow(row: ApiKeyQueryRow): ApiKey {
  return {
    id: row.id,
    userId: row.user_id,
    username: row.username,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes.split(' ') as KeyScope[],
    kind: row.kind as KeyKind,
    permissions: row.permissions?.split(' '),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms ?? undefined,
    revokedAtMs: row.revoked_at_ms ?? undefined,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
  }
}
