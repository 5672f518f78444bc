import type { PlatformAlert, PlatformKind, PlatformRecord } from '../core/platform-kind.ts'
import { dropUndefined, readNumber, readText, readTime, splitAccount } from '../core/read-record.ts'
import { RISK_LEVELS } from './incident.ts'

/** A detection of an incident of WithSecure Elements: an alert that belongs to it. Members as in `GET /incidents/v1/detections`. */
export const ELEMENTS_DETECTION: PlatformKind = {
  name: 'elements-detection',
  platform: 'elements',
  title: 'WithSecure Elements detections',
  timeDescription: 'Detection',
  dataType: 'withsecure:elements:detection',
  required: ['detectionId', 'incidentId', 'createdTimestamp'],
  identify: (record) => readText(record, 'detectionId'),
  toEvent: (record) => {
    const user = splitAccount(readText(record, 'username'))
    const folder = readText(record, 'exePath')
    const name = readText(record, 'exeName')
    return {
      datetime: readTime(record, 'createdTimestamp', 'initialReceivedTimestamp'),
      message: nameDetection(record),
      'event.kind': 'alert',
      'event.category': ['intrusion_detection', 'process'],
      'event.type': ['info'],
      'event.action': readText(record, 'name'),
      'event.provider': readText(record, 'detectionClass'),
      'event.severity': readSeverity(record),
      'event.created': readTime(record, 'initialReceivedTimestamp'),
      'host.id': readText(record, 'deviceId'),
      'rule.name': readText(record, 'name'),
      'process.executable': folder === undefined || name === undefined ? name : `${folder}\\${name}`,
      'process.name': name,
      'process.pid': readNumber(record, 'pid'),
      'process.command_line': readText(record, 'cmdl'),
      'process.hash.sha1': readText(record, 'exeHash'),
      'user.name': user.name,
      'user.domain': user.domain,
      'incident.id': readText(record, 'incidentId'),
    }
  },
  toEntries: (record) => ({
    alert: dropUndefined<PlatformAlert>({
      title: nameDetection(record),
      description: readText(record, 'description'),
      severity: readSeverity(record),
      state: { status: 'open' },
      deviceId: readText(record, 'deviceId'),
      engine: null,
      account: readText(record, 'username'),
      incidentId: readText(record, 'incidentId'),
      createdAt: readTime(record, 'createdTimestamp'),
    }),
  }),
}

function nameDetection(record: PlatformRecord): string {
  const name = readText(record, 'name') ?? `Detection ${readText(record, 'detectionId')}`
  const process = readText(record, 'exeName')
  return process === undefined ? name : `${name}: ${process}`
}

function readSeverity(record: PlatformRecord): number {
  return RISK_LEVELS[readText(record, 'severity', 'riskLevel')?.toLowerCase() ?? ''] ?? RISK_LEVELS['info']!
}
