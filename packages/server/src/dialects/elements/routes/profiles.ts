import { elementsProfileSchema } from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { Policy } from '../../../services/policies/policy-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { listRoute } from '../lists/list-route.ts'
import { textParameter } from '../lists/parameters.ts'
import { sliceList } from '../lists/slice-list.ts'

/** Profiles, which are our policies: of whatever kind they are asked for. */
export const profileRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'GET',
    path: '/profiles/v1/profiles',
    summary: 'Profiles by name.',
    values: z.object({ organizationId: textParameter, type: textParameter }),
    item: elementsProfileSchema,
    maxLimit: 200,
    find: async (call, { type }, page) => {
      if (type === undefined || type === null) throw invalid('missing-type', 'type is missing.')
      const policies = await call.services.policies.list(call.principal)
      return sliceList(
        policies.map(({ id, name }) => ({ id: String(id), name, type })),
        page,
      )
    },
  }),
]

/** A profile by its number, or the id of its policy. */
export async function findProfile(call: UserCall, id: string): Promise<Policy | undefined> {
  const policies = await call.services.policies.list(call.principal)
  return policies.find((policy) => String(policy.id) === id || policy.uuid === id.toLowerCase())
}
