import type { SekoiaAlert } from '@timeskein/model/sekoia'
import { isDomainError } from '../../errors/domain-error.ts'
import type { UserCall } from '../../http/app-types.ts'
import { NO_CONTEXT } from '../../services/alert-context/alert-context-service.ts'
import type { Alert } from '../../services/alerts/alert-service.ts'
import type { CatalogueRule } from '../../services/rule-catalogue/rule-catalogue-service.ts'
import { findCommunity } from './find-community.ts'
import { toSekoiaAlert } from './shapes/to-alert.ts'

/** Alerts in the API's words, with their rules, cases and entities. */
export async function showAlerts(call: UserCall, alerts: readonly Alert[]): Promise<readonly SekoiaAlert[]> {
  const { services, principal } = call
  const { uid: community } = await findCommunity(services, principal)
  const contexts = await services.alertContext.describe(principal, alerts)
  const entities = new Map<number, string>()
  const rules = new Map<string, CatalogueRule>()
  for (const { sketchId, ruleUuid } of alerts) {
    if (sketchId !== undefined && !entities.has(sketchId))
      entities.set(sketchId, (await services.sketches.find(sketchId))?.name ?? '')
    if (ruleUuid !== undefined && !rules.has(ruleUuid)) {
      const rule = await findRule(call, ruleUuid)
      if (rule) rules.set(ruleUuid, rule)
    }
  }
  return alerts.map((alert) =>
    toSekoiaAlert(alert, {
      community,
      entities,
      rule: alert.ruleUuid === undefined ? undefined : rules.get(alert.ruleUuid),
      context: contexts.get(alert.id) ?? NO_CONTEXT,
    }),
  )
}

/** Undefined for a rule that is no longer in the library. */
async function findRule({ services, principal }: UserCall, uuid: string): Promise<CatalogueRule | undefined> {
  try {
    return await services.ruleCatalogue.get(principal, uuid)
  } catch (error) {
    if (isDomainError(error) && error.kind === 'not-found') return undefined
    throw error
  }
}
