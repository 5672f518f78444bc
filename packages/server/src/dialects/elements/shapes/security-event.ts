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
  // One object that grows: of pages of hundreds the merging of many takes as long as the database does.
  const event: Record<string, unknown> = { ...record }
  const target = toTarget(alert)
  tellUnlessTold(event, 'target', target)
  tellUnlessTold(event, 'device', target)
  tellUnlessTold(event, 'userName', alert.account)
  tellUnlessTold(event, 'description', alert.description || undefined)
  tellUnlessTold(event, 'message', alert.title)
  event['id'] = readString(record, 'id') ?? `${toUuid(alert.uid)}_${alert.id}`
  event['severity'] = toEventSeverity(alert.severity)
  event['engine'] = readString(record, 'engine') ?? DEFAULT_ENGINE
  event['action'] = readString(record, 'action') ?? (isEnded(alert.status) ? 'closed' : 'created')
  event['acknowledged'] = alert.status !== 'open'
  event['serverTimestamp'] = readString(record, 'serverTimestamp') ?? stored
  event['persistenceTimestamp'] = stored
  event['clientTimestamp'] =
    readString(record, 'clientTimestamp') ?? toTimestamp(Number(alert.lastUs / 1000n))
  event['organization'] = readNamed(record, 'organization') ?? nameOrganization(alert.organisationId)
  event['details'] = toDetails(alert, record)
  // All that an event must have was put in just now.
  return event as ElementsSecurityEvent
}

function tellUnlessTold(event: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined && event[name] === undefined) event[name] = value
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

/** Mostly they are texts already. */
function toTexts(members: object): Record<string, string> {
  const values: Record<string, unknown> = { ...members }
  for (const name in values) {
    const value = values[name]
    if (typeof value === 'string') continue
    if (value === undefined || value === null) delete values[name]
    else values[name] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return values as Record<string, string>
}
