import {
  type ThreatStackAlertV2,
  threatStackAlertV2Schema,
  threatStackDismissalSchema,
  threatStackFieldsSchema,
  threatStackSeverityCountsSchema,
  threatStackTokenQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import { invalid, isDomainError, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { Alert, AlertFilter } from '../../../services/alerts/alert-service.ts'
import type { Device } from '../../../services/devices/device-service.ts'
import { isEnded } from '../../../services/findings/finding.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { chooseRuleset, listRulesets, type Ruleset, requireRuleset } from '../rules/rulesets.ts'
import { ACTIVE, DISMISSED, RESOLUTION_OF, readDismissal } from '../wire/dismissal.ts'
import { readText, toIso } from '../wire/facts.ts'
import { pickFields } from '../wire/fields.ts'
import { idOfAlert, idOfAlertAgent, readOwnRecord, requireAlert, requireAlerts } from '../wire/ids.ts'
import { makeToken, readQuestion } from '../wire/page-token.ts'
import { loadDevicesOf, loadEventsOf } from '../wire/parts-of-alerts.ts'
import { spanOfSeverity, toSeverity } from '../wire/severity.ts'
import { readFromUntil } from '../wire/times.ts'
import { listAnswer, PAGE_SIZE, v2Route } from './v2-route.ts'

const alertQuestion = z.object({
  status: z.string().optional(),
  severity: z.string().optional(),
  agentId: z.string().optional(),
  ruleId: z.string().optional(),
  rulesetId: z.string().optional(),
  from: z.string().optional(),
  until: z.string().optional(),
  fields: threatStackFieldsSchema,
})
const aggregatesSchema = z.array(z.object({ fieldName: z.string(), value: z.string() }))
type Question = Partial<z.output<typeof alertQuestion>>

/** Alerts. */
export const alertRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/alerts',
    summary: 'Alerts, newest first. status is required.',
    query: alertQuestion.extend(threatStackTokenQuerySchema.shape),
    answers: { 200: listAnswer('alerts', threatStackAlertV2Schema.partial()) },
    handle: async (call, { query }) => {
      const { services, principal } = call
      const { question, after } = readQuestion('alerts', alertQuestion, query)
      if (question.status === undefined) throw invalid('status-required', 'status is required')
      const filter = await toFilter(call, question)
      if (!filter) return { alerts: [], token: null }
      const asked = { ...filter, isOncePerItem: true }
      const { items, next } = await services.alerts.readPage(principal, asked, {
        sort: 'created',
        order: 'desc',
        limit: PAGE_SIZE,
        ...(after === undefined ? {} : { after }),
      })
      const show = await describeAlerts(call, items)
      return {
        alerts: items.map((alert) => pickFields(show(alert), question.fields)),
        token: next === undefined ? null : makeToken('alerts', question, next),
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/alerts/severity-counts',
    summary: 'How many active alerts there are of each severity.',
    query: z.object({ from: z.string().optional(), until: z.string().optional() }),
    answers: { 200: threatStackSeverityCountsSchema },
    handle: async (call, { query }) => {
      const filter = await toFilter(call, { ...query, status: 'active' })
      const counts = await call.services.alerts.countBySeverity(call.principal, {
        ...filter,
        isOncePerItem: true,
      })
      const severityCounts = [1, 2, 3].map((severity) => ({ severity, count: 0 }))
      for (const [ours, count] of counts) severityCounts[toSeverity(ours) - 1]!.count += count
      return { severityCounts }
    },
  }),
  v2Route({
    method: 'POST',
    path: '/alerts/dismiss',
    summary: 'Dismiss alerts: by ids, or all active ones that answer.',
    body: threatStackDismissalSchema,
    answers: { 200: z.strictObject({}) },
    handle: async (call, { body }) => {
      const { services, principal } = call
      const decision = readDecision(body)
      if (!body.ids) requireCondition(body)
      const alerts = body.ids ? await requireAll(call, body.ids) : await findAll(call, body)
      await requireWrite(call, alerts)
      for (const { uid } of alerts) await services.alerts.decide(principal, uid, decision)
      return {}
    },
  }),
  v2Route({
    method: 'GET',
    path: '/alerts/:alertId',
    summary: 'One alert.',
    query: z.object({ fields: threatStackFieldsSchema }),
    answers: { 200: threatStackAlertV2Schema.partial() },
    handle: async (call, { params, query }) => {
      const alert = await requireAlert(call.services, call.principal, params.alertId)
      return pickFields((await describeAlerts(call, [alert]))(alert), query.fields)
    },
  }),
  v2Route({
    method: 'GET',
    path: '/alerts/:alertId/events',
    summary: 'The events of an alert, newest first.',
    answers: { 200: z.strictObject({ events: z.array(z.record(z.string(), z.unknown())) }) },
    handle: async (call, { params }) => ({ events: await loadEvents(call, params.alertId) }),
  }),
  v2Route({
    method: 'GET',
    path: '/alerts/:alertId/events/:eventId',
    summary: 'One event of an alert.',
    answers: { 200: z.strictObject({ details: z.record(z.string(), z.unknown()) }) },
    handle: async (call, { params }) => {
      const eventId = params.eventId
      const details = (await loadEvents(call, params.alertId)).find(({ id }) => id === eventId)
      if (!details) throw notFound('event', eventId.slice(0, 64))
      return { details }
    },
  }),
]

async function loadEvents(
  { services, principal }: UserCall,
  id: string,
): Promise<readonly Record<string, unknown>[]> {
  return await loadEventsOf(services, principal, await requireAlert(services, principal, id))
}

/** Which alerts a question is about; undefined where it names something that is not there. */
async function toFilter(call: UserCall, question: Question): Promise<AlertFilter | undefined> {
  const { services, principal } = call
  const { status, severity, agentId, ruleId, rulesetId } = question
  if (status !== undefined && status !== 'active' && status !== 'dismissed')
    throw invalid(
      'bad-status',
      `status: active or dismissed was expected, found ${JSON.stringify(status.slice(0, 40))}.`,
    )
  if (severity !== undefined && !/^[123]$/.test(severity))
    throw invalid(
      'bad-severity',
      `severity: 1, 2 or 3 was expected, found ${JSON.stringify(severity.slice(0, 40))}.`,
    )
  const { fromMs, untilMs } = readFromUntil(question)
  const rules = rulesetId === undefined ? {} : await findNone(() => rulesOf(call, rulesetId))
  const device =
    agentId === undefined
      ? {}
      : await findNone(async () => ({ deviceId: (await services.devices.get(principal, agentId)).id }))
  if (!rules || !device) return undefined
  return {
    ...(status === undefined ? {} : { statuses: status === 'active' ? ACTIVE : DISMISSED }),
    ...(severity === undefined ? {} : spanOfSeverity(Number(severity))),
    ...(ruleId === undefined ? {} : { ruleUuid: ruleId }),
    ...rules,
    ...device,
    ...(fromMs === undefined ? {} : { createdFromMs: fromMs }),
    // Until a moment: the last one before it still belongs to it.
    ...(untilMs === undefined ? {} : { createdToMs: untilMs - 1 }),
  }
}

/** An alert is told to be of the first set that somebody made with its rule, or of the base set. */
async function rulesOf({ services, principal }: UserCall, id: string): Promise<Partial<AlertFilter>> {
  const { policy } = await requireRuleset(services, principal, id)
  if (policy) return { ruleUuids: policy.ruleUuids }
  const others = (await listRulesets(services, principal)).flatMap((one) => one.policy?.ruleUuids ?? [])
  return others.length === 0 ? {} : { otherThanRuleUuids: others }
}

async function findNone<Of>(find: () => Promise<Of>): Promise<Of | undefined> {
  try {
    return await find()
  } catch (error) {
    if (isDomainError(error) && error.kind === 'not-found') return undefined
    throw error
  }
}

type ByQuestion = Exclude<z.output<typeof threatStackDismissalSchema>, { ids: string[] }>
const CONDITIONS = ['from', 'until', 'severity', 'ruleID', 'agentID'] as const
type Found = Pick<Alert, 'uid' | 'sketchId'>

/** All of them, before the first is dismissed. */
async function requireAll(
  { services, principal }: UserCall,
  ids: readonly string[],
): Promise<readonly Found[]> {
  const alerts: Found[] = []
  for (const id of ids) alerts.push(...(await requireAlerts(services, principal, id)))
  return alerts
}

/** Also the right to dismiss each of them: a call that is refused has dismissed none. */
async function requireWrite({ services, principal }: UserCall, alerts: readonly Found[]): Promise<void> {
  for (const sketchId of new Set(alerts.flatMap((alert) => alert.sketchId ?? [])))
    await services.access.requireOpenSketch(principal, sketchId, 'write')
}

/** A dismissal that names no alerts and asks nothing of them is more likely a slip than a wish to dismiss all there are. */
function requireCondition(body: ByQuestion): void {
  if (CONDITIONS.every((name) => body[name] === undefined))
    throw invalid(
      'missing-condition',
      `ids or one of ${CONDITIONS.join(', ')} was expected to say which alerts to dismiss; found none.`,
    )
}

async function findAll(call: UserCall, body: ByQuestion): Promise<readonly Found[]> {
  const filter = await toFilter(call, {
    status: 'active',
    from: body.from,
    until: body.until,
    ...(body.severity === undefined ? {} : { severity: String(body.severity) }),
    ruleId: body.ruleID,
    agentId: body.agentID,
  })
  const alerts: Found[] = []
  if (!filter) return alerts
  for (let after: string | undefined; ; ) {
    const { items, next } = await call.services.alerts.readPage(call.principal, filter, {
      sort: 'created',
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    })
    alerts.push(...items.map(({ uid, sketchId }) => ({ uid, sketchId })))
    if (next === undefined) return alerts
    after = next
  }
}

/** An empty text is as none: a client of the vendor's sends one with every reason. */
function readDecision({
  dismissReason,
  dismissReasonText: text = '',
}: z.output<typeof threatStackDismissalSchema>): {
  readonly status: 'closed'
  readonly resolution: (typeof RESOLUTION_OF)[typeof dismissReason]
  readonly reason: string
} {
  if (dismissReason === 'OTHER' && text === '')
    throw invalid('bad-dismissal', 'dismissReasonText is required with the reason OTHER.')
  if (dismissReason !== 'OTHER' && text !== '')
    throw invalid(
      'bad-dismissal',
      `dismissReasonText is for the reason OTHER only, found it with ${dismissReason}.`,
    )
  return { status: 'closed', resolution: RESOLUTION_OF[dismissReason], reason: text }
}

async function describeAlerts(
  { services, principal }: UserCall,
  alerts: readonly Alert[],
): Promise<(alert: Alert) => ThreatStackAlertV2> {
  const devices = await loadDevicesOf(services, principal, alerts)
  const rulesets = await listRulesets(services, principal)
  return (alert) => toAlert(alert, devices, rulesets)
}

function toAlert(
  alert: Alert,
  devices: ReadonlyMap<number, Device>,
  rulesets: readonly Ruleset[],
): ThreatStackAlertV2 {
  const device = alert.deviceId === undefined ? undefined : devices.get(alert.deviceId)
  const isDismissed = isEnded(alert.status)
  const own = readOwnRecord(alert)
  return {
    id: idOfAlert(alert),
    title: alert.title,
    dataSource: readText(own, 'dataSource') ?? 'Host',
    createdAt: toIso(alert.createdAtMs),
    isDismissed,
    dismissedAt: isDismissed ? toIso(alert.closedAtMs ?? alert.updatedAtMs) : null,
    ...readDismissal(alert),
    dismissedBy: isDismissed ? (alert.closedBy?.username ?? null) : null,
    severity: toSeverity(alert.severity),
    agentId: idOfAlertAgent(alert, device, 2),
    ruleId: readText(own, 'ruleId') ?? alert.ruleUuid ?? null,
    rulesetId: chooseRuleset(rulesets, alert.ruleUuid).id,
    aggregates: readAggregates(alert),
  }
}

/** What the events of an alert have in common. */
function readAggregates({ group, host, account, details }: Alert): ThreatStackAlertV2['aggregates'] {
  const told = aggregatesSchema.safeParse(details['aggregates'])
  if (told.success) return told.data
  const values = {
    ...(host === undefined ? {} : { hostname: host }),
    ...(account === undefined ? {} : { user: account }),
    ...group,
  }
  return Object.entries(values).map(([fieldName, value]) => ({ fieldName, value }))
}
