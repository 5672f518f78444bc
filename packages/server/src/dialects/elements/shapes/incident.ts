import { FINDING_RESOLUTIONS } from '@timeskein/model'
import {
  type ElementsDetection,
  type ElementsIncident,
  type ElementsIncidentResolution,
  type ElementsIncidentStatus,
  INCIDENT_RESOLUTIONS,
  RISK_LEVELS,
} from '@timeskein/model/elements'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { FindingStatus, Resolution } from '../../../services/findings/finding.ts'
import type { Incident } from '../../../services/incidents/incident-service.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { toTimestamp } from '../lists/parameters.ts'
import { toRiskLevel } from './levels.ts'
import type { NameOrganization } from './organizations.ts'
import { readString, readWord } from './read-record.ts'

/** Our statuses as Elements has them. */
const STATUS_WORDS: Readonly<Record<FindingStatus, ElementsIncidentStatus>> = {
  open: 'new',
  acknowledged: 'acknowledged',
  'in-progress': 'inProgress',
  monitoring: 'monitoring',
  waiting: 'waitingForCustomer',
  closed: 'closed',
  rejected: 'closed',
}

/** What Elements says of an incident, in our words. */
const OWN_RESOLUTIONS: Readonly<Record<ElementsIncidentResolution, Resolution>> = {
  unconfirmed: 'unconfirmed',
  confirmed: 'confirmed',
  incident: 'confirmed',
  falsePositive: 'false-positive',
  merged: 'merged',
  autoUnconfirmed: 'unconfirmed',
  autoFalsePositive: 'false-positive',
  securityTest: 'security-test',
  acceptedRisk: 'accepted-risk',
  acceptedBehavior: 'accepted-behaviour',
  inconclusive: 'inconclusive',
}
/** Resolutions that Elements has no word for. */
const NEAREST: Readonly<Partial<Record<Resolution, ElementsIncidentResolution>>> = {
  'business-operation': 'acceptedBehavior',
  'company-policy': 'acceptedBehavior',
  maintenance: 'acceptedBehavior',
  other: 'inconclusive',
}

/** Our statuses that a status of Elements stands for. */
export function toOwnStatuses(status: ElementsIncidentStatus): readonly FindingStatus[] {
  // The names of the table are our statuses.
  return (Object.keys(STATUS_WORDS) as FindingStatus[]).filter((own) => STATUS_WORDS[own] === status)
}

/** What Elements calls a resolution, in our words. */
export function toOwnResolution(resolution: ElementsIncidentResolution): Resolution {
  return OWN_RESOLUTIONS[resolution]
}

/** Our resolutions that a resolution of Elements stands for; undefined for findings that have none yet. */
export function toOwnResolutions(
  resolution: ElementsIncidentResolution,
): readonly (Resolution | undefined)[] {
  const near = Object.entries(NEAREST).flatMap(([own, word]) =>
    word === resolution ? [own as Resolution] : [],
  )
  const own = [toOwnResolution(resolution), ...near]
  return resolution === 'unconfirmed' ? [...own, undefined] : own
}

/** The id by which Elements' clients know an incident: that of its own platform, or ours as a UUID. */
export function incidentIdOf({ source, details, uid }: Pick<Incident, 'source' | 'details' | 'uid'>): string {
  return (source === 'elements' ? readString(details, 'incidentId') : undefined) ?? toUuid(uid)
}

/** An incident as Elements tells it, with the state that it has here. */
export function toElementsIncident(incident: Incident, nameOrganization: NameOrganization): ElementsIncident {
  const record = incident.source === 'elements' ? incident.details : {}
  const created = toTimestamp(incident.createdAtMs)
  return {
    organizationId: nameOrganization(incident.organisationId).id,
    name: incident.title,
    categories: [],
    sources: ['endpoint'],
    initialReceivedTimestamp: created,
    archived: false,
    incidentPublicId: `${incident.id}-${incident.uid.slice(0, 8).toUpperCase()}`,
    ...record,
    incidentId: incidentIdOf(incident),
    status: STATUS_WORDS[incident.status],
    resolution: toResolutionWord(incident, readWord(record, 'resolution', INCIDENT_RESOLUTIONS)),
    severity: toRiskLevel(incident.severity),
    // Nobody here says otherwise: risks of platforms are theirs.
    riskLevel: readWord(record, 'riskLevel', RISK_LEVELS) ?? toRiskLevel(incident.risk),
    riskScore: readScore(record['riskScore'], incident.risk),
    createdTimestamp: created,
    updatedTimestamp: toTimestamp(incident.updatedAtMs),
  }
}

/** A status or resolution of ours as Elements has it; what is none of them is told as it is. */
export function nameInElements(field: string, value: unknown): unknown {
  if (field === 'status' && isFindingStatus(value)) return STATUS_WORDS[value]
  if (field === 'resolution' && isResolution(value)) return nameResolution(value)
  return value
}

function isFindingStatus(value: unknown): value is FindingStatus {
  return typeof value === 'string' && Object.hasOwn(STATUS_WORDS, value)
}

function isResolution(value: unknown): value is Resolution {
  return FINDING_RESOLUTIONS.some((one) => one === value)
}

function nameResolution(resolution: Resolution): ElementsIncidentResolution {
  return NEAREST[resolution] ?? INCIDENT_RESOLUTIONS.find((word) => OWN_RESOLUTIONS[word] === resolution)!
}

/** The platform's own word where it still holds: several of its words are one of ours. */
function toResolutionWord(
  { resolution }: Incident,
  told: ElementsIncidentResolution | undefined,
): ElementsIncidentResolution {
  if (told !== undefined && OWN_RESOLUTIONS[told] === (resolution ?? 'unconfirmed')) return told
  if (resolution === undefined) return 'unconfirmed'
  return nameResolution(resolution)
}

/** The platform's score as it told it. */
function readScore(told: unknown, risk: number): number {
  return typeof told === 'number' ? told : risk
}

/** An alert of an incident as a detection of it. */
export function toElementsDetection(alert: Alert, incident: Incident): ElementsDetection {
  const record = alert.source === 'elements' ? alert.details : {}
  const created = toTimestamp(alert.createdAtMs)
  const { deviceUid, description, account } = alert
  return {
    ...(deviceUid === undefined ? {} : { deviceId: toUuid(deviceUid) }),
    name: alert.title,
    ...(description === '' ? {} : { description }),
    detectionClass: 'RULE',
    initialReceivedTimestamp: created,
    ...(account === undefined ? {} : { username: account }),
    ...toContext(alert),
    ...record,
    detectionId: readString(record, 'detectionId') ?? toUuid(alert.uid),
    incidentId: incidentIdOf(incident),
    severity: toRiskLevel(alert.severity),
    riskLevel: readWord(record, 'riskLevel', RISK_LEVELS) ?? toRiskLevel(alert.severity),
    createdTimestamp: created,
  }
}

function toContext({ group, tags }: Alert): Pick<ElementsDetection, 'activityContext'> {
  const told = [
    ...(Object.keys(group).length === 0 ? [] : [{ type: 'group', ...group }]),
    ...(tags.length === 0 ? [] : [{ type: 'tags', tags: [...tags] }]),
  ]
  return told.length === 0 ? {} : { activityContext: told }
}

/** Where an incident came from, for filters: as records of Elements tell it. */
export const SOURCES_FACT = { path: 'sources', isList: true, ifMissing: '["endpoint"]' } as const
