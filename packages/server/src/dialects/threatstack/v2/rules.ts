import { randomUUID } from 'node:crypto'
import {
  threatStackRuleDraftSchema,
  threatStackRuleSchema,
  threatStackRuleTagsSchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import type { Principal } from '../../../auth/principal.ts'
import { conflict, DomainError, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { Rule, RuleWithText } from '../../../services/rules/rule-service.ts'
import type { Services } from '../../../services/services.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { toRule } from '../rules/describe-rule.ts'
import { addOwnPart, RULE_PRODUCT, type RuleDraft, readOwnPart, writeRule } from '../rules/rule-text.ts'
import { isAsked, type Ruleset, requireRuleset } from '../rules/rulesets.ts'
import { makeToken, readQuestion } from '../wire/page-token.ts'
import { PAGE_SIZE, v2Route } from './v2-route.ts'

const RULE = '/rulesets/:rulesetId/rules/:ruleId'
const noQuestion = z.looseObject({})
const ruleList = z.strictObject({ rules: z.array(threatStackRuleSchema), token: z.string().nullable() })

/** Rules of sets. What is made here becomes a rule of the library, which detection runs. */
export const ruleRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/rulesets/:rulesetId/rules',
    summary: 'The rules of a set, in the order they came.',
    query: z.object({ token: z.string().optional() }),
    answers: { 200: ruleList },
    handle: async ({ services, principal }, { params, query }) => {
      const ruleset = await requireRuleset(services, principal, params.rulesetId)
      const { after } = readQuestion('rules', noQuestion, query)
      const members = ruleset.policy && new Set(ruleset.policy.ruleUuids)
      const filter = after === undefined ? {} : { afterId: Number(after) }
      const all = (await services.rules.list(principal, filter)).filter(
        (rule) => isAsked(rule) && (members?.has(rule.uuid) ?? true),
      )
      const page = all.slice(0, PAGE_SIZE)
      const rules = []
      for (const { uuid } of page) rules.push(toRule(await services.rules.get(principal, uuid), ruleset.id))
      return { rules, token: all.length > page.length ? makeToken('rules', {}, page.at(-1)!.id) : null }
    },
  }),
  v2Route({
    method: 'POST',
    path: '/rulesets/:rulesetId/rules',
    summary: 'Make a rule in a set.',
    body: threatStackRuleDraftSchema,
    answers: { 201: threatStackRuleSchema },
    handle: async (call, { params, body }) => {
      const { services, principal } = call
      const ruleset = await requireRuleset(services, principal, params.rulesetId)
      await requireFreeName(call, ruleset, body.name)
      const uuid = randomUUID()
      await services.rules.create(principal, writeRule(uuid, body))
      if (!body.enabled) await services.rules.setEnabled(principal, uuid, false)
      if (ruleset.policy)
        await services.policies
          .update(principal, ruleset.policy.uuid, { ruleUuids: [...ruleset.policy.ruleUuids, uuid] })
          .catch(async (error: unknown) => {
            // A rule of a set that may not be changed is of none.
            await services.rules.remove(principal, uuid)
            throw error
          })
      return toRule(await services.rules.get(principal, uuid), ruleset.id)
    },
  }),
  v2Route({
    method: 'GET',
    path: RULE,
    summary: 'One rule.',
    answers: { 200: threatStackRuleSchema },
    handle: async (call, { params }) => {
      const { rule, ruleset } = await requireRule(call, params.rulesetId, params.ruleId)
      return toRule(rule, ruleset.id)
    },
  }),
  v2Route({
    method: 'PUT',
    path: RULE,
    summary: 'Replace a rule.',
    body: threatStackRuleDraftSchema,
    answers: { 200: threatStackRuleSchema },
    handle: async (call, { params, body }) => {
      const { rule, ruleset } = await requireRule(call, params.rulesetId, params.ruleId)
      await requireFreeName(call, ruleset, body.name, rule.uuid)
      return toRule(await replace(call, rule, body), ruleset.id)
    },
  }),
  v2Route({
    method: 'DELETE',
    path: RULE,
    summary: 'Take a rule out of the library.',
    answers: { 204: null },
    handle: async (call, { params }) => {
      const { rule } = await requireRule(call, params.rulesetId, params.ruleId)
      await call.services.rules.remove(call.principal, rule.uuid)
    },
  }),
  v2Route({
    method: 'PUT',
    path: `${RULE}/suppressions`,
    summary: 'Filters of what is no finding: all that the rule has from then on.',
    body: threatStackRuleDraftSchema.pick({ suppressions: true }),
    answers: { 200: threatStackRuleSchema },
    handle: async (call, { params, body }) => {
      const { rule, ruleset } = await requireRule(call, params.rulesetId, params.ruleId)
      const own = readOwnPart(rule.text).rule
      if (!own)
        throw conflict(
          'not-a-platform-rule',
          `The rule ${rule.uuid} is a Sigma rule of the library: its exceptions are filters of Sigma.`,
        )
      return toRule(await replace(call, rule, { ...own, suppressions: body.suppressions }), ruleset.id)
    },
  }),
  v2Route({
    method: 'GET',
    path: '/rules/:ruleId/tags',
    summary: 'Which machines a rule is for.',
    answers: { 200: threatStackRuleTagsSchema },
    handle: async ({ services, principal }, { params }) => {
      const rule = await services.rules.get(principal, params.ruleId)
      const { tags } = readOwnPart(rule.text)
      // Clients look for these words.
      if (!tags) throw new DomainError('not-found', 'tags-not-found', `No tags found for rule ${rule.uuid}`)
      return tags
    },
  }),
  v2Route({
    method: 'POST',
    path: '/rules/:ruleId/tags',
    summary: 'Say which machines a rule is for.',
    body: threatStackRuleTagsSchema,
    answers: { 200: threatStackRuleTagsSchema },
    handle: async ({ services, principal }, { params, body }) => {
      const rule = await services.rules.get(principal, params.ruleId)
      const own = readOwnPart(rule.text)
      const text = own.rule ? writeRule(rule.uuid, own.rule, body) : addOwnPart(rule.text, { tags: body })
      await services.rules.replace(principal, rule.uuid, text)
      return body
    },
  }),
]

