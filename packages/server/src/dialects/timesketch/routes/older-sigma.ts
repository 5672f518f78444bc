import type { AppContext, UserCall } from '../../../http/app-types.ts'
import type { RuleWithText } from '../../../services/rules/rule-service.ts'
import { SharedTime } from '../../../services/shared-time.ts'
import { WireError } from '../errors.ts'
import { sendJson } from '../reply.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat, one } from '../wire/envelope.ts'
import { marshalOlderRule, marshalRuleLine } from '../wire/sigma-rule.ts'
import { findRule, readRule, readSentRule } from './sigma-rules.ts'

/**
 * `/sigma/…`: Sigma rules as timesketch-api-client asked for them until 2022 (20210602: client.py, sigma.py), when the question was
 * called `es_query` and a list told rules by their members.
 */
export function routeOlderSigma(router: TimesketchRouter): void {
  router.user('GET', '/sigma/', listRules)
  router.user('GET', '/sigma/rule/:ruleUuid/', getRule)
  router.user('POST', '/sigma/text/', parseText, { keyScope: 'read' })
}

async function listRules(c: AppContext, call: UserCall): Promise<Response> {
  const time = new SharedTime()
  const rules: Record<string, unknown>[] = []
  for (const rule of await call.services.rules.listWithTexts(call.principal)) {
    rules.push(await describeRule(rule))
    await time.share(call.signal)
  }
  return sendJson(c, flat(rules, { rules_count: rules.length }))
}

async function getRule(c: AppContext, call: UserCall): Promise<Response> {
  const rule = await findRule(c, call)
  const { yaml, searchQuery } = await readRule(rule)
  return sendJson(c, one({ ...marshalOlderRule(yaml, searchQuery), ...marshalRuleLine(rule) }))
}

async function parseText(c: AppContext): Promise<Response> {
  const { yaml, searchQuery } = await readSentRule(c)
  return sendJson(c, one(marshalOlderRule(yaml, searchQuery), { parsed: true }))
}

/** A rule of the library that cannot be read is in the list, without a question. */
async function describeRule(rule: RuleWithText): Promise<Record<string, unknown>> {
  const { yaml, searchQuery } = await readRule(rule).catch((error: unknown) => {
    if (error instanceof WireError) return { yaml: {}, searchQuery: '' }
    throw error
  })
  return { ...marshalOlderRule(yaml, searchQuery), ...marshalRuleLine(rule) }
}
