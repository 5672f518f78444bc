import type { PlatformIncident, PlatformKind, PlatformRecord, PlatformState } from '../core/platform-kind.ts'
import { dropUndefined, readNumber, readText, readTexts, readTime } from '../core/read-record.ts'

/** 0 to 100 by the platform's risk levels: the middle of the twenty numbers that each stands for. */
export const RISK_LEVELS: Readonly<Record<string, number>> = {
  info: 10,
  low: 30,
  medium: 50,
  high: 70,
  severe: 90,
}

const STATUSES: Readonly<Record<string, PlatformState['status']>> = {
  new: 'open',
  acknowledged: 'acknowledged',
  inprogress: 'in-progress',
  monitoring: 'monitoring',
  waitingforcustomer: 'waiting',
  closed: 'closed',
}

const RESOLUTIONS: Readonly<Record<string, NonNullable<PlatformState['resolution']>>> = {
  confirmed: 'confirmed',
  incident: 'confirmed',
  falsepositive: 'false-positive',
  autofalsepositive: 'false-positive',
  merged: 'merged',
  unconfirmed: 'unconfirmed',
  autounconfirmed: 'unconfirmed',
  securitytest: 'security-test',
  acceptedrisk: 'accepted-risk',
  acceptedbehavior: 'accepted-behaviour',
  inconclusive: 'inconclusive',
}

/** An incident of WithSecure Elements (Broad Context Detection). Members as in `GET /incidents/v1/incidents`. */
export const ELEMENTS_INCIDENT: PlatformKind = {
  name: 'elements-incident',
  platform: 'elements',
  title: 'WithSecure Elements incidents',
  timeDescription: 'Incident Created',
  dataType: 'withsecure:elements:incident',
  required: ['incidentId', 'createdTimestamp', 'status', ['incidentPublicId', 'riskLevel', 'severity']],
  without: ['detectionId'],
  identify: (record) => readText(record, 'incidentId'),
  toEvent: (record) => {
    const { status, resolution } = readState(record)
    return {
      datetime: readTime(record, 'createdTimestamp', 'initialReceivedTimestamp'),
      message: nameIncident(record),
      'event.kind': 'alert',
      'event.category': ['intrusion_detection'],
      'event.type': ['info'],
      'event.action': readText(record, 'status'),
      'event.reason': resolution,
      'event.severity': readSeverity(record),
      'event.risk_score': readNumber(record, 'riskScore'),
      'event.created': readTime(record, 'initialReceivedTimestamp', 'createdTimestamp'),
      'organization.id': readText(record, 'organizationId'),
      'rule.category': readTexts(record, 'categories'),
      'incident.status': status,
    }
  },
  toEntries: (record) => ({
    incident: dropUndefined<PlatformIncident>({
      title: nameIncident(record),
      severity: readSeverity(record),
      risk: readRisk(record),
      state: readState(record),
      createdAt: readTime(record, 'createdTimestamp', 'initialReceivedTimestamp'),
      last: readTime(record, 'updatedTimestamp'),
      changedAt: readTime(record, 'updatedTimestamp'),
    }),
  }),
}

function nameIncident(record: PlatformRecord): string {
  const name = readText(record, 'name') ?? readTexts(record, 'categories').join(', ')
  const number = readText(record, 'incidentPublicId') ?? readText(record, 'incidentId')
  return name === '' || name === undefined ? `Incident ${number}` : `${name} (${number})`
}

function readState(record: PlatformRecord): PlatformState {
  const status = STATUSES[readText(record, 'status')?.toLowerCase() ?? ''] ?? 'open'
  const resolution = RESOLUTIONS[readText(record, 'resolution')?.toLowerCase() ?? '']
  return resolution === undefined ? { status } : { status, resolution }
}

/** The platform tells severity and risk apart; where it tells one of them only, that stands for both. */
function readSeverity(record: PlatformRecord): number {
  return readLevel(record, 'severity') ?? readLevel(record, 'riskLevel') ?? RISK_LEVELS['medium']!
}

/** The score, as far as it agrees with the level: that is what the platform's lists are narrowed by. */
function readRisk(record: PlatformRecord): number {
  const level = readLevel(record, 'riskLevel')
  const score = Math.round(readNumber(record, 'riskScore') ?? level ?? readSeverity(record))
  const [least, most] =
    level === undefined ? [0, 100] : [level - 10, level === RISK_LEVELS['severe'] ? 100 : level + 9]
  return Math.min(most, Math.max(least, score))
}

function readLevel(record: PlatformRecord, name: string): number | undefined {
  return RISK_LEVELS[readText(record, name)?.toLowerCase() ?? '']
}
