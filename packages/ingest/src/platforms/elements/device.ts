import type { PlatformDevice, PlatformKind } from '../core/platform-kind.ts'
import { dropUndefined, readText, readTexts, readTime, splitAccount } from '../core/read-record.ts'

/** A device of WithSecure Elements. Members as in `GET /devices/v1/devices`. */
export const ELEMENTS_DEVICE: PlatformKind = {
  name: 'elements-device',
  platform: 'elements',
  title: 'WithSecure Elements devices',
  timeDescription: 'Device Registered',
  dataType: 'withsecure:elements:device',
  required: [
    'id',
    'name',
    'type',
    ['protectionStatus', 'protectionStatusOverview', 'clientVersion'],
    ['registrationTimestamp', 'statusUpdateTimestamp'],
  ],
  volatile: [
    'malwareDbUpdateTimestamp',
    'malwareDbVersion',
    'patchLastScanTimestamp',
    'physicalMemoryFree',
    'statusUpdateTimestamp',
    'systemDriveFreeSpace',
  ],
  identify: (record) => readText(record, 'id'),
  toEvent: (record) => {
    const user = splitAccount(readText(record, 'lastUser'))
    const status = readText(record, 'protectionStatusOverview', 'protectionStatus')
    const name = readText(record, 'name')
    return {
      datetime: readTime(record, 'registrationTimestamp', 'statusUpdateTimestamp'),
      message: `Device ${name}${status === undefined ? '' : `: ${status}`}`,
      'event.kind': 'asset',
      'event.category': ['host'],
      'event.type': ['info'],
      'event.action': readText(record, 'state'),
      'host.name': name,
      'host.id': readText(record, 'id'),
      'host.type': readText(record, 'type'),
      'host.ip': readTexts(record, 'ipAddresses').map((address) => address.split('/')[0]),
      'host.mac': readTexts(record, 'macAddresses'),
      'host.os.name': readText(record, 'os.name'),
      'host.os.version': readText(record, 'os.version'),
      'client.ip': readText(record, 'publicIpAddress'),
      'agent.version': readText(record, 'clientVersion'),
      'user.name': user.name,
      'user.domain': user.domain,
      'organization.id': readText(record, 'company.id'),
      'organization.name': readText(record, 'company.name'),
    }
  },
  toEntries: (record) => ({
    device: dropUndefined<PlatformDevice>({
      name: readText(record, 'name', 'id') ?? 'device without a name',
      firstSeen: readTime(record, 'registrationTimestamp', 'statusUpdateTimestamp'),
      lastSeen: readTime(record, 'statusUpdateTimestamp', 'registrationTimestamp'),
    }),
  }),
}