async function requireRule(
  { services, principal }: UserCall,
  rulesetId = '',
  ruleId = '',
): Promise<{ readonly rule: RuleWithText; readonly ruleset: Ruleset }> {
  const ruleset = await requireRuleset(services, principal, rulesetId)
  const rule = await services.rules.get(principal, ruleId)
  const isMember = ruleset.policy ? ruleset.policy.ruleUuids.includes(rule.uuid) : isAsked(rule)
  if (!isMember) throw notFound('rule', ruleId.slice(0, 64))
  return { rule, ruleset }
}

/** What was said of the machines it is for stays. */
async function replace(
  { services, principal }: UserCall,
  rule: RuleWithText,
  draft: RuleDraft,
): Promise<RuleWithText> {
  await services.rules.replace(principal, rule.uuid, writeRule(rule.uuid, draft, readOwnPart(rule.text).tags))
  if (draft.enabled !== rule.isEnabled) await services.rules.setEnabled(principal, rule.uuid, draft.enabled)
  return await services.rules.get(principal, rule.uuid)
}

/** Names are one of each in a set, also in the base one. @throws {DomainError} `conflict` (`rule-exists`). */
async function requireFreeName(
  { services, principal }: UserCall,
  { policy }: Ruleset,
  name: string,
  except?: string,
): Promise<void> {
  const members = policy && new Set(policy.ruleUuids)
  for (const rule of await services.rules.list(principal)) {
    const { uuid } = rule
    if (uuid === except || !isAsked(rule) || members?.has(uuid) === false) continue
    if ((await readName(services, principal, rule)) === name)
      throw conflict('rule-exists', `There is a rule of the name ${name} in the set already.`, { id: uuid })
  }
}

/** Rules that were made here keep their name beside the title; those from elsewhere have the title alone. */
async function readName(services: Services, principal: Principal, rule: Rule): Promise<string> {
  if (rule.logSource.product !== RULE_PRODUCT) return rule.title
  const { text } = await services.rules.get(principal, rule.uuid)
  return readOwnPart(text).rule?.name ?? rule.title
}
