import { randomUUID } from 'node:crypto'
import { forbidden } from '../../errors/domain-error.ts'
import { dropApiDetails, keepApiDetails, loadApiDetails } from '../api-details.ts'
import { severityOf } from '../detections/severity.ts'
import type { RuleService, RuleWithText } from '../rules/rule-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { CatalogueDraft, CatalogueRule, RuleCatalogueService } from './rule-catalogue-service.ts'

// What reads and writes YAML is loaded with the first rule: a start is the quicker for it.
const loadWriter = (): Promise<typeof import('./write-rule-text.ts')> => import('./write-rule-text.ts')

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
  const keep = (uuid: string, kept: Partial<Kept>): Promise<void> => keepApiDetails(db, 'rule', uuid, kept)
  const show = (rule: RuleWithText, kept: Kept | undefined): CatalogueRule => ({
    rule,
    payload: kept?.payload ?? rule.text,
    severity: kept?.severity ?? severityOf(rule.level),
    tags: kept?.tags ?? rule.tags,
    details: kept?.details ?? {},
  })
  const get: RuleCatalogueService['get'] = async (principal, uuid) => {
    const rule = await rules.get(principal, uuid)
    return show(rule, (await loadKept([rule.uuid])).get(rule.uuid))
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
      const { main, members } = (await loadWriter()).writeRuleTexts(draft, uuid)
      const made: string[] = []
      try {
        for (const text of [...members.values(), main]) made.push((await rules.create(principal, text)).uuid)
      } catch (error) {
        // Nothing is left of a rule that cannot be used whole.
        for (const one of made) await rules.remove(principal, one)
        throw error
      }
      for (const member of members.keys()) await keep(member, { memberOf: uuid })
      await keep(uuid, toKept(draft, [...members.keys()]))
      if (!draft.isEnabled) for (const one of made) await rules.setEnabled(principal, one, false)
      return await get(principal, uuid)
    },
    async update(principal, uuid, draft) {
      const before = await rules.get(principal, uuid)
      const kept = (await loadKept([before.uuid])).get(before.uuid)
      if (kept?.memberOf !== undefined)
        throw forbidden(
          'not-own-rule',
          `The rule ${before.uuid} is part of ${kept.memberOf}; change that one.`,
        )
      const { main, members } = (await loadWriter()).writeRuleTexts(draft, before.uuid)
      await rules.replace(principal, before.uuid, main)
      for (const old of kept?.members ?? []) if (!members.has(old)) await rules.remove(principal, old)
      for (const [id, text] of members) {
        if (kept?.members.includes(id)) await rules.replace(principal, id, text)
        else await rules.create(principal, text)
        await keep(id, { memberOf: before.uuid })
      }
      await keep(before.uuid, toKept(draft, [...members.keys()]))
      for (const one of [before.uuid, ...members.keys()])
        await rules.setEnabled(principal, one, draft.isEnabled)
      return await get(principal, before.uuid)
    },
    async setEnabled(principal, uuid, isEnabled) {
      const rule = await rules.setEnabled(principal, uuid, isEnabled)
      for (const member of (await loadKept([rule.uuid])).get(rule.uuid)?.members ?? [])
        await rules.setEnabled(principal, member, isEnabled)
      return await get(principal, rule.uuid)
    },
    async remove(principal, uuid) {
      const { uuid: own } = await rules.get(principal, uuid)
      const kept = (await loadKept([own])).get(own)
      await rules.remove(principal, own)
      for (const member of kept?.members ?? []) await rules.remove(principal, member)
      await dropApiDetails(db, 'rule', own)
    },
  }
}
