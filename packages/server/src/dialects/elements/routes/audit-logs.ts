import { elementsAuditEntrySchema } from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { listRoute } from '../lists/list-route.ts'
import {
  booleanParameter,
  orderParameter,
  textParameter,
  textsParameter,
  timeParameter,
  toMsRange,
  toTimestamp,
} from '../lists/parameters.ts'
import { readNumberPlace } from '../lists/slice-list.ts'
import { loadOrganizations } from '../shapes/organizations.ts'

const MAX_ACTIONS = 20
/** A list covers 30 days at most. */
const MAX_RANGE_US = 30 * 86_400_000_000

/** The audit log: who did what. */
export const auditLogRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'GET',
    path: '/audit-logs/v1/audit-logs',
    summary: 'Acts of a stretch of time: all of them for administrators, their own for others.',
    values: z.object({
      organizationId: textParameter,
      organizationName: textParameter,
      serverTimestampStart: timeParameter,
      serverTimestampEnd: timeParameter,
      action: textsParameter,
      username: textParameter,
      exclusiveStart: booleanParameter,
      language: textParameter,
      order: orderParameter,
    }),
    item: elementsAuditEntrySchema,
    maxLimit: 200,
    defaultLimit: 100,
    find: async (call, values, { limit, after }) => {
      const { action, username, order, organizationId, organizationName } = values
      const startUs = values.serverTimestampStart
      const endUs = values.serverTimestampEnd ?? Date.now() * 1000
      if (startUs !== undefined && startUs !== null && endUs - startUs > MAX_RANGE_US)
        throw invalid(
          'range-too-long',
          'The time from serverTimestampStart to serverTimestampEnd is at most 30 days.',
        )
      if (action && action.length > MAX_ACTIONS)
        throw invalid('too-many-values', `action: at most ${MAX_ACTIONS} expected; found ${action.length}.`)
      const [organization] = await call.services.organisations.list(call.principal)
      const nameOrganization = await loadOrganizations(call)
      // What is done here is told of one organization.
      const isOther = organizationId && organizationId.toLowerCase() !== organization?.uid
      if (isOther || (organizationName && organizationName !== organization?.name))
        return { items: [], next: undefined }
      const { fromMs, toMs } = toMsRange({
        startUs,
        endUs: values.serverTimestampEnd,
        isStartExclusive: values.exclusiveStart,
      })
      const entries = await call.services.audit.listVisible(call.principal, {
        ...(action ? { actions: action } : {}),
        ...(username ? { username } : {}),
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(toMs === undefined ? {} : { toMs }),
        ...(after === undefined
          ? {}
          : order === 'asc'
            ? { afterId: readNumberPlace(after)! }
            : { beforeId: readNumberPlace(after)! }),
        order: order ?? 'desc',
        limit: limit + 1,
      })
      const page = entries.slice(0, limit)
      return {
        items: page.map((entry) => ({
          id: String(entry.id),
          action: entry.action,
          serverTimestamp: toTimestamp(entry.atMs),
          username: entry.username,
          ...(organization ? { organization: nameOrganization(organization.id) } : {}),
          details: { subject: entry.subject, result: entry.result, via: entry.via, ...entry.details },
        })),
        next: entries.length > limit ? String(page.at(-1)!.id) : undefined,
      }
    },
  }),
]
