import {
  type SekoiaRule,
  sekoiaPageSchema,
  sekoiaRuleDraftSchema,
  sekoiaRuleSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type {
  CatalogueDraft,
  CatalogueRule,
} from '../../../services/rule-catalogue/rule-catalogue-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { pageItems, readMembers } from '../request/narrow-list.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { toSekoiaRule } from '../shapes/to-rule.ts'

const PATH = '/v1/sic/conf/rules-catalog/rules'
const OLD_PATH = '/v1/sic/conf/rules-catalog/multi-tenant/rules'
const READ = ['SIC_READ_RULES', 'SIC_READ_CONF']
const WRITE = ['SIC_WRITE_RULES', 'SIC_WRITE_CONF']

/** Every member of a rule that is one value. */
const FIELDS = [
  'uuid',
  'instance_uuid',
  'community_uuid',
  'name',
  'type',
  'description',
  'payload',
  'severity',
  'effort',
  'enabled',
  'verified',
  'private',
  'is_private',
  'source',
  'alert_type_uuid',
  'all_entities',
  'all_assets',
  'available_for_subcommunities',
  'goal',
  'false_positives',
  'references',
  'last_compilation_success',
  'last_compilation_message',
  'last_compilation_at',
  'created_at',
  'created_by',
  'created_by_type',
  'updated_at',
  'updated_by',
  'updated_by_type',
] as const
const RULES: ListRules = {
  match: FIELDS,
  date: ['created_at', 'updated_at'],
  range: ['severity', 'effort'],
  sort: FIELDS,
  defaultLimit: 100,
  maxLimit: 1000,
}
const READERS = readMembers<SekoiaRule>(FIELDS)
/** Kinds of rules that can be run. */
const RUNNABLE: ReadonlySet<string> = new Set(['sigma', 'correlation'])

/** The catalogue of rules. */
export const ruleRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: PATH,
    alsoAt: [OLD_PATH, `/api${OLD_PATH}`],
    summary: 'Rules of the catalogue.',
    permission: 'user',
    permissions: READ,
    query: listSchema(RULES, { enabled: z.string().optional(), verified: z.string().optional() }),
    answers: { 200: sekoiaPageSchema(sekoiaRuleSchema) },
    handle: async ({ services, principal }, { query }) => {
      const { uid } = await findCommunity(services, principal)
      const rules = (await services.ruleCatalogue.list(principal)).map((rule) => toSekoiaRule(rule, uid))
      const wanted = rules.filter(
        (rule) => isSame(query['enabled'], rule.enabled) && isSame(query['verified'], rule.verified),
      )
      return pageItems(wanted, readListRequest(query, RULES, Date.now()), READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: PATH,
    summary: 'Adds a rule.',
    permission: 'user',
    permissions: WRITE,
    body: sekoiaRuleDraftSchema,
    answers: { 200: sekoiaRuleSchema },
    handle: async (call, { body }) =>
      await show(call, await call.services.ruleCatalogue.create(call.principal, toDraft(body))),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:ruleId`,
    alsoAt: [`${OLD_PATH}/:ruleId`, `/api${OLD_PATH}/:ruleId`],
    summary: 'A rule.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaRuleSchema },
    handle: async (call, { params }) =>
      await show(call, await call.services.ruleCatalogue.get(call.principal, params.ruleId)),
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${PATH}/:ruleId`,
    summary: 'Sets all of a rule.',
    permission: 'user',
    permissions: WRITE,
    body: sekoiaRuleDraftSchema,
    answers: { 200: sekoiaRuleSchema },
    handle: async (call, { params, body }) =>
      await show(
        call,
        await call.services.ruleCatalogue.update(call.principal, params.ruleId, toDraft(body)),
      ),
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${OLD_PATH}/:ruleId`,
    summary: 'Sets some of a rule.',
    permission: 'user',
    permissions: WRITE,
    body: sekoiaRuleDraftSchema.partial(),
    answers: { 200: sekoiaRuleSchema },
    handle: async (call, { params, body }) => {
      const ruleId = params.ruleId
      const before = await show(call, await call.services.ruleCatalogue.get(call.principal, ruleId))
      const names = (some: readonly { uuid: string; name: string }[]): string[] =>
        some.map(({ name }) => name)
      const draft = sekoiaRuleDraftSchema.parse({
        ...before,
        tags: names(before.tags),
        datasources: names(before.datasources),
        entities: names(before.entities),
        ...body,
      })
      return await show(
        call,
        await call.services.ruleCatalogue.update(call.principal, ruleId, toDraft(draft)),
      )
    },
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${PATH}/:ruleId`,
    summary: 'Takes a rule out of the catalogue.',
    permission: 'user',
    permissions: ['SIC_DELETE_RULES', ...WRITE],
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) =>
      await services.ruleCatalogue.remove(principal, params.ruleId),
  }),
  switchRoute('enabled', true),
  switchRoute('disabled', false),
]

function switchRoute(name: string, isEnabled: boolean): PlatformRoute {
  return sekoiaRoute({
    method: 'PUT',
    path: `${PATH}/:ruleId/${name}`,
    summary: `Has a rule ${isEnabled ? 'run' : 'run no more'}.`,
    permission: 'user',
    permissions: ['SIC_ENABLE_DISABLE_RULES', ...WRITE],
    answers: { 200: sekoiaRuleSchema },
    handle: async (call, { params }) =>
      await show(
        call,
        await call.services.ruleCatalogue.setEnabled(call.principal, params.ruleId, isEnabled),
      ),
  })
}

async function show({ services, principal }: UserCall, rule: CatalogueRule): Promise<SekoiaRule> {
  return toSekoiaRule(rule, (await findCommunity(services, principal)).uid)
}

function toDraft(body: z.output<typeof sekoiaRuleDraftSchema>): CatalogueDraft {
  const { name, description, payload, severity, tags = [], enabled, community_uuid: _, ...details } = body
  if (!RUNNABLE.has(details.type))
    throw invalid(
      'rule-type-not-run',
      `The rule cannot be added: one of the types ${[...RUNNABLE].join(', ')} was expected, found "${details.type}", which nothing here runs.`,
    )
  return { title: name, description, payload, severity, tags, isEnabled: enabled, details }
}

function isSame(wanted: unknown, value: boolean): boolean {
  return wanted === undefined || wanted === '' || String(wanted).toLowerCase() === String(value)
}
