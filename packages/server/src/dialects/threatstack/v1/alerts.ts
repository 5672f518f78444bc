import {
  type ThreatStackAlert,
  threatStackAlertDetailSchema,
  threatStackAlertSchema,
  threatStackPageQuerySchema,
  threatStackWholeQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import type { Principal } from '../../../auth/principal.ts'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { Device } from '../../../services/devices/device-service.ts'
import { isEnded } from '../../../services/findings/finding.ts'
import { toShortUid } from '../../../services/row-uid.ts'
import type { RuleWithText } from '../../../services/rules/rule-service.ts'
import type { Services } from '../../../services/services.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { describeFilter } from '../rules/describe-rule.ts'
import { chooseRuleset, listRulesets, type Ruleset } from '../rules/rulesets.ts'
import { readText, readTime, toIso } from '../wire/facts.ts'
import { pickFields } from '../wire/fields.ts'
import { idOfAlert, idOfAlertAgent, readOwnRecord, requireAlert } from '../wire/ids.ts'
import { loadDevicesOf, loadEventsOf } from '../wire/parts-of-alerts.ts'
import { ofLevel, toSeverity } from '../wire/severity.ts'
import { readSpan } from '../wire/times.ts'
import { lastWeek, partly, readPage, v1Route } from './v1-route.ts'

const HOUR_MS = 3_600_000

/** Alerts. */
export const alertRoutes: readonly PlatformRoute[] = [
  v1Route('/alerts', {
    summary: 'Alerts that were made in a stretch of time, by default the last week, newest first.',
    query: threatStackPageQuerySchema,
    answer: z.array(partly(threatStackAlertSchema)),
    handle: async ({ services, principal, organisation }, { query }) => {
      const { startMs, endMs } = readSpan(query, lastWeek(Date.now()))
      const { items } = await services.alerts.readPage(
        principal,
        {
          organisationId: organisation.id,
          createdFromMs: startMs,
          createdToMs: endMs,
          isOncePerItem: true,
        },
        { sort: 'created', order: 'desc', ...readPage(query) },
      )
      const devices = await loadDevicesOf(services, principal, items)
      const rulesets = await listRulesets(services, principal)
      return items.map((alert) => pickFields(toAlert(alert, devices, rulesets), query.fields))
    },
  }),
  v1Route('/alerts/:alertId', {
    summary: 'One alert with its newest events and its rule.',
    query: threatStackWholeQuerySchema,
    answer: partly(threatStackAlertDetailSchema),
    handle: async ({ services, principal }, { params, query: { fields } }) => {
      const alert = await requireAlert(services, principal, params.alertId)
      const devices = await loadDevicesOf(services, principal, [alert])
      const detail = {
        ...toAlert(alert, devices, await listRulesets(services, principal)),
        latest_events: await loadEventsOf(services, principal, alert),
        rule: await loadRule(services, principal, alert),
      }
      return pickFields(detail, fields)
    },
  }),
]

function toAlert(
  alert: Alert,
  devices: ReadonlyMap<number, Device>,
  rulesets: readonly Ruleset[],
): ThreatStackAlert {
  const device = alert.deviceId === undefined ? undefined : devices.get(alert.deviceId)
  const own = readOwnRecord(alert)
  const agentId = idOfAlertAgent(alert, device, 1)
  const ruleId = readText(own, 'rule_id') ?? (alert.ruleUuid === undefined ? null : toRuleId(alert.ruleUuid))
  const isDismissed = isEnded(alert.status)
  return {
    id: idOfAlert(alert),
    active: !isDismissed,
    agent_id: agentId,
    alert_policy_id:
      readText(own, 'alert_policy_id') ?? toShortUid(chooseRuleset(rulesets, alert.ruleUuid).id),
    count: alert.count,
    created_at: alert.createdAtMs,
    expires_at: alert.createdAtMs + HOUR_MS,
    dismissed: isDismissed,
    unread: alert.status === 'open',
    key: readText(own, 'key') ?? [ruleId ?? '', agentId ?? '', alert.uid].join('-'),
    last_notified_at: readTime(own, 'last_notified_at') ?? toIso(alert.updatedAtMs),
    last_updated_at: toIso(alert.updatedAtMs),
    rule_id: ruleId,
    severity: toSeverity(alert.severity),
    title: alert.title,
    type: readText(own, 'type') ?? 'rule',
  }
}

/** Rules whose id is no UUID keep it. */
function toRuleId(uuid: string): string {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(uuid) ? toShortUid(uuid) : uuid
}

/** The rule that found it; of one that is gone, or was another platform's, what the alert says. */
async function loadRule(
  services: Services,
  principal: Principal,
  alert: Alert,
): Promise<z.output<typeof threatStackAlertDetailSchema>['rule']> {
  if (alert.ruleUuid === undefined) return null
  const rule = await services.rules.get(principal, alert.ruleUuid).catch((error: unknown): undefined => {
    if (!isDomainError(error)) throw error
  })
  const id = toRuleId(alert.ruleUuid)
  if (!rule)
    return { id, title: alert.title, severity: toSeverity(alert.severity), filter: '', enabled: false }
  return summariseRule(rule, id)
}

function summariseRule(
  rule: RuleWithText,
  id: string,
): NonNullable<z.output<typeof threatStackAlertDetailSchema>['rule']> {
  return {
    id,
    title: rule.title,
    severity: ofLevel(rule.level),
    filter: describeFilter(rule),
    enabled: rule.isEnabled,
  }
}
