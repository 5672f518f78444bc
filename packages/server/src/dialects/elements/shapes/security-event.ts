import type { ElementsNamed, ElementsSecurityEvent } from '@timeskein/model/elements'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import { DEFAULT_ENGINE } from '../../../services/alerts/engine.ts'
import { isEnded } from '../../../services/findings/finding.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { toTimestamp } from '../lists/parameters.ts'
import { toEventSeverity, toRiskLevel } from './levels.ts'
import type { NameOrganization } from './organizations.ts'
import { readNamed, readString } from './read-record.ts'

/**
 * An alert as a security event. One that Elements told is told as it was, with the state that it has here; others are events of the
 * engine `edr`. `details` has texts only.
 */
export function toSecurityEvent(alert: Alert, nameOrganization: NameOrganization): ElementsSecurityEvent {
  const record = alert.source === 'elements' ? alert.details : {}
  const stored = toTimestamp(alert.createdAtMs)
  const target = toTarget(alert)
  return {
    ...(target ? { target, device: target } : {}),
    ...(alert.account === undefined ? {} : { userName: alert.account }),
    ...(alert.description === '' ? {} : { description: alert.description }),
    message: alert.title,
    ...record,
    id: readString(record, 'id') ?? `${toUuid(alert.uid)}_${alert.id}`,
    severity: toEventSeverity(alert.severity),
    engine: readString(record, 'engine') ?? DEFAULT_ENGINE,
    action: readString(record, 'action') ?? (isEnded(alert.status) ? 'closed' : 'created'),
    acknowledged: alert.status !== 'open',
    serverTimestamp: readString(record, 'serverTimestamp') ?? stored,
    persistenceTimestamp: stored,
    clientTimestamp: readString(record, 'clientTimestamp') ?? toTimestamp(Number(alert.lastUs / 1000n)),
    organization: readNamed(record, 'organization') ?? nameOrganization(alert.organisationId),
    details: toDetails(alert, record),
  }
}

function toTarget({ deviceUid, host, account }: Alert): ElementsNamed | undefined {
  if (deviceUid !== undefined && host !== undefined) return { id: toUuid(deviceUid), name: host }
  return account === undefined ? undefined : { id: account, name: account }
}

function toDetails(alert: Alert, record: Readonly<Record<string, unknown>>): Record<string, string> {
  const told = record['details']
  if (typeof told === 'object' && told !== null) return toTexts(told)
  const { title, ruleUuid, incidentUid, severity, tags, resolution, count, account, lastUs } = alert
  return toTexts({
    alertType: alert.source,
    ruleName: title,
    ruleId: ruleUuid,
    incidentId: incidentUid === undefined ? undefined : toUuid(incidentUid),
    risk: toRiskLevel(severity).toUpperCase(),
    categories: tags.length === 0 ? undefined : tags.join(','),
    resolution: resolution?.replaceAll('-', '_').toUpperCase(),
    count,
    userName: account,
    clientTimestamp: lastUs / 1000n,
  })
}

function toTexts(members: object): Record<string, string> {
  const texts: [string, string][] = []
  for (const [name, value] of Object.entries(members) as [string, unknown][])
    if (value !== undefined && value !== null)
      texts.push([name, typeof value === 'object' ? JSON.stringify(value) : String(value)])
  return Object.fromEntries(texts)
}
