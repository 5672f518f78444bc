import {
  type ThreatStackUser,
  threatStackOrganizationSchema,
  threatStackUserSchema,
  threatStackWholeQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import { notFound } from '../../../errors/domain-error.ts'
import type { Organisation } from '../../../services/organisations/organisation-service.ts'
import { makeRowUid, toShortUid } from '../../../services/row-uid.ts'
import type { User } from '../../../services/users/user-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { toIso } from '../wire/facts.ts'
import { pickFields } from '../wire/fields.ts'
import { findOrganisation } from '../wire/organisation.ts'
import { roleOf } from '../wire/roles.ts'
import { partly, v1Route } from './v1-route.ts'

/** Organisations and who is in them. */
export const organizationRoutes: readonly PlatformRoute[] = [
  v1Route('/organizations', {
    summary: 'The organizations that the key sees.',
    query: threatStackWholeQuerySchema,
    answer: z.array(partly(threatStackOrganizationSchema)),
    handle: async ({ services, principal }, { query: { fields } }) => {
      const user = await services.users.get(principal.userId)
      return (await services.organisations.list(principal)).map(({ uid, name }) =>
        pickFields({ id: toShortUid(uid), name, role: user ? roleOf(user) : 'user' }, fields),
      )
    },
  }),
  v1Route('/organizations/:organizationId/users', {
    summary: 'The members of an organization.',
    query: threatStackWholeQuerySchema,
    answer: z.array(partly(threatStackUserSchema)),
    handle: async ({ services, principal }, { params, query: { fields } }) => {
      const id = params.organizationId
      const found = await findOrganisation(services, principal, id)
      if (!found) throw notFound('organization', (id ?? '').slice(0, 40))
      return (await services.users.list())
        .filter(({ isActive }) => isActive)
        .map((user) => pickFields(toUser(user, found), fields))
    },
  }),
]

function toUser(user: User, { uid }: Organisation): ThreatStackUser {
  const displayName = user.name || user.username
  const blank = displayName.indexOf(' ')
  return {
    id: toShortUid(makeRowUid('user', user.id)),
    display_name: displayName,
    name: {
      first: blank < 0 ? displayName : displayName.slice(0, blank),
      last: blank < 0 ? '' : displayName.slice(blank + 1),
    },
    email: user.email,
    role: roleOf(user),
    organization_id: toShortUid(uid),
    updated_at: toIso(user.updatedAtMs),
  }
}
