import type { PlatformDevice, PlatformKind, PlatformRecord } from '../core/platform-kind.ts'
import { dropUndefined, readText, readTexts, readTime } from '../core/read-record.ts'

/** An agent of Threat Stack, of version 1 of its API or 2: a device. */
export const THREATSTACK_AGENT: PlatformKind = {
  name: 'threatstack-agent',
  platform: 'threatstack',
  title: 'Threat Stack agents',
  timeDescription: 'Agent Created',
  dataType: 'threatstack:agent',
  required: [
    'id',
    'hostname',
    ['created_at', 'createdAt', 'activated_at'],
    ['agent_id', 'last_reported_at', 'lastReportedAt', 'agentType', 'instanceId'],
  ],
  volatile: ['last_reported_at', 'lastReportedAt', 'updated_at'],
  identify: (record) => readText(record, 'id', 'agent_id'),
  toEvent: (record) => ({
    datetime: readFirst(record),
    message: `Agent ${readText(record, 'name', 'hostname')}: ${readStatus(record)}`,
    'event.kind': 'asset',
    'event.category': ['host'],
    'event.type': ['info'],
    'event.action': readStatus(record),
    'host.name': readText(record, 'hostname', 'name'),
    'host.id': readText(record, 'instanceId', 'id'),
    'host.ip': readAddresses(record),
    'host.os.full': readText(record, 'osVersion'),
    'host.os.kernel': readText(record, 'kernel'),
    'agent.id': readText(record, 'id'),
    'agent.type': readText(record, 'agentType'),
    'agent.version': readText(record, 'version'),
    'organization.id': readText(record, 'organization_id'),
  }),
  toEntries: (record) => ({
    device: dropUndefined<PlatformDevice>({
      name: readText(record, 'hostname', 'name', 'id') ?? 'agent without a name',
      firstSeen: readFirst(record),
      lastSeen: readTime(record, 'last_reported_at', 'lastReportedAt') ?? readFirst(record),
    }),
  }),
}

function readFirst(record: PlatformRecord): string | undefined {
  return readTime(record, 'created_at', 'createdAt', 'activated_at')
}

function readStatus(record: PlatformRecord): string {
  const isOnline = record['online']
  if (typeof isOnline === 'boolean') return isOnline ? 'online' : 'offline'
  return readText(record, 'status') ?? 'unknown'
}

function readAddresses(record: PlatformRecord): readonly string[] {
  const all = ['ip_address', 'ipAddresses.private', 'ipAddresses.public', 'ipAddresses.link_local']
  return all.flatMap((path) => readTexts(record, path)).map((address) => address.split('/')[0]!)
}
