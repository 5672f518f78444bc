import { randomUUID } from 'node:crypto'
import type { Principal } from '../../auth/principal.ts'
import { requireAdmin } from '../../auth/require-admin.ts'
import { conflict, invalid, notFound } from '../../errors/domain-error.ts'
import { findDefaultOrganisation } from '../organisations/organisation-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Invitation, InvitationService } from './invitation-service.ts'

/** RFC 5321, section 4.5.3.1.3. */
const MAX_EMAIL_LENGTH = 254
const MAX_ROLE_LENGTH = 64

/** Invitations, kept in the metadata database. */
export function createInvitationService({ db, audit, now }: ServiceContext): InvitationService {
  const load = async (uid?: string): Promise<readonly Invitation[]> => {
    let query = db
      .selectFrom('invitations')
      .leftJoin('users as inviters', 'inviters.id', 'invitations.user_id')
      .selectAll('invitations')
      .select('inviters.username')
      .select((where) =>
        where
          .selectFrom('users')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('users.email', '=', 'invitations.email')
          .as('accounts'),
      )
    if (uid !== undefined) query = query.where('uid', '=', uid.toLowerCase())
    const rows = await query.orderBy('invitations.id', 'desc').execute()
    return rows.map((row) => ({
      id: row.id,
      uid: row.uid,
      organisationId: row.organisation_id,
      email: row.email,
      role: row.role,
      status: Number(row.accounts) > 0 ? 'accepted' : 'pending',
      details: JSON.parse(row.details_json) as Record<string, unknown>,
      invitedBy: row.username ?? undefined,
      createdAtMs: row.created_at_ms,
    }))
  }
  const get = async (principal: Principal, uid: string): Promise<Invitation> => {
    requireAdmin(principal)
    const [found] = await load(uid)
    if (!found) throw notFound('invitation', uid.slice(0, 64))
    return found
  }
  return {
    async list(principal) {
      requireAdmin(principal)
      return await load()
    },
    get,
    async create(principal, { email, role, organisationId, details = {} }) {
      requireAdmin(principal)
      requireEmail(email)
      requireRole(role)
      const taken =
        (await db.selectFrom('invitations').select('id').where('email', '=', email).executeTakeFirst()) ??
        (await db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst())
      if (taken)
        throw conflict('invitation-exists', `${email} is invited already, or has an account.`, { email })
      const uid = randomUUID()
      await db
        .insertInto('invitations')
        .values({
          uid,
          organisation_id: organisationId ?? (await findDefaultOrganisation(db)),
          email,
          role,
          details_json: JSON.stringify(details),
          user_id: principal.userId,
          created_at_ms: now(),
        })
        .execute()
      await audit.record(principal, {
        action: 'invitation.create',
        subject: `invitation/${uid}`,
        details: { email, role },
      })
      return await get(principal, uid)
    },
    async update(principal, uid, { role }) {
      const { uid: found } = await get(principal, uid)
      if (role !== undefined) {
        requireRole(role)
        await db.updateTable('invitations').set({ role }).where('uid', '=', found).execute()
        await audit.record(principal, {
          action: 'invitation.update',
          subject: `invitation/${found}`,
          details: { role },
        })
      }
      return await get(principal, found)
    },
    async delete(principal, uid) {
      const { id, email } = await get(principal, uid)
      await db.deleteFrom('invitations').where('id', '=', id).execute()
      await audit.record(principal, {
        action: 'invitation.delete',
        subject: `invitation/${uid}`,
        details: { email },
      })
    },
  }
}

function requireRole(role: string): void {
  if (role.length > MAX_ROLE_LENGTH)
    throw invalid('bad-role', `A role has at most ${MAX_ROLE_LENGTH} characters; found ${role.length}.`)
}

function requireEmail(email: string): void {
  if (email.length <= MAX_EMAIL_LENGTH && /^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+$/.test(email)) return
  throw invalid('bad-email', `An e-mail address was expected; found ${JSON.stringify(email.slice(0, 100))}.`)
}
