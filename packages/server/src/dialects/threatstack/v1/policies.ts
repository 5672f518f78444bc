import {
  type ThreatStackPolicy,
  threatStackPolicyDetailSchema,
  threatStackPolicySchema,
  threatStackWholeQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import type { Principal } from '../../../auth/principal.ts'
import type { Organisation } from '../../../services/organisations/organisation-service.ts'
import { toShortUid } from '../../../services/row-uid.ts'
import type { Services } from '../../../services/services.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { describeFilter } from '../rules/describe-rule.ts'
import { listRuleIds, listRulesets, type Ruleset, requireRuleset } from '../rules/rulesets.ts'
import { toIso } from '../wire/facts.ts'
import { pickFields } from '../wire/fields.ts'
import { ofLevel } from '../wire/severity.ts'
import { partly, v1Route } from './v1-route.ts'

/** Policies: sets of rules. */
export const policyRoutes: readonly PlatformRoute[] = [
  v1Route('/policies', {
    summary: 'All policies.',
    query: threatStackWholeQuerySchema,
    answer: z.array(partly(threatStackPolicySchema)),
    handle: async ({ services, principal, organisation }, { query: { fields } }) => {
      const policies: Partial<ThreatStackPolicy>[] = []
      for (const ruleset of await listRulesets(services, principal))
        policies.push(pickFields(await toPolicy(services, principal, ruleset, organisation), fields))
      return policies
    },
  }),
  v1Route('/policies/:policyId', {
    summary: 'One policy with its rules.',
    query: threatStackWholeQuerySchema,
    answer: partly(threatStackPolicyDetailSchema),
    handle: async ({ services, principal, organisation }, { params, query: { fields } }) => {
      const ruleset = await requireRuleset(services, principal, params.policyId)
      const ids = new Set(await listRuleIds(services, principal, ruleset))
      const rules = (await services.rules.listWithTexts(principal)).filter(({ uuid }) => ids.has(uuid))
      const detail = {
        ...(await toPolicy(services, principal, ruleset, organisation)),
        alert_policy: rules.map((rule) => ({
          title: rule.title,
          description: rule.description,
          enabled: rule.isEnabled,
          severity: ofLevel(rule.level),
          filter: describeFilter(rule),
          exclusions: [],
        })),
      }
      return pickFields(detail, fields)
    },
  }),
]

async function toPolicy(
  services: Services,
  principal: Principal,
  ruleset: Ruleset,
  organisation: Organisation,
): Promise<ThreatStackPolicy> {
  const isBase = ruleset.policy === undefined
  const rules = await listRuleIds(services, principal, ruleset)
  const devices = isBase ? await services.devices.count(principal) : 0
  return {
    id: toShortUid(ruleset.id),
    name: ruleset.name,
    description: ruleset.description,
    organization_id: toShortUid(organisation.uid),
    alert_policy_id: toShortUid(ruleset.id),
    enabled: true,
    read_only: isBase,
    firewall_enabled: false,
    // Every host is under the base set; the others only put rules together.
    agent_count: devices,
    alert_rule_count: rules.length,
    firewall_rule_count: 0,
    file_integrity_rules: [],
    created_at: toIso(ruleset.createdAtMs),
    updated_at: toIso(ruleset.updatedAtMs),
  }
}
