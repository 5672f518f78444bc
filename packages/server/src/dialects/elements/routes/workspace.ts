import {
  type ElementsOrganization,
  elementsDatabaseVersionSchema,
  elementsExposureSchema,
  elementsOrganizationSchema,
  elementsWhoAmISchema,
} from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { listRoute } from '../lists/list-route.ts'
import { listParameter, textParameter } from '../lists/parameters.ts'
import { sliceList } from '../lists/slice-list.ts'
import { READ_SCOPE } from '../scopes.ts'
import { PLATFORM, recordOf } from '../shapes/device.ts'
import { readOrganization } from '../shapes/organizations.ts'
import { readNamed } from '../shapes/read-record.ts'
import { readBearer } from '../tokens/identify.ts'

const MAX_LIMIT = 200

/** Organizations, and what belongs to the platform as a whole. */
export const workspaceRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'GET',
    path: '/organizations/v1/organizations',
    summary: 'Organizations: ours, and those of devices that were told by Elements.',
    values: z.object({ organizationId: textParameter, type: listParameter(['company', 'partner']) }),
    item: elementsOrganizationSchema,
    maxLimit: MAX_LIMIT,
    find: async (call, { organizationId, type }, page) => {
      const all = await listOrganizations(call)
      const own = await call.services.organisations.list(call.principal)
      const isWhole = own.some(({ uid, isDefault }) => isDefault && uid === organizationId?.toLowerCase())
      return sliceList(
        all.filter(
          (one) =>
            (!organizationId || isWhole || one.id === organizationId) && (!type || type.includes(one.type)),
        ),
        page,
      )
    },
  }),
  platformRoute({
    method: 'GET',
    path: '/whoami/v1/whoami',
    summary: 'Whose token it is.',
    permission: 'user',
    permissions: [READ_SCOPE],
    answers: { 200: elementsWhoAmISchema },
    handle: async (call, _input, c) => {
      const token = await call.services.platformTokens.read(readBearer(c) ?? '')
      const { uid } = await call.services.organisations.getDefault(call.principal)
      return {
        clientId: token?.clientId ?? call.principal.username,
        organizationId: uid,
      }
    },
  }),
  listRoute({
    method: 'GET',
    path: '/identities/v1/exposure-identities',
    summary: 'Accounts that the engine for breaches of mail has told of, most often first.',
    values: z.object({ organizationId: textParameter }),
    item: elementsExposureSchema,
    maxLimit: MAX_LIMIT,
    find: async (call, { organizationId }, page) => {
      const { organisationId, facts } = await readOrganization(call, organizationId, 'organization.id')
      const counts = await call.services.alerts.countBy(
        call.principal,
        {
          ...(organisationId === undefined ? {} : { organisationId }),
          engines: ['emailBreach'],
          isOncePerItem: true,
          facts,
        },
        'target.id',
      )
      return sliceList(
        counts.map(({ value, count }) => ({ id: value, identity: value, exposureCount: count })),
        page,
      )
    },
  }),
  platformRoute({
    method: 'GET',
    path: '/databases/v1/latest-versions',
    summary: 'The newest version of signatures that a device has.',
    permission: 'user',
    permissions: [READ_SCOPE],
    query: z.object({ id: textParameter }),
    answers: { 200: z.object({ items: z.array(elementsDatabaseVersionSchema) }) },
    handle: async (call, { query: { id } }) => {
      if (id === undefined || id === null) throw invalid('missing-id', 'id is missing.')
      const versions = await call.services.devices.countBy(
        call.principal,
        {},
        {
          platform: PLATFORM,
          path: 'malwareDbVersion',
        },
      )
      const newest = versions
        .map(({ value }) => value)
        .toSorted()
        .at(-1)
      return { items: newest === undefined ? [] : [{ id, version: newest }] }
    },
  }),
]

async function listOrganizations(call: UserCall): Promise<readonly ElementsOrganization[]> {
  const { services, principal } = call
  const own = await services.organisations.list(principal)
  const told = await services.devices.countBy(principal, {}, { platform: PLATFORM, path: 'company.id' })
  const companies = told.filter(({ value }) => !own.some(({ uid }) => uid === value))
  const named: ElementsOrganization[] = own.map(({ uid, name, isDefault }) => ({
    id: uid,
    name,
    type: isDefault && own.length + companies.length > 1 ? 'partner' : 'company',
  }))
  for (const { value } of companies) {
    const { items } = await services.devices.readPage(
      principal,
      { facts: { platform: PLATFORM, all: [{ path: 'company.id', oneOf: [value] }] } },
      { limit: 1 },
    )
    const company = items[0] && readNamed(recordOf(items[0]), 'company')
    named.push({ id: value, name: company?.name ?? '', type: 'company' })
  }
  return named
}
