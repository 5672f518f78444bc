import type { PlatformAlert, PlatformEvent, PlatformKind, PlatformRecord } from '../core/platform-kind.ts'
import {
  dropUndefined,
  readBaseName,
  readNumber,
  readText,
  readTime,
  splitAccount,
} from '../core/read-record.ts'

/** 0 to 100 by the platform's own word. */
const SEVERITIES: Readonly<Record<string, number>> = { critical: 90, warning: 50, info: 10 }

/** `event.category` (ECS 8) of the engines whose events are not just of a host. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  amsi: ['malware', 'process'],
  applicationcontrol: ['process'],
  browsingprotection: ['web'],
  connectioncontrol: ['network'],
  dataguard: ['file'],
  deepguard: ['malware', 'process'],
  devicecontrol: ['host'],
  edr: ['intrusion_detection'],
  emailbreach: ['email'],
  emailscan: ['email', 'malware'],
  filescanning: ['malware', 'file'],
  firewall: ['network'],
  inboxrulescan: ['email'],
  integritychecker: ['file'],
  manualscanning: ['malware', 'file'],
  onedrivescan: ['malware', 'file'],
  realtimescanning: ['malware', 'file'],
  reputationbasedbrowsing: ['web'],
  setting: ['configuration'],
  sharepointscan: ['malware', 'file'],
  tamperprotection: ['configuration'],
  teamsscan: ['malware', 'file'],
  webcontentcontrol: ['web'],
  webtrafficscanning: ['web', 'malware'],
  xfence: ['file'],
}

/** `event.type` by what was done. */
const TYPES: Readonly<Record<string, string>> = {
  allow: 'allowed',
  blocked: 'denied',
  deny: 'denied',
  deleted: 'deletion',
  created: 'creation',
  updated: 'change',
}

/** Where an engine writes what it is about, best first. */
const OBJECT_PATHS = [
  'details.filePath',
  'details.targetPath',
  'details.path',
  'details.object',
  'details.url',
  'details.websiteUrl',
  'details.remoteAddress',
  'details.ip',
  'details.deviceName',
  'details.settingName',
  'details.service',
  'details.incidentPublicId',
  'details.process',
]

/**
 * A security event of WithSecure Elements, which is one of our alerts. Members as in `GET /security-events/v1/security-events`
 * (the vendor's public API description; values of `details` are texts).
 */
export const ELEMENTS_SECURITY_EVENT: PlatformKind = {
  name: 'elements-security-event',
  platform: 'elements',
  title: 'WithSecure Elements security events',
  timeDescription: 'Security Event',
  dataType: 'withsecure:elements:security_event',
  required: ['id', 'engine', 'severity', ['persistenceTimestamp', 'serverTimestamp', 'clientTimestamp']],
  identify: (record) => readText(record, 'id'),
  toEvent,
  toEntries(record) {
    const engine = readText(record, 'engine') ?? 'unknown'
    return {
      alert: dropUndefined<PlatformAlert>({
        title: describe(record),
        description: readText(record, 'description', 'message'),
        severity: SEVERITIES[readText(record, 'severity') ?? ''] ?? 10,
        state: {
          status: readText(record, 'acknowledged')?.toLowerCase() === 'true' ? 'acknowledged' : 'open',
        },
        host: readText(record, 'device.name', 'target.name'),
        account: readText(record, 'userName', 'details.userName'),
        deviceId: readText(record, 'device.id', 'target.id'),
        engine: readText(record, 'engine'),
        targetId: readText(record, 'target.id', 'device.id'),
        incidentId: engine === 'edr' ? readText(record, 'details.incidentId') : undefined,
        ruleId: readText(record, 'details.ruleId'),
        createdAt: readTime(record, 'persistenceTimestamp', 'serverTimestamp'),
        first: readEventTime(record),
        tags: [`engine.${engine}`],
      }),
    }
  },
}

function readEventTime(record: PlatformRecord): string | undefined {
  return readTime(
    record,
    'clientTimestamp',
    'details.clientTimestamp',
    'serverTimestamp',
    'persistenceTimestamp',
  )
}

function toEvent(record: PlatformRecord): PlatformEvent {
  const engine = readText(record, 'engine') ?? ''
  const action = readText(record, 'action')
  const user = splitAccount(readText(record, 'userName', 'details.userName'))
  const file = readText(record, 'details.filePath', 'details.targetPath', 'details.path')
  const process = readText(record, 'details.process', 'details.processPath', 'details.initiator')
  const isInbound = /^in/i.test(readText(record, 'details.ruleDirection', 'details.direction') ?? '')
  const [local, remote] = isInbound ? ['destination', 'source'] : ['source', 'destination']
  return {
    datetime: readEventTime(record),
    message: describe(record),
    'event.kind': 'alert',
    'event.category': CATEGORIES[engine.toLowerCase()] ?? ['host'],
    'event.type': [TYPES[action ?? ''] ?? 'info'],
    'event.provider': engine,
    'event.action': action,
    'event.code': readText(record, 'details.alertType'),
    'event.severity': SEVERITIES[readText(record, 'severity') ?? ''],
    'event.created': readTime(record, 'serverTimestamp'),
    'event.ingested': readTime(record, 'persistenceTimestamp'),
    'host.name': readText(record, 'device.name', 'target.name', 'details.computerName'),
    'host.id': readText(record, 'device.id', 'target.id'),
    'host.ip': readText(record, 'details.hostIpAddress')?.split('/')[0],
    'user.name': user.name,
    'user.domain': user.domain,
    'organization.id': readText(record, 'organization.id'),
    'organization.name': readText(record, 'organization.name'),
    'rule.id': readText(record, 'details.ruleId'),
    'rule.name': readText(record, 'details.ruleName', 'details.appliedRule'),
    'rule.ruleset': readText(record, 'details.ruleGroupName', 'details.profileName'),
    'file.path': file,
    'file.name': readBaseName(file),
    'file.hash.sha1': readText(record, 'details.sha1', 'details.targetSha1', 'details.hash'),
    'process.executable': process,
    'process.name': readBaseName(process),
    'process.command_line': readText(record, 'details.commandLine', 'details.targetCommandLine'),
    'process.pid': readNumber(record, 'details.processId'),
    'process.hash.sha1': readText(record, 'details.processHash', 'details.initiatorHash'),
    'process.parent.executable': readText(record, 'details.parentPath'),
    'url.original': readText(record, 'details.url', 'details.websiteUrl'),
    'threat.indicator.description': readText(record, 'details.infectionName', 'details.name'),
    'network.direction': readText(record, 'details.ruleDirection', 'details.direction'),
    [`${local}.ip`]: readText(record, 'details.localAddress'),
    [`${local}.port`]: readNumber(record, 'details.localPort'),
    [`${remote}.ip`]: readText(record, 'details.remoteAddress', 'details.ip'),
    [`${remote}.port`]: readNumber(record, 'details.remotePort', 'details.port'),
    'trace.id': readText(record, 'eventTransactionId'),
  }
}

/** One line for people: what the platform says itself, or who did what to which thing where. */
function describe(record: PlatformRecord): string {
  const own = readText(record, 'message', 'description')
  if (own !== undefined) return own
  const what = readText(record, 'details.infectionName', 'details.ruleName', 'details.appliedRule')
  const object = readText(record, ...OBJECT_PATHS)
  const host = readText(record, 'device.name', 'target.name')
  return [
    readText(record, 'engine'),
    readText(record, 'action') ?? readText(record, 'details.alertType'),
    what,
    what === object ? undefined : object,
    host === undefined ? undefined : `on ${host}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}
