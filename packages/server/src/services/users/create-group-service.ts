import { requireAdmin } from '../../auth/require-admin.ts'
import { conflict, notFound } from '../../errors/domain-error.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Group, GroupService } from './group-service.ts'

/** Groups, kept in the metadata database. */
export function createGroupService(context: Omit<ServiceContext, 'cancelImports'>): GroupService {
  const { db, audit } = context
  const load = async (groupId: number): Promise<Group> => {
    const row = await db.selectFrom('groups').selectAll().where('id', '=', groupId).executeTakeFirst()
    if (!row) throw notFound('group', groupId)
    return toGroup(row)
  }
  return {
    async list() {
      const rows = await db.selectFrom('groups').selectAll().orderBy('name').execute()
      return rows.map(toGroup)
    },
    async findByName(name) {
      const row = await db.selectFrom('groups').selectAll().where('name', '=', name).executeTakeFirst()
      return row && toGroup(row)
    },
    async create(principal, input) {
      requireAdmin(principal)
      const name = requireName('group', input.name)
      const there = await db.selectFrom('groups').select('id').where('name', '=', name).executeTakeFirst()
      if (there) throw conflict('group-exists', `There is a group ${name} already.`, { name })
      const { id } = await db
        .insertInto('groups')
        .values({ name, description: input.description ?? '', owner_id: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      await audit.record(principal, { action: 'group.create', subject: `group/${id}`, details: { name } })
      return await load(id)
    },
    async delete(principal, groupId) {
      requireAdmin(principal)
      const group = await load(groupId)
      await db.deleteFrom('groups').where('id', '=', groupId).execute()
      await audit.record(principal, {
        action: 'group.delete',
        subject: `group/${groupId}`,
        details: { name: group.name },
      })
    },
    async addMember(principal, groupId, userId) {
      requireAdmin(principal)
      await load(groupId)
      const user = await db.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst()
      if (!user) throw notFound('user', userId)
      await db
        .insertInto('group_members')
        .values({ group_id: groupId, user_id: userId })
        .onConflict((onConflict) => onConflict.doNothing())
        .execute()
      await audit.record(principal, { action: 'group.add', subject: `group/${groupId}`, details: { userId } })
    },
    async removeMember(principal, groupId, userId) {
      requireAdmin(principal)
      await load(groupId)
      await db
        .deleteFrom('group_members')
        .where('group_id', '=', groupId)
        .where('user_id', '=', userId)
        .execute()
      await audit.record(principal, {
        action: 'group.remove',
        subject: `group/${groupId}`,
        details: { userId },
      })
    },
    async listMembers(groupId) {
      return await db
        .selectFrom('group_members')
        .innerJoin('users', 'users.id', 'group_members.user_id')
        .select(['users.id as userId', 'users.username'])
        .where('group_id', '=', groupId)
        .orderBy('users.username')
        .execute()
    },
  }
}

function toGroup(row: { id: number; name: string; description: string; owner_id: number | null }): Group {
  return { id: row.id, name: row.name, description: row.description, ownerId: row.owner_id ?? undefined }
}
