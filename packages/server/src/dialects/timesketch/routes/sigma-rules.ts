import type { DomainError } from '../../../errors/domain-error.ts'
import type { AppContext, UserCall } from '../../../http/app-types.ts'
import type { RuleText, RuleWithText } from '../../../services/rules/rule-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendDone, sendJson } from '../reply.ts'
import { readBody, text } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import type { ReadRule } from '../sigma/read-rule.ts'
import { flat, one } from '../wire/envelope.ts'
import { marshalRuleLine, marshalRuleMembers, marshalRuleRow } from '../wire/sigma-rule.ts'

/** `/sigmarules/…` (Timesketch 20261014: api/v1/resources/sigma.py). */
export function routeSigmaRules(router: TimesketchRouter): void {
  router.user('GET', '/sigmarules/', listRules)
  router.user('POST', '/sigmarules/', createRule)
  // Before the rules themselves: its path is one of theirs.
  router.user('POST', '/sigmarules/text/', parseText, { keyScope: 'read' })
  router.user('GET', '/sigmarules/:ruleUuid/', getRule)
  router.user('PUT', '/sigmarules/:ruleUuid/', replaceRule)
  router.user('DELETE', '/sigmarules/:ruleUuid/', deleteRule)
}

async function listRules(c: AppContext, call: UserCall): Promise<Response> {
  const rules = await call.services.rules.listWithTexts(call.principal)
  return sendJson(c, flat(rules.map(marshalRuleLine), { rules_count: rules.length }))
}

async function getRule(c: AppContext, call: UserCall): Promise<Response> {
  const rule = await findRule(c, call)
  const { yaml, searchQuery } = await readRule(rule)
  return sendJson(c, one({ ...marshalRuleMembers(yaml, searchQuery), ...marshalRuleLine(rule) }))
}

async function createRule(c: AppContext, call: UserCall): Promise<Response> {
  const yaml = text(await readBody(c), 'rule_yaml')
  if (!yaml) abort(400, 'No rule_yaml supplied in the POST request to the API.')
  const rule = await inWords(call.services.rules.create(call.principal, yaml), {
    'bad-rule': [400, describeBadRule],
    'rule-exists': [403, ({ details }) => `Rule ${String(details['id'])} was already found in the database`],
  })
  return sendJson(c, one(marshalRuleRow(rule, (await readRule(rule)).searchQuery)), 201)
}

async function replaceRule(c: AppContext, call: UserCall): Promise<Response> {
  const uuid = c.req.param('ruleUuid') ?? ''
  const yaml = text(await readBody(c), 'rule_yaml')
  if (!yaml) abort(400, 'No rule_yaml supplied in the PUT request to the API.')
  const rule = await inWords(call.services.rules.replace(call.principal, uuid, yaml), {
    'bad-rule': [400, describeBadRule],
    'rule-id-mismatch': [
      400,
      ({ details }) =>
        `Rule ID mismatch parameter: ${String(details['expected'])} and YAML content: ${String(details['found'])}`,
    ],
    'rule-not-found': [404, `No rule found with rule_uuid.${uuid}`],
  })
  return sendJson(c, one(marshalRuleRow(rule, (await readRule(rule)).searchQuery)))
}

async function deleteRule(c: AppContext, call: UserCall): Promise<Response> {
  const uuid = c.req.param('ruleUuid') ?? ''
  await inWords(call.services.rules.remove(call.principal, uuid), {
    'rule-not-found': [404, `No rule found with rule_uuid.${uuid}`],
  })
  return sendDone(c)
}

async function parseText(c: AppContext): Promise<Response> {
  const { yaml, searchQuery } = await readSentRule(c)
  return sendJson(c, one(marshalRuleMembers(yaml, searchQuery), { parsed: true }))
}

/** The rule whose text a request brings as `content`. @throws {WireError} 400 in Timesketch's words. */
export async function readSentRule(c: AppContext): Promise<ReadRule> {
  const content = text(await readBody(c), 'content')
  if (!content) abort(400, 'Missing value in the request. Nothing to parse')
  return await readRule({ text: content })
}

/** The rule that a path names by `:ruleUuid`. @throws {WireError} 404 where there is none. */
export async function findRule(c: AppContext, call: UserCall): Promise<RuleWithText> {
  return await inWords(call.services.rules.get(call.principal, c.req.param('ruleUuid') ?? ''), {
    'rule-not-found': [404, 'No rule found with this ID.'],
  })
}

function describeBadRule(error: DomainError): string {
  return `Sigma Rule Parsing error: ${error.message}`
}

/** The reader of rules, loaded with the first of them: a server starts sooner without it. */
export async function readRule({
  text,
  ordinal,
}: Pick<RuleText, 'text'> & Partial<RuleText>): Promise<ReadRule> {
  const reader = await import('../sigma/read-rule.ts')
  return reader.readRule(text, ordinal)
}
