import { elementsInvitationDraftSchema, elementsInvitationSchema } from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { Invitation } from '../../../services/invitations/invitation-service.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { listRoute } from '../lists/list-route.ts'
import { textParameter, toTimestamp } from '../lists/parameters.ts'
import { sliceList } from '../lists/slice-list.ts'
import { WRITE_SCOPE } from '../scopes.ts'

const PATH = '/invitations/v1/invitations'
const DEFAULT_ROLE = 'user'
const queryWithId = z.object({ invitationId: textParameter })

/** Invitations; for clients of administrators. */
export const invitationRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'GET',
    path: PATH,
    permission: 'admin',
    summary: 'Invitations, newest first.',
    values: z.object({ organizationId: textParameter, invitationId: textParameter }),
    item: elementsInvitationSchema,
    maxLimit: 200,
    find: async (call, { invitationId }, page) => {
      const { invitations } = call.services
      const all = invitationId
        ? [await invitations.get(call.principal, invitationId)]
        : await invitations.list(call.principal)
      return sliceList(all.map(toElementsInvitation), page)
    },
  }),
  platformRoute({
    method: 'POST',
    path: PATH,
    summary: 'Invite somebody.',
    permission: 'admin',
    permissions: [WRITE_SCOPE],
    body: elementsInvitationDraftSchema,
    answers: { 201: elementsInvitationSchema },
    handle: async (call, { body }, c) => {
      const made = await call.services.invitations.create(call.principal, {
        email: body.email,
        role: body.role ?? DEFAULT_ROLE,
      })
      return c.json(toElementsInvitation(made), 201)
    },
  }),
  platformRoute({
    method: 'PUT',
    path: PATH,
    summary: 'Give an invitation another role.',
    permission: 'admin',
    permissions: [WRITE_SCOPE],
    query: queryWithId,
    body: elementsInvitationDraftSchema.pick({ role: true }).extend({ id: z.string().optional() }),
    answers: { 200: elementsInvitationSchema },
    handle: async (call, { query, body }) => {
      const id = requireId(query.invitationId ?? body.id)
      return toElementsInvitation(
        await call.services.invitations.update(call.principal, id, body.role ? { role: body.role } : {}),
      )
    },
  }),
  platformRoute({
    method: 'DELETE',
    path: PATH,
    summary: 'Take an invitation back.',
    permission: 'admin',
    permissions: [WRITE_SCOPE],
    query: queryWithId,
    answers: { 204: null },
    handle: async (call, { query }) => {
      await call.services.invitations.delete(call.principal, requireId(query.invitationId))
    },
  }),
]

function requireId(id: string | null | undefined): string {
  if (id === undefined || id === null) throw invalid('missing-id', 'invitationId is missing.')
  return id
}

function toElementsInvitation(invitation: Invitation): z.infer<typeof elementsInvitationSchema> {
  const { uid, email, role, status, createdAtMs } = invitation
  return { id: uid, email, role, status, createdTimestamp: toTimestamp(createdAtMs) }
}
