import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { forbidden, notFound } from '../../errors/domain-error.ts'
import { dropApiDetails, keepApiDetails, loadApiDetails } from '../api-details.ts'
import { severityOf } from '../detections/severity.ts'
import type { ReadRule } from '../rules/read-rules.ts'
import type { RuleService, RuleWithText } from '../rules/rule-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { CatalogueDraft, CatalogueRule, RuleCatalogueService } from './rule-catalogue-service.ts'

/** What a draft's payload comes to. */
interface DraftedRules {
  /** The one that was asked for behind those that it refers to. */
  readonly rules: readonly ReadRule[]
  /** Ids of those that it refers to. */
  readonly memberIds: readonly string[]
}

/** What reads and writes YAML is loaded with the first rule: a start is the quicker for it. */
async function readDraft(draft: CatalogueDraft, uuid: string): Promise<DraftedRules> {
  const [{ writeRuleTexts }, { readRuleText }] = await Promise.all([
    import('./write-rule-text.ts'),
    import('./read-rule-text.ts'),
  ])
  const { main, members } = writeRuleTexts(draft, uuid)
  return { rules: [...members.values(), main].map(readRuleText), memberIds: [...members.keys()] }
}

interface Kept {
  readonly payload: string
  readonly severity: number
  readonly tags: readonly string[]
  readonly details: Readonly<Record<string, unknown>>
  /** Ids of the rules that came with it. */
  readonly members: readonly string[]
  /** Set on those: the rule they came with. */
  readonly memberOf?: string
}

/** The catalogue over the library of rules; what is said of a rule beside its text is in the metadata database. */
export function createRuleCatalogueService(
  context: ServiceContext,
  rules: RuleService,
): RuleCatalogueService {
  const { db } = context

  const loadKept = (uuids: readonly string[]): Promise<ReadonlyMap<string, Kept>> =>
    loadApiDetails<Kept>(db, 'rule', uuids)
  const keepAll = async (transaction: Kysely<Schema>, uuid: string, kept: Kept): Promise<void> => {
    for (const member of kept.members) await keepApiDetails(transaction, 'rule', member, { memberOf: uuid })
    await keepApiDetails(transaction, 'rule', uuid, kept)
  }
  /** Two changes of one rule are made one after the other: the second knows which rules the first one left. */
  const inTurn = <Result>(uuid: string, work: () => Promise<Result>): Promise<Result> =>
    context.turns.take(`rule ${uuid.trim().toLowerCase()}`, work)
  const show = (rule: RuleWithText, kept: Kept | undefined): CatalogueRule => ({
    rule,
    payload: kept?.payload ?? rule.text,
    severity: kept?.severity ?? severityOf(rule.level),
    tags: kept?.tags ?? rule.tags,
    details: kept?.details ?? {},
  })
  /** Pipelines of the library are no rules here. */
  const requireRule = async (principal: Principal, uuid: string): Promise<RuleWithText> => {
    const rule = await rules.get(principal, uuid)
    if (rule.kind === 'pipeline') throw notFound('rule', rule.uuid)
    return rule
  }
  const get: RuleCatalogueService['get'] = async (principal, uuid) => {
    const rule = await requireRule(principal, uuid)
    return show(rule, (await loadKept([rule.uuid])).get(rule.uuid))
  }
  /** A rule, and those that came with it. */
  const listWhole = async (principal: Principal, given: string): Promise<readonly string[]> => {
    const { uuid } = await requireRule(principal, given)
    return [uuid, ...((await loadKept([uuid])).get(uuid)?.members ?? [])]
  }
  const toKept = (draft: CatalogueDraft, members: readonly string[]): Kept => ({
    payload: draft.payload,
    severity: draft.severity,
    tags: draft.tags,
    details: draft.details,
    members,
  })

  return {
    async list(principal) {
      const all = await rules.listWithTexts(principal)
      const kept = await loadKept(all.map(({ uuid }) => uuid))
      return all.flatMap((rule) => {
        const own = kept.get(rule.uuid)
        return own?.memberOf === undefined ? [show(rule, own)] : []
      })
    },
    get,
    async create(principal, draft) {
      const uuid = randomUUID()
      const { rules: drafted, memberIds } = await readDraft(draft, uuid)
      await rules.changeTogether(
        principal,
        { rules: drafted, enabled: { uuids: [...memberIds, uuid], isEnabled: draft.isEnabled } },
        (transaction) => keepAll(transaction, uuid, toKept(draft, memberIds)),
      )
      return await get(principal, uuid)
    },
    update: (principal, given, draft) =>
      inTurn(given, async () => {
        const { uuid } = await requireRule(principal, given)
        const kept = (await loadKept([uuid])).get(uuid)
        if (kept?.memberOf !== undefined)
          throw forbidden('not-own-rule', `The rule ${uuid} is part of ${kept.memberOf}; change that one.`)
        const { rules: drafted, memberIds } = await readDraft(draft, uuid)
        const gone = (kept?.members ?? []).filter((old) => !memberIds.includes(old))
        await rules.changeTogether(
          principal,
          {
            rules: drafted,
            enabled: { uuids: [...memberIds, uuid], isEnabled: draft.isEnabled },
            removed: gone,
          },
          async (transaction) => {
            await keepAll(transaction, uuid, toKept(draft, memberIds))
            for (const old of gone) await dropApiDetails(transaction, 'rule', old)
          },
        )
        return await get(principal, uuid)
      }),
    setEnabled: (principal, given, isEnabled) =>
      inTurn(given, async () => {
        const uuids = await listWhole(principal, given)
        await rules.changeTogether(principal, { enabled: { uuids, isEnabled } })
        return await get(principal, uuids[0]!)
      }),
    remove: (principal, given) =>
      inTurn(given, async () => {
        const removed = await listWhole(principal, given)
        await rules.changeTogether(principal, { removed }, async (transaction) => {
          for (const uuid of removed) await dropApiDetails(transaction, 'rule', uuid)
        })
      }),
  }
}
