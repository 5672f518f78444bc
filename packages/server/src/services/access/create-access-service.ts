import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { conflict, type DomainError, forbidden, notFound } from '../../errors/domain-error.ts'
import type { AuditService } from '../audit/audit-service.ts'
import { findSearchIndex } from '../search-indexes/load-search-indexes.ts'
import { findSketch } from '../sketches/load-sketches.ts'
import type { Sketch } from '../sketches/sketch-service.ts'
import { USER_TABLES } from '../users/load-users.ts'
import type { AccessService, EffectivePermissions, GrantChange, Permission } from './access-service.ts'
import { type GrantKind, isPublic, PERMISSIONS, readPermissions, setPublic } from './grants.ts'
import type { StructureCache } from './structure-cache.ts'

const SKETCH_TABLES = ['sketches', 'labels', ...USER_TABLES] as const
const PERMISSION_TABLES = ['grants', 'group_members'] as const

/** The rules of Timesketch (version 20261014: models/acl.py): owners have no implicit rights, administrators only that of deleting. */
export function createAccessService(
  db: Kysely<Schema>,
  audit: AuditService,
  cache: StructureCache,
): AccessService {
  const loadSketch = (sketchId: number): Promise<Sketch | undefined> =>
    cache.get(`sketch ${sketchId}`, SKETCH_TABLES, () => findSketch(db, sketchId))
  const loadPermissions = (
    principal: Principal,
    kind: GrantKind,
    objectId: number,
  ): Promise<EffectivePermissions> =>
    cache.get(`permissions ${principal.userId} ${kind} ${objectId}`, PERMISSION_TABLES, () =>
      readPermissions(db, principal, kind, objectId),
    )

  const service: AccessService = {
    async requireSketch(principal, sketchId, permission) {
      const sketch = await loadSketch(sketchId)
      if (!sketch || sketch.status === 'deleted') throw notFound('sketch', sketchId)
      requireScope(principal, permission)
      const held = await loadPermissions(principal, 'sketch', sketchId)
      if (!(held[permission] || (permission === 'delete' && principal.isAdmin))) {
        throw lacks('sketch', sketchId, permission)
      }
      return sketch
    },
    async requireOpenSketch(principal, sketchId, permission) {
      const sketch = await service.requireSketch(principal, sketchId, permission)
      if (sketch.status === 'archived') {
        throw conflict('sketch-archived', `Sketch ${sketchId} is archived; open it again first.`, {
          sketchId,
        })
      }
      return sketch
    },
    sketchPermissions: (principal, sketchId) => loadPermissions(principal, 'sketch', sketchId),
    async sketchGrants(sketchId) {
      const users = await db
        .selectFrom('grants')
        .innerJoin('users', 'users.id', 'grants.user_id')
        .select(['users.id as userId', 'users.username', 'grants.permission'])
        .where('grants.kind', '=', 'sketch')
        .where('grants.object_id', '=', sketchId)
        .orderBy('users.username')
        .execute()
      const groups = await db
        .selectFrom('grants')
        .innerJoin('groups', 'groups.id', 'grants.group_id')
        .select(['groups.id as groupId', 'groups.name', 'grants.permission'])
        .where('grants.kind', '=', 'sketch')
        .where('grants.object_id', '=', sketchId)
        .orderBy('groups.name')
        .execute()
      const byUser = Map.groupBy(users, (row) => row.userId)
      const byGroup = Map.groupBy(groups, (row) => row.groupId)
      return {
        isPublic: await isPublic(db, 'sketch', sketchId),
        users: [...byUser].map(([userId, rows]) => ({
          userId,
          username: rows[0]!.username,
          permissions: listPermissions(rows),
        })),
        groups: [...byGroup].map(([groupId, rows]) => ({
          groupId,
          name: rows[0]!.name,
          permissions: listPermissions(rows),
        })),
      }
    },
    async changeSketchGrants(principal, sketchId, change) {
      const sketch = await service.requireSketch(principal, sketchId, 'write')
      const held = await loadPermissions(principal, 'sketch', sketchId)
      const outcome = await db
        .transaction()
        .execute((transaction) =>
          applyGrantChange(transaction, { principal, sketchId, ownerId: sketch.owner?.id, held, change }),
        )
      await audit.record(principal, {
        action: 'sketch.share',
        subject: `sketch/${sketchId}`,
        sketchId,
        details: { ...change },
      })
      return outcome
    },
    async requireSearchIndex(principal, searchIndexId, permission) {
      const searchIndex = await findSearchIndex(db, searchIndexId)
      if (!searchIndex || searchIndex.status === 'deleted') throw notFound('searchindex', searchIndexId)
      requireScope(principal, permission)
      const held = await loadPermissions(principal, 'searchindex', searchIndexId)
      if (!(held[permission] || (permission === 'delete' && principal.isAdmin))) {
        throw lacks('searchindex', searchIndexId, permission)
      }
      return searchIndex
    },
    searchIndexPermissions: (principal, searchIndexId) =>
      loadPermissions(principal, 'searchindex', searchIndexId),
  }
  return service
}

