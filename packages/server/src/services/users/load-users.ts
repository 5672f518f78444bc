import type { Kysely, Selectable } from 'kysely'
import type { Schema, UserRow } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import type { User } from './user-service.ts'

/** What users are read from. */
export const USER_TABLES = ['users', 'groups', 'group_members'] as const

/** Users by id, with their groups; unknown ids are left out. */
export async function loadUsers(
  db: Kysely<Schema>,
  userIds: Iterable<number | null>,
): Promise<ReadonlyMap<number, User>> {
  const ids = [...new Set(userIds)].filter((id) => id !== null)
  const users = new Map<number, User>()
  for (const some of chunk(ids)) {
    const rows = await db.selectFrom('users').selectAll().where('id', 'in', some).execute()
    for (const user of await addGroups(db, rows)) users.set(user.id, user)
  }
  return users
}

/** The owners of rows, by id, as `loadUsers` gives them. */
export function loadOwners(
  db: Kysely<Schema>,
  rows: readonly { readonly owner_id: number | null }[],
): Promise<ReadonlyMap<number, User>> {
  return loadUsers(
    db,
    rows.map((row) => row.owner_id),
  )
}

/** Makes users of rows. */
export async function addGroups(
  db: Kysely<Schema>,
  rows: readonly Selectable<UserRow>[],
): Promise<readonly User[]> {
  const groups = new Map<number, string[]>()
  for (const some of chunk(rows)) {
    const memberships = await db
      .selectFrom('group_members')
      .innerJoin('groups', 'groups.id', 'group_members.group_id')
      .select(['group_members.user_id', 'groups.name'])
      .where(
        'group_members.user_id',
        'in',
        some.map((row) => row.id),
      )
      .orderBy('groups.name')
      .execute()
    for (const membership of memberships) {
      const names = groups.get(membership.user_id)
      if (names) names.push(membership.name)
      else groups.set(membership.user_id, [membership.name])
    }
  }
  return rows.map((row) => ({
    id: row.id,
    username: row.username,
    name: row.name,
    email: row.email,
    isAdmin: row.is_admin === 1,
    isActive: row.is_active === 1,
    groups: groups.get(row.id) ?? [],
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
