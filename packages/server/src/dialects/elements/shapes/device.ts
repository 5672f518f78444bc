import type { ElementsDevice } from '@timeskein/model/elements'
import type { Device } from '../../../services/devices/device-service.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { toTimestamp } from '../lists/parameters.ts'
import type { NameOrganization } from './organizations.ts'
import { type PlatformRecord, readNamed, readString } from './read-record.ts'

/** The platform whose words devices are told in. */
export const PLATFORM = 'elements'

/** What a device is where nothing is told: also what filters take it for. */
export const DEVICE_DEFAULTS = {
  type: 'computer',
  state: 'active',
  online: 'false',
  protectionStatusOverview: 'allOk',
} as const

/** What Elements says of a device; nothing where it does not know it. */
export function recordOf({ details }: Device): PlatformRecord {
  const record = details[PLATFORM]
  return typeof record === 'object' && record !== null ? (record as PlatformRecord) : {}
}

/** The id by which Elements' clients know a device: that of its own platform, or ours as a UUID. */
export function deviceIdOf(device: Device): string {
  return readString(recordOf(device), 'id') ?? toUuid(device.uid)
}

/** A device as Elements tells it: what was decided here stands above what the platform says. */
export function toElementsDevice(device: Device, nameOrganization: NameOrganization): ElementsDevice {
  const { missingUpdates: _told, ...record } = recordOf(device)
  const {
    missingUpdates: _decided,
    subscription,
    businessContext: _context,
    labels,
    ...decided
  } = device.decided
  const merged: PlatformRecord = { ...record, ...decided, ...(labels ? { labels: [...labels] } : {}) }
  return {
    ...(device.firstUs === undefined ? {} : { registrationTimestamp: usToTimestamp(device.firstUs) }),
    ...(device.lastUs === undefined ? {} : { statusUpdateTimestamp: usToTimestamp(device.lastUs) }),
    ...merged,
    ...(subscription
      ? {
          subscription: {
            productVariant: '',
            name: '',
            ...(record['subscription'] as object | undefined),
            ...subscription,
          },
        }
      : {}),
    id: deviceIdOf(device),
    name: readString(record, 'name') ?? device.name,
    // The words are the platform's: what it says is told as it says it.
    type: (readString(record, 'type') ?? DEVICE_DEFAULTS.type) as ElementsDevice['type'],
    state: (readString(merged, 'state') ?? DEVICE_DEFAULTS.state) as ElementsDevice['state'],
    online: record['online'] === true,
    company: readNamed(record, 'company') ?? nameOrganization(device.organisationId),
    protectionStatusOverview: (readString(merged, 'protectionStatusOverview') ??
      DEVICE_DEFAULTS.protectionStatusOverview) as ElementsDevice['protectionStatusOverview'],
  }
}

function usToTimestamp(us: bigint): string {
  return toTimestamp(Number(us / 1000n))
}