function requireScope(principal: Principal, permission: Permission): void {
  const scope = permission === 'read' ? 'read' : 'write'
  if (!principal.scopes.has(scope)) {
    throw forbidden('key-scope', `This needs an API key with the scope '${scope}'.`, { scope })
  }
}

function lacks(what: GrantKind, id: number, permission: Permission): DomainError {
  return forbidden(
    `no-${permission}-permission`,
    `You do not have ${permission} permission on ${what} ${id}.`,
    {
      what,
      id,
      permission,
    },
  )
}

function listPermissions(rows: readonly { permission: string }[]): readonly Permission[] {
  return PERMISSIONS.filter((permission) => rows.some((row) => row.permission === permission))
}

interface GrantWork {
  readonly principal: Principal
  readonly sketchId: number
  readonly ownerId: number | undefined
  readonly held: EffectivePermissions
  readonly change: GrantChange
}

async function applyGrantChange(
  db: Kysely<Schema>,
  work: GrantWork,
): Promise<{ unknownUsers: readonly string[]; unknownGroups: readonly string[] }> {
  const { change, sketchId } = work
  const unknownUsers: string[] = []
  const unknownGroups: string[] = []
  const grantees: Grantee[] = []
  for (const name of change.grantUsers ?? []) {
    const user = await findUser(db, name)
    if (user) grantees.push({ user_id: user, group_id: null })
    else unknownUsers.push(name)
  }
  for (const name of change.grantGroups ?? []) {
    const group = await findGroup(db, name, work.principal)
    if (group) grantees.push({ user_id: null, group_id: group })
    else unknownGroups.push(name)
  }
  if (grantees.length > 0) await grantTo(db, work, grantees)

  const losers: Grantee[] = []
  for (const name of change.revokeUsers ?? []) {
    const user = await findUser(db, name)
    if (user === undefined) unknownUsers.push(name)
    else if (user === work.ownerId) {
      throw forbidden('owner-cannot-be-revoked', 'Permissions of the owner of a sketch cannot be revoked.')
    } else losers.push({ user_id: user, group_id: null })
  }
  for (const name of change.revokeGroups ?? []) {
    const group = await findGroup(db, name, undefined)
    if (group) losers.push({ user_id: null, group_id: group })
    else unknownGroups.push(name)
  }
  for (const loser of losers) await revokeFrom(db, work, loser)

  if (change.isPublic !== undefined) await setPublic(db, 'sketch', sketchId, change.isPublic)
  return { unknownUsers, unknownGroups }
}

type Grantee = { readonly user_id: number | null; readonly group_id: number | null }

async function grantTo(db: Kysely<Schema>, work: GrantWork, grantees: readonly Grantee[]): Promise<void> {
  const wanted = work.change.permissions ?? ['read', 'write']
  for (const permission of wanted) {
    if (!work.held[permission]) {
      throw forbidden(
        'cannot-grant',
        `You cannot grant ${permission} permission: you do not have it yourself.`,
        {
          permission,
        },
      )
    }
  }
  for (const grantee of grantees) {
    const there = new Set((await listGrantsOf(db, work.sketchId, grantee)).map((row) => row.permission))
    for (const permission of wanted) {
      if (there.has(permission)) continue
      await db
        .insertInto('grants')
        .values({ kind: 'sketch', object_id: work.sketchId, ...grantee, permission })
        .execute()
    }
  }
}

async function revokeFrom(db: Kysely<Schema>, work: GrantWork, loser: Grantee): Promise<void> {
  const wanted: readonly string[] | undefined = work.change.permissions
  for (const row of await listGrantsOf(db, work.sketchId, loser)) {
    if (wanted && !wanted.includes(row.permission)) continue
    const permission = row.permission as Permission
    if (!work.held[permission]) {
      throw forbidden(
        'cannot-revoke',
        `You cannot revoke ${permission} permission: you do not have it yourself.`,
        {
          permission,
        },
      )
    }
    await db.deleteFrom('grants').where('id', '=', row.id).execute()
  }
}

async function listGrantsOf(
  db: Kysely<Schema>,
  sketchId: number,
  grantee: Grantee,
): Promise<readonly { id: number; permission: string }[]> {
  return await db
    .selectFrom('grants')
    .select(['id', 'permission'])
    .where('kind', '=', 'sketch')
    .where('object_id', '=', sketchId)
    .where('user_id', 'is', grantee.user_id)
    .where('group_id', 'is', grantee.group_id)
    .execute()
}

async function findUser(db: Kysely<Schema>, name: string): Promise<number | undefined> {
  for (const candidate of [name, name.split('@')[0] ?? '']) {
    const row = await db.selectFrom('users').select('id').where('username', '=', candidate).executeTakeFirst()
    if (row) return row.id
  }
  return undefined
}

/** @param grantor - Given: only groups without owner or of this user. */
async function findGroup(
  db: Kysely<Schema>,
  name: string,
  grantor: Principal | undefined,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('groups')
    .select(['id', 'owner_id'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (!row) return undefined
  if (grantor && row.owner_id !== null && row.owner_id !== grantor.userId) return undefined
  return row.id
}
