import type { PlatformAlert, PlatformKind, PlatformRecord, PlatformState } from '../core/platform-kind.ts'
import { dropUndefined, isRecord, readNumber, readPath, readText, readTime } from '../core/read-record.ts'

/** 0 to 100 by the platform's 1 (highest) to 3. */
const SEVERITIES: Readonly<Record<number, number>> = { 1: 90, 2: 50, 3: 20 }

const RESOLUTIONS: Readonly<Record<string, NonNullable<PlatformState['resolution']>>> = {
  BUSINESS_OP: 'business-operation',
  COMPANY_POLICY: 'company-policy',
  MAINTENANCE: 'maintenance',
  OTHER: 'other',
}

/** An alert of Threat Stack, of version 1 of its API or 2. */
export const THREATSTACK_ALERT: PlatformKind = {
  name: 'threatstack-alert',
  platform: 'threatstack',
  title: 'Threat Stack alerts',
  timeDescription: 'Alert Created',
  dataType: 'threatstack:alert',
  required: [
    'id',
    'title',
    'severity',
    ['created_at', 'createdAt'],
    ['rule_id', 'ruleId', 'alert_policy_id', 'isDismissed', 'dataSource', 'server_or_region', 'dismissed'],
  ],
  identify: (record) => readText(record, 'id'),
  toEvent: (record) => ({
    datetime: readCreated(record),
    message: readText(record, 'title'),
    'event.kind': 'alert',
    'event.category': ['intrusion_detection'],
    'event.type': ['info'],
    'event.action': readState(record).status === 'closed' ? 'dismissed' : 'active',
    'event.reason': readText(record, 'dismissReason'),
    'event.provider': readText(record, 'dataSource', 'source', 'type'),
    'event.severity': readSeverity(record),
    'event.end': readTime(record, 'expires_at'),
    'agent.id': readText(record, 'agent_id', 'agentId'),
    'host.name': readText(record, 'server_or_region', 'latest_events.hostname'),
    'organization.id': readText(record, 'organization_id', 'organizationId'),
    'rule.id': readText(record, 'rule_id', 'ruleId', 'rule.id'),
    'rule.name': readText(record, 'rule.title'),
    'rule.ruleset': readText(record, 'rulesetId', 'alert_policy_id'),
    'user.name': readAggregate(record, 'user'),
    'process.executable': readAggregate(record, 'exe'),
  }),
  toEntries: (record) => ({
    alert: dropUndefined<PlatformAlert>({
      title: readText(record, 'title') ?? 'Alert without a title',
      severity: readSeverity(record),
      state: readState(record),
      host: readText(record, 'server_or_region'),
      deviceId: readText(record, 'agent_id', 'agentId'),
      account: readAggregate(record, 'user'),
      ruleId: readText(record, 'rule_id', 'ruleId'),
      createdAt: readCreated(record),
      last: readTime(record, 'last_updated_at') ?? readCreated(record),
      changedAt: readTime(record, 'last_updated_at'),
      count: readNumber(record, 'count', 'eventCount'),
    }),
  }),
}

function readCreated(record: PlatformRecord): string | undefined {
  return readTime(record, 'created_at', 'createdAt')
}

function readSeverity(record: PlatformRecord): number {
  return SEVERITIES[readNumber(record, 'severity') ?? 3] ?? SEVERITIES[3]!
}

function readState(record: PlatformRecord): PlatformState {
  const isDismissed = [record['dismissed'], record['isDismissed']].includes(true)
  if (!isDismissed) return { status: 'open' }
  const resolution = RESOLUTIONS[readText(record, 'dismissReason')?.toUpperCase() ?? '']
  const reason = readText(record, 'dismissReasonText')
  return {
    status: 'closed',
    ...(resolution === undefined ? {} : { resolution }),
    ...(reason === undefined ? {} : { reason }),
  }
}

/** The value of one of the fields that the alert's events have in common. */
function readAggregate(record: PlatformRecord, fieldName: string): string | undefined {
  const aggregates = readPath(record, 'aggregates')
  if (!Array.isArray(aggregates)) return undefined
  const found = aggregates.find((one) => isRecord(one) && one['fieldName'] === fieldName) as
    | PlatformRecord
    | undefined
  return found && readText(found, 'value')
}
