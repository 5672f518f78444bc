import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { EffectivePermissions, Permission } from './access-service.ts'
import { grantsFor } from './readable-by.ts'

/** All permissions, the least first. */
export const PERMISSIONS: readonly Permission[] = ['read', 'write', 'delete']

/** What can be granted. */
export type GrantKind = Schema['grants']['kind']

/** Gives a user all permissions on something just made. */
export async function grantAll(
  db: Kysely<Schema>,
  kind: GrantKind,
  objectId: number,
  userId: number,
): Promise<void> {
  for (const permission of PERMISSIONS) {
    await db
      .insertInto('grants')
      .values({ kind, object_id: objectId, user_id: userId, group_id: null, permission })
      .execute()
  }
}

/** Opens something to every user for reading, or takes that back. */
export async function setPublic(
  db: Kysely<Schema>,
  kind: GrantKind,
  objectId: number,
  open: boolean,
): Promise<void> {
  const isOpen = await isPublic(db, kind, objectId)
  if (open === isOpen) return
  if (open) {
    await db
      .insertInto('grants')
      .values({ kind, object_id: objectId, user_id: null, group_id: null, permission: 'read' })
      .execute()
    return
  }
  await db
    .deleteFrom('grants')
    .where('kind', '=', kind)
    .where('object_id', '=', objectId)
    .where('user_id', 'is', null)
    .where('group_id', 'is', null)
    .execute()
}

/** What a user may do with something, by all grants that hold for the user. */
export async function readPermissions(
  db: Kysely<Schema>,
  principal: Principal,
  kind: GrantKind,
  objectId: number,
): Promise<EffectivePermissions> {
  const rows = await db
    .selectFrom('grants')
    .select(['user_id', 'group_id', 'permission'])
    .where('kind', '=', kind)
    .where('object_id', '=', objectId)
    .where(grantsFor(principal))
    .execute()
  const isOpen = rows.some(
    (row) => row.user_id === null && row.group_id === null && row.permission === 'read',
  )
  const own = new Set(
    rows.filter((row) => row.user_id !== null || row.group_id !== null).map((row) => row.permission),
  )
  return {
    public: isOpen,
    read: isOpen || own.has('read'),
    write: own.has('write'),
    delete: own.has('delete'),
  }
}

/** Whether everybody may read something. */
export async function isPublic(db: Kysely<Schema>, kind: GrantKind, objectId: number): Promise<boolean> {
  const row = await db
    .selectFrom('grants')
    .select('id')
    .where('kind', '=', kind)
    .where('object_id', '=', objectId)
    .where('user_id', 'is', null)
    .where('group_id', 'is', null)
    .where('permission', '=', 'read')
    .executeTakeFirst()
  return row !== undefined
}
