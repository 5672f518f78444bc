import {
  type SekoiaCommunity,
  type SekoiaInvitation,
  type SekoiaRole,
  sekoiaCommunitySchema,
  sekoiaInvitationDraftSchema,
  sekoiaInvitationSchema,
  sekoiaMeSchema,
  sekoiaPageSchema,
  sekoiaRoleSchema,
  sekoiaTokenSchema,
  sekoiaUserSchema,
} from '@timeskein/model/sekoia'
import type { z } from 'zod'
import { invalid, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { makeNameUuid } from '../../../services/alert-words/alert-types.ts'
import type { Organisation } from '../../../services/organisations/organisation-service.ts'
import type { User } from '../../../services/users/user-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { pageItems, readMembers } from '../request/narrow-list.ts'
import { requireRowId, writeRowId } from '../request/wire-ids.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { tellAuthor, toSeconds, writeTime } from '../shapes/authorship.ts'

const LIST: ListRules = { match: ['uuid', 'name'], sort: ['name'], defaultLimit: 100, maxLimit: 1000 }
const INVITATIONS: ListRules = {
  match: ['uuid', 'email'],
  date: ['created_at'],
  sort: ['email', 'created_at'],
  defaultLimit: 100,
  maxLimit: 1000,
}
const INVITATION_READERS = readMembers<SekoiaInvitation>(['uuid', 'email', 'created_at'])

/** What people may do: with an account to look, to work, and to administer. */
const ROLES: readonly SekoiaRole[] = [
  role('Guest', 'Looks at what is shared with them.', [
    'SIC_READ_ALERTS',
    'SIC_READ_INTAKES',
    'SIC_READ_RULES',
  ]),
  role('Analyst', 'Works on alerts, cases, rules and events of sketches that are shared with them.', [
    'SIC_READ_ALERTS',
    'SIC_WRITE_ALERTS',
    'SIC_READ_INCIDENTS',
    'SIC_WRITE_INCIDENTS',
    'SIC_READ_INTAKES',
    'SIC_WRITE_INTAKES',
    'SIC_READ_RULES',
    'SIC_WRITE_RULES',
  ]),
  role('Admin', 'Administers users and keys besides.', ['COMMUNITY_ADD_MEMBER', 'COMMUNITY_WRITE_APIKEY']),
]

/** Who calls, and whom they work with. */
export const workspaceRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: '/v1/auth/validate',
    summary: 'What the key is.',
    permission: 'user',
    answers: { 200: sekoiaTokenSchema },
    handle: async ({ principal }) => {
      const id = writeRowId('api-key', principal.apiKeyId ?? 0)
      const now = toSeconds(Date.now())
      return {
        csrf: makeNameUuid(`csrf ${id}`),
        fresh: false,
        iat: now,
        identity: `apikey:${id}`,
        jti: makeNameUuid(`token ${id}`),
        nbf: now,
        type: 'access',
        user_claims: null,
      }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/me',
    summary: 'Whose key it is.',
    permission: 'user',
    answers: { 200: sekoiaMeSchema },
    handle: async ({ services, principal }) => {
      const user = await services.users.get(principal.userId)
      if (!user) throw notFound('user', principal.username)
      const { uid } = await findCommunity(services, principal)
      return { uuid: writeRowId('user', user.id), email: user.email, ...nameParts(user), community: uid }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/communities',
    summary: 'Communities: organisations.',
    permission: 'user',
    query: listSchema(LIST),
    answers: { 200: sekoiaPageSchema(sekoiaCommunitySchema) },
    handle: async ({ services, principal }, { query }) => {
      const communities = (await services.organisations.list(principal)).map(toCommunity)
      return pageItems(
        communities,
        readListRequest(query, LIST, Date.now()),
        readMembers<SekoiaCommunity>(['uuid', 'name']),
      )
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/communities/:communityId',
    summary: 'A community.',
    permission: 'user',
    answers: { 200: sekoiaCommunitySchema },
    handle: async ({ services, principal }, { params }) =>
      toCommunity(await services.organisations.get(principal, params.communityId)),
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/communities/:communityId/roles',
    summary: 'Roles of a community.',
    permission: 'user',
    permissions: ['COMMUNITY_READ_ROLE'],
    query: listSchema(LIST),
    answers: { 200: sekoiaPageSchema(sekoiaRoleSchema) },
    handle: async ({ services, principal }, { params, query }) => {
      await services.organisations.get(principal, params.communityId)
      return pageItems(
        ROLES,
        readListRequest(query, LIST, Date.now()),
        readMembers<SekoiaRole>(['uuid', 'name']),
      )
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/users/:userId',
    summary: 'Somebody with an account.',
    permission: 'user',
    permissions: ['COMMUNITY_LIST_MEMBER'],
    answers: { 200: sekoiaUserSchema },
    handle: async (call, { params }) => {
      const uuid = params.userId
      const user = await call.services.users.get(requireRowId('user', 'user', uuid))
      if (!user) throw notFound('user', uuid.slice(0, 64))
      return await showUser(call, user)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: '/v1/invitations',
    summary: 'Invites somebody into communities.',
    permission: 'admin',
    permissions: ['COMMUNITY_ADD_MEMBER'],
    body: sekoiaInvitationDraftSchema,
    answers: { 200: sekoiaInvitationSchema },
    handle: async ({ services, principal }, { body }) => {
      const wanted = Object.entries(body.communities)
      const [first] = wanted
      if (!first || wanted.length > 1)
        throw invalid('bad-request', `communities: one community was expected, found ${wanted.length}.`)
      const organisations = await services.organisations.list(principal)
      // The documentation's example ids are those of a made-up community: where there is only one, it is meant.
      const known = organisations.find(({ uid }) => uid === first[0].toLowerCase())
      const organisation = known ?? (organisations.length === 1 ? organisations[0] : undefined)
      if (!organisation) throw notFound('community', first[0].slice(0, 64))
      const roles = first[1].map(
        (uuid) => ROLES.find((one) => one.uuid === uuid.toLowerCase())?.name ?? 'Guest',
      )
      const invitation = await services.invitations.create(principal, {
        email: body.email,
        role: roles[0] ?? 'Guest',
        organisationId: organisation.id,
        details: { communities: body.communities },
      })
      return {
        uuid: invitation.uid,
        email: invitation.email,
        communities: body.communities,
        created_at: writeTime(invitation.createdAtMs),
      }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/invitations',
    summary: 'Invitations, newest first.',
    permission: 'admin',
    permissions: ['COMMUNITY_LIST_MEMBER', 'COMMUNITY_ADD_MEMBER'],
    query: listSchema(INVITATIONS),
    answers: { 200: sekoiaPageSchema(sekoiaInvitationSchema) },
    handle: async ({ services, principal }, { query }) => {
      const all = await services.invitations.list(principal)
      const items = all.map(({ uid, email, details, createdAtMs }) => ({
        uuid: uid,
        email,
        communities: (details['communities'] ?? {}) as z.output<typeof sekoiaInvitationSchema>['communities'],
        created_at: writeTime(createdAtMs),
      }))
      return pageItems(items, readListRequest(query, INVITATIONS, Date.now()), INVITATION_READERS)
    },
  }),
]

function role(name: string, description: string, permissions: readonly string[]): SekoiaRole {
  return { uuid: makeNameUuid(`role ${name}`), name, description, permissions: [...permissions] }
}

function toCommunity(organisation: Organisation): SekoiaCommunity {
  const { by, type } = tellAuthor(undefined)
  return {
    uuid: organisation.uid,
    name: organisation.name,
    description: '',
    homepage_url: '',
    created_at: writeTime(organisation.createdAtMs),
    created_by: by,
    created_by_type: type,
    updated_at: null,
    is_parent: false,
    parent_community_uuid: null,
    subcommunities: [],
    is_mfa_enforced: false,
    session_timeout: null,
    disable_inactive_avatars: false,
    disabled: false,
  }
}

function nameParts({ name, username }: User): { readonly firstname: string; readonly lastname: string } {
  const [firstname = username, ...rest] = (name === '' ? username : name).split(' ')
  return { firstname, lastname: rest.join(' ') }
}

async function showUser(
  { services, principal }: UserCall,
  user: User,
): Promise<z.output<typeof sekoiaUserSchema>> {
  const uuid = writeRowId('user', user.id)
  return {
    uuid,
    ...nameParts(user),
    company_name: null,
    email: user.email,
    picture_mode: 'none',
    created_at: writeTime(user.createdAtMs),
    updated_at: writeTime(user.updatedAtMs),
    invitation_v2: true,
    mfa_enabled: false,
    last_activity: null,
    auth_provider: 'local',
    communities: (await services.organisations.list(principal)).map(({ uid, name }) => ({
      uuid: uid,
      name,
      avatar_uuid: uuid,
      disabled: !user.isActive,
    })),
  }
}
