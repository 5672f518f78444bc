import { createHash } from 'node:crypto'
import type { ThreatStackRuleset } from '@timeskein/model/threatstack'
import type { Principal } from '../../../auth/principal.ts'
import { notFound } from '../../../errors/domain-error.ts'
import type { Policy } from '../../../services/policies/policy-service.ts'
import { toShortUid, toUuid } from '../../../services/row-uid.ts'
import type { Rule } from '../../../services/rules/rule-service.ts'
import type { Services } from '../../../services/services.ts'
import { toIso } from '../wire/facts.ts'

/** A set of rules: a policy of ours, or the base set, which has the whole library. */
export interface Ruleset {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** Undefined for the base set, which nobody changes. */
  readonly policy: Policy | undefined
}

/** The base set, then those that people made, by name. */
export async function listRulesets(services: Services, principal: Principal): Promise<readonly Ruleset[]> {
  const organisation = await services.organisations.getDefault(principal)
  const base: Ruleset = {
    id: toUuid(createHash('sha256').update(`ruleset ${organisation.uid}`).digest('hex').slice(0, 32)),
    name: 'Base Rule Set',
    description: 'All rules of the library.',
    createdAtMs: organisation.createdAtMs,
    updatedAtMs: organisation.createdAtMs,
    policy: undefined,
  }
  const policies = await services.policies.list(principal)
  return [
    base,
    ...policies.map((policy) => ({
      id: policy.uuid,
      name: policy.name,
      description: policy.description,
      createdAtMs: policy.createdAtMs,
      updatedAtMs: policy.updatedAtMs,
      policy,
    })),
  ]
}

/** The ruleset of an id: a UUID or its first 24 digits. @throws {DomainError} `not-found` (`ruleset-not-found`). */
export async function requireRuleset(services: Services, principal: Principal, id: string): Promise<Ruleset> {
  const wanted = toShortUid(id.toLowerCase())
  const found = (await listRulesets(services, principal)).find((one) => toShortUid(one.id) === wanted)
  if (!found) throw notFound('ruleset', id.slice(0, 64))
  return found
}

/** The ids of a set's rules, in the order they came into the library. */
export async function listRuleIds(
  services: Services,
  principal: Principal,
  { policy }: Ruleset,
): Promise<readonly string[]> {
  return policy
    ? policy.ruleUuids
    : (await services.rules.list(principal)).filter(isAsked).map(({ uuid }) => uuid)
}

/** Filters of Sigma are no rules here: they find nothing by themselves. */
export function isAsked({ kind }: Rule): boolean {
  return kind !== 'filter'
}

/** Which set an alert’s rule is told to be of: the first that somebody made with it, else the base set. */
export function chooseRuleset(rulesets: readonly Ruleset[], ruleUuid: string | undefined): Ruleset {
  const own = ruleUuid && rulesets.find(({ policy }) => policy?.ruleUuids.includes(ruleUuid))
  return own || rulesets[0]!
}

/** A ruleset as version 2 tells it. */
export async function toRuleset(
  services: Services,
  principal: Principal,
  ruleset: Ruleset,
): Promise<ThreatStackRuleset> {
  const { id, name, description, createdAtMs, updatedAtMs } = ruleset
  return {
    id,
    name,
    description,
    createdAt: toIso(createdAtMs),
    updatedAt: toIso(updatedAtMs),
    rules: [...(await listRuleIds(services, principal, ruleset))],
  }
}
