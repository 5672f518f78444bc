import type { PlatformAlert, PlatformKind, PlatformRecord, PlatformState } from '../core/platform-kind.ts'
import { dropUndefined, readNumber, readText, readTime } from '../core/read-record.ts'

const STATUSES: Readonly<Record<string, PlatformState>> = {
  pending: { status: 'open' },
  acknowledged: { status: 'acknowledged' },
  ongoing: { status: 'in-progress' },
  rejected: { status: 'rejected', resolution: 'false-positive' },
  closed: { status: 'closed' },
}

/** An alert of Sekoia.io. Members as in `GET /v1/sic/alerts`, whose own times are seconds since 1970. */
export const SEKOIA_ALERT: PlatformKind = {
  name: 'sekoia-alert',
  platform: 'sekoia',
  title: 'Sekoia.io alerts',
  timeDescription: 'Alert Created',
  dataType: 'sekoia:alert',
  required: [
    'uuid',
    'title',
    'created_at',
    ['urgency.current_value', 'urgency.value', 'urgency.display', 'alert_type.value', 'rule.uuid'],
  ],
  volatile: ['number_of_unseen_comments'],
  identify: (record) => readText(record, 'uuid'),
  toEvent: (record) => ({
    datetime: readTime(record, 'first_seen_at', 'created_at'),
    message: readText(record, 'title'),
    'event.kind': 'alert',
    'event.category': ['intrusion_detection'],
    'event.type': ['info'],
    'event.action': readText(record, 'status.name'),
    'event.provider': readText(record, 'detection_type', 'rule.type'),
    'event.code': readText(record, 'short_id'),
    'event.severity': readSeverity(record),
    'event.created': readTime(record, 'created_at'),
    'event.end': readTime(record, 'last_seen_at'),
    'organization.id': readText(record, 'community_uuid'),
    'organization.name': readText(record, 'entity.name'),
    'rule.id': readText(record, 'rule.uuid'),
    'rule.name': readText(record, 'rule.name'),
    'rule.category': readText(record, 'alert_type.value'),
    'source.address': readText(record, 'source'),
    'destination.address': readText(record, 'target'),
  }),
  toEntries: (record) => ({
    alert: dropUndefined<PlatformAlert>({
      title: readText(record, 'title') ?? 'Alert without a title',
      description: readText(record, 'details', 'rule.description'),
      severity: readSeverity(record),
      state: STATUSES[readText(record, 'status.name')?.toLowerCase() ?? ''] ?? { status: 'open' },
      host: readText(record, 'target'),
      ruleId: readText(record, 'rule.uuid'),
      createdAt: readTime(record, 'created_at'),
      first: readTime(record, 'first_seen_at', 'created_at'),
      last: readTime(record, 'last_seen_at', 'updated_at', 'created_at'),
      changedAt: readTime(record, 'updated_at'),
      count: readNumber(record, 'similar'),
      tags: readTags(record),
    }),
  }),
}

function readSeverity(record: PlatformRecord): number {
  const value = readNumber(record, 'urgency.current_value', 'urgency.value', 'rule.severity') ?? 50
  return Math.round(Math.min(100, Math.max(0, value)))
}

function readTags(record: PlatformRecord): readonly string[] | undefined {
  const tags = ['alert_type.category', 'alert_type.value'].flatMap((path) => readText(record, path) ?? [])
  return tags.length === 0 ? undefined : tags
}
