import {
  doneSchema,
  newPolicySchema,
  policyChangeSchema,
  policySchema,
  ruleAdditionsSchema,
  ruleChangeSchema,
  ruleDetailSchema,
  ruleFileSchema,
  ruleListParametersSchema,
  ruleSchema,
  rulesAnswerSchema,
} from '@timeskein/model'
import type { SigmaSource } from '@timeskein/query/sigma'
import { z } from 'zod'
import type { AppContext } from '../../../http/app-types.ts'
import { check, readJsonText } from '../../../http/check-input.ts'
import { readLines } from '../../../http/read-lines.ts'
import {
  readApiRule,
  readPolicyChange,
  toApiPolicy,
  toApiRule,
  toApiRuleAdditions,
} from '../../../services/detection-api-rows.ts'
import { type Route, userRoute } from '../route.ts'

/** Body of `POST /rules` at most: some ten thousand rules. */
const MAX_RULES_BYTES = 67_108_864
/** One file of rules with its escapes. */
const MAX_LINE_LENGTH = 34_000_000

/** The library of rules, and named sets of them. */
export const ruleRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/rules',
    summary: 'Rules and pipelines of the library, in the order they came.',
    query: ruleListParametersSchema,
    answer: rulesAnswerSchema,
    handle: async (call, { query }) => {
      const { enabled, level, kind, text, after, limit } = query
      const rules = await call.services.rules.list(call.principal, {
        ...(enabled === undefined ? {} : { isEnabled: enabled }),
        ...(level === undefined ? {} : { level }),
        ...(kind === undefined ? { withPipelines: true } : { kind }),
        ...(text === undefined ? {} : { text }),
        ...(after === undefined ? {} : { afterId: after }),
        limit: limit + 1,
      })
      const page = rules.slice(0, limit)
      return {
        rules: page.map(toApiRule),
        ...(rules.length > limit ? { next: page.at(-1)?.id } : {}),
      }
    },
  }),
  userRoute('user', {
    method: 'POST',
    path: '/rules',
    summary:
      'Add files of rules and, as an administrator, processing pipelines: the body has one JSON object a line, each with `file` (its name) and `text`. What is wrong with one rule spoils no other.',
    answer: ruleAdditionsSchema,
    options: { maxBodyBytes: MAX_RULES_BYTES },
    handle: async (call, _input, c) =>
      toApiRuleAdditions(
        await call.services.rules.add(call.principal, readFiles(c), { signal: call.signal }),
      ),
  }),
  userRoute('user', {
    method: 'GET',
    path: '/rules/:ruleId',
    summary: 'One rule with its text and the versions before.',
    answer: ruleDetailSchema,
    handle: async (call, { params }) => await readApiRule(call.services, call.principal, params.ruleId),
  }),
  userRoute('user', {
    method: 'PUT',
    path: '/rules/:ruleId',
    summary: 'A new version of a rule; for who added it, and administrators.',
    body: z.strictObject({ text: z.string().min(1) }),
    answer: ruleSchema,
    handle: async (call, { params, body }) =>
      toApiRule(await call.services.rules.replace(call.principal, params.ruleId, body.text)),
  }),
  userRoute('user', {
    method: 'PATCH',
    path: '/rules/:ruleId',
    summary: 'Enable or disable a rule; for who added it, and administrators.',
    body: ruleChangeSchema,
    answer: ruleSchema,
    handle: async (call, { params, body }) =>
      toApiRule(await call.services.rules.setEnabled(call.principal, params.ruleId, body.enabled)),
  }),
  userRoute('user', {
    method: 'DELETE',
    path: '/rules/:ruleId',
    summary: 'Remove a rule; for who added it, and administrators. Added again it continues its versions.',
    answer: doneSchema,
    handle: async (call, { params }) => {
      await call.services.rules.remove(call.principal, params.ruleId)
      return { done: true }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/policies',
    summary: 'Named sets of rules, by name.',
    answer: z.object({ policies: z.array(policySchema) }),
    handle: async (call) => ({
      policies: (await call.services.policies.list(call.principal)).map(toApiPolicy),
    }),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/policies',
    summary: 'Make a set of rules.',
    body: newPolicySchema,
    answer: policySchema,
    handle: async (call, { body }) =>
      toApiPolicy(
        await call.services.policies.create(call.principal, { ...readPolicyChange(body), name: body.name }),
      ),
  }),
  userRoute('user', {
    method: 'GET',
    path: '/policies/:policyId',
    summary: 'One set of rules.',
    answer: policySchema,
    handle: async (call, { params }) =>
      toApiPolicy(await call.services.policies.get(call.principal, params.policyId)),
  }),
  userRoute('user', {
    method: 'PATCH',
    path: '/policies/:policyId',
    summary: 'Change a set of rules; for who made it, and administrators.',
    body: policyChangeSchema,
    answer: policySchema,
    handle: async (call, { params, body }) =>
      toApiPolicy(
        await call.services.policies.update(call.principal, params.policyId, readPolicyChange(body)),
      ),
  }),
  userRoute('user', {
    method: 'DELETE',
    path: '/policies/:policyId',
    summary: 'Delete a set of rules, not the rules.',
    answer: doneSchema,
    handle: async (call, { params }) => {
      await call.services.policies.delete(call.principal, params.policyId)
      return { done: true }
    },
  }),
]

async function* readFiles(c: AppContext): AsyncGenerator<SigmaSource> {
  const body = c.req.raw.body
  if (!body) return
  for await (const line of readLines(body, MAX_LINE_LENGTH))
    yield check(ruleFileSchema, readJsonText(line), 'line of rules')
}
