import { threatStackRulesetDraftSchema, threatStackRulesetSchema } from '@timeskein/model/threatstack'
import { z } from 'zod'
import { forbidden, isDomainError } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { Policy } from '../../../services/policies/policy-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { listRulesets, requireRuleset, toRuleset } from '../rules/rulesets.ts'
import { v2Route } from './v2-route.ts'

const rulesetList = z.strictObject({ rulesets: z.array(threatStackRulesetSchema), token: z.null() })
const agentQuery = z.object({ agentId: z.string().optional() })

/** Sets of rules. Which rules are run the rules themselves say: every set is every host's. */
export const rulesetRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/rulesets',
    summary: 'All sets of rules, or those of a host.',
    query: agentQuery,
    answers: { 200: rulesetList },
    handle: async (call, { query }) => await listAll(call, query.agentId),
  }),
  v2Route({
    method: 'POST',
    path: '/rulesets',
    summary: 'Make a set of rules.',
    body: threatStackRulesetDraftSchema,
    answers: { 201: threatStackRulesetSchema },
    handle: async (call, { body }) => {
      const { name, description = '', ruleIds = [] } = body
      const policy = await call.services.policies.create(call.principal, {
        name,
        description,
        ruleUuids: ruleIds,
      })
      return await read(call, policy.uuid)
    },
  }),
  v2Route({
    method: 'GET',
    path: '/rulesets/:rulesetId',
    summary: 'One set of rules. With the parameter agentId the id may be that of a host: its sets.',
    query: agentQuery,
    answers: { 200: z.union([threatStackRulesetSchema, rulesetList]) },
    handle: async (call, { params, query }) => {
      const id = params.rulesetId
      try {
        return await read(call, id)
      } catch (error) {
        const isOther = isDomainError(error) && error.kind === 'not-found' && query.agentId === id
        if (!isOther) throw error
        return await listAll(call, id)
      }
    },
  }),
  v2Route({
    method: 'PUT',
    path: '/rulesets/:rulesetId',
    summary: 'Replace what a set says; ruleIds are all its rules from then on.',
    body: threatStackRulesetDraftSchema,
    answers: { 200: threatStackRulesetSchema },
    handle: async (call, { params, body }) => {
      const { uuid } = await requirePolicy(call, params.rulesetId)
      const { name, description, ruleIds } = body
      await call.services.policies.update(call.principal, uuid, {
        name,
        ...(description === undefined ? {} : { description }),
        ...(ruleIds === undefined ? {} : { ruleUuids: ruleIds }),
      })
      return await read(call, uuid)
    },
  }),
  v2Route({
    method: 'DELETE',
    path: '/rulesets/:rulesetId',
    summary: 'Take a set apart; its rules stay in the library.',
    answers: { 204: null },
    handle: async (call, { params }) => {
      const { uuid } = await requirePolicy(call, params.rulesetId)
      await call.services.policies.delete(call.principal, uuid)
    },
  }),
]

/** The policy that a set is. @throws {DomainError} `forbidden` (`base-ruleset`) for the one that nobody made. */
export async function requirePolicy({ services, principal }: UserCall, id: string): Promise<Policy> {
  const { policy } = await requireRuleset(services, principal, id)
  if (policy) return policy
  throw forbidden('base-ruleset', 'The base set has all rules of the library; it is not changed.')
}

async function listAll(call: UserCall, agentId: string | undefined): Promise<z.output<typeof rulesetList>> {
  const { services, principal } = call
  if (agentId !== undefined) await services.devices.get(principal, agentId)
  const rulesets = []
  for (const one of await listRulesets(services, principal))
    rulesets.push(await toRuleset(services, principal, one))
  return { rulesets, token: null }
}

async function read(
  { services, principal }: UserCall,
  id: string,
): Promise<z.output<typeof threatStackRulesetSchema>> {
  return await toRuleset(services, principal, await requireRuleset(services, principal, id))
}
