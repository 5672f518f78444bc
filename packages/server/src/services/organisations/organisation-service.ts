import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import { requireAdmin } from '../../auth/require-admin.ts'
import type { Schema } from '../../db/schema.ts'
import { notFound } from '../../errors/domain-error.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'

/** Whose devices, alerts and incidents they are. Everybody with an account is a member of each. */
export interface Organisation {
  readonly id: number
  /** UUID. */
  readonly uid: string
  readonly name: string
  /** One of them: what names none belongs to it. */
  readonly isDefault: boolean
  readonly createdAtMs: number
}

/** Organisations; there is at least the default one. */
export interface OrganisationService {
  list(principal: Principal): Promise<readonly Organisation[]>
  /** The one that what names none belongs to. */
  getDefault(principal: Principal): Promise<Organisation>
  /** @throws {DomainError} `not-found` (`organisation-not-found`). */
  get(principal: Principal, uid: string): Promise<Organisation>
  /** Administrators only. */
  rename(principal: Principal, uid: string, name: string): Promise<Organisation>
}

/** Organisations, kept in the metadata database. */
export function createOrganisationService({ db, audit }: ServiceContext): OrganisationService {
  const list = async (): Promise<readonly Organisation[]> => {
    const rows = await db.selectFrom('organisations').selectAll().orderBy('id').execute()
    return rows.map((row) => ({
      id: row.id,
      uid: row.uid,
      name: row.name,
      isDefault: row.is_default === 1,
      createdAtMs: row.created_at_ms,
    }))
  }
  const get = async (uid: string): Promise<Organisation> => {
    const found = (await list()).find((one) => one.uid === uid.toLowerCase())
    if (!found) throw notFound('organisation', uid.slice(0, 64))
    return found
  }
  return {
    list,
    // Made with the tables, and never removed.
    getDefault: async () => (await list()).find(({ isDefault }) => isDefault)!,
    get: (_principal, uid) => get(uid),
    async rename(principal, uid, name) {
      requireAdmin(principal)
      const { id } = await get(uid)
      requireName('organisation', name)
      await db.updateTable('organisations').set({ name }).where('id', '=', id).execute()
      await audit.record(principal, {
        action: 'organisation.update',
        subject: `organisation/${uid}`,
        details: { name },
      })
      return await get(uid)
    },
  }
}

/** The organisation of whatever names none. */
export async function findDefaultOrganisation(db: Kysely<Schema>): Promise<number> {
  const { id } = await db
    .selectFrom('organisations')
    .select('id')
    .where('is_default', '=', 1)
    .orderBy('id')
    .executeTakeFirstOrThrow()
  return id
}
