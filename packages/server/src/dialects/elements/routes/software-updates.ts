import {
  type ElementsMissingUpdate,
  elementsInstallationSchema,
  elementsMissingUpdateSchema,
  UPDATE_CATEGORIES,
  UPDATE_SEVERITIES,
} from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { listMissingUpdates } from '../../../services/device-operations/apply-operation.ts'
import type { DeviceOperation } from '../../../services/device-operations/device-operation-service.ts'
import type { Device } from '../../../services/devices/device-service.ts'
import { toUuid } from '../../../services/row-uid.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { type FoundPage, listRoute, type WantedPage } from '../lists/list-route.ts'
import { limitParameter, listParameter, textParameter, toTimestamp } from '../lists/parameters.ts'
import { sliceList } from '../lists/slice-list.ts'
import { PLATFORM, recordOf } from '../shapes/device.ts'
import { readOrganization } from '../shapes/organizations.ts'
import { readDevicesOf } from '../shapes/read-devices-of.ts'
import { readString, readWord } from '../shapes/read-record.ts'

const MAX_LIMIT = 200
const MAX_DAYS = 90
/** Devices that are looked at together. */
const DEVICES_AT_ONCE = 100

const missingSchema = z.object({
  organizationId: textParameter,
  deviceId: textParameter,
  severity: listParameter(UPDATE_SEVERITIES),
  category: listParameter(UPDATE_CATEGORIES),
})
type Missing = z.output<typeof missingSchema>

/** Updates of software, as records of devices tell them (`missingUpdates`) and as devices were told to install them. */
export const softwareUpdateRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'POST',
    path: '/software-updates/v1/missing-updates',
    summary: 'Updates that devices lack, device by device.',
    values: missingSchema,
    item: elementsMissingUpdateSchema,
    maxLimit: MAX_LIMIT,
    find: findMissing,
  }),
  listRoute({
    method: 'GET',
    path: '/software-updates/v1/installations',
    summary: 'Updates that devices were told to install in the last days.',
    values: z.object({ organizationId: textParameter, lastDays: limitParameter(MAX_DAYS) }),
    item: elementsInstallationSchema,
    maxLimit: MAX_LIMIT,
    find: async (call, { organizationId, lastDays }, page) => {
      const devices = await readDevicesOf(call, organizationId)
      const fromMs = Date.now() - (lastDays ?? MAX_DAYS) * 86_400_000
      const found: unknown[] = []
      for (let after: number | undefined; ; ) {
        const { items, next } = await call.services.deviceOperations.readPage(
          call.principal,
          { name: 'installSoftwareUpdates', devices, statuses: ['finished', 'failed'] },
          { limit: MAX_LIMIT, ...(after === undefined ? {} : { after }) },
        )
        const recent = items.filter(({ updatedAtMs }) => updatedAtMs >= fromMs)
        found.push(...recent.flatMap(toInstallations))
        if (next === undefined || recent.length < items.length) return sliceList(found, page)
        after = next
      }
    },
  }),
]

async function findMissing(
  call: UserCall,
  values: Missing,
  { limit, after }: WantedPage,
): Promise<FoundPage> {
  await call.services.deviceOperations.settle()
  const [firstDevice, firstUpdate] = readPlace(after)
  const { organisationId, facts } = await readOrganization(call, values.organizationId, 'company.id')
  const filter = {
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(values.deviceId ? { ids: [values.deviceId] } : {}),
    facts: { platform: PLATFORM, all: [...facts, { path: 'missingUpdates', isTold: true }] },
  }
  const items: unknown[] = []
  // A device that is not done yet is looked at again.
  for (let at = firstDevice - 1; ; ) {
    const devices = await call.services.devices.readPage(call.principal, filter, {
      limit: DEVICES_AT_ONCE,
      after: at,
    })
    for (const device of devices.items) {
      const updates = listWanted(device, values)
      for (let place = device.id === firstDevice ? firstUpdate : 0; place < updates.length; place++) {
        if (items.length === limit) return { items, next: `${device.id}_${place}` }
        items.push(updates[place])
      }
    }
    if (devices.next === undefined) return { items, next: undefined }
    at = devices.next
  }
}

function readPlace(after: string | undefined): readonly [device: number, update: number] {
  if (after === undefined) return [0, 0]
  const match = /^(\d{1,15})_(\d{1,9})$/.exec(after)
  if (!match) throw invalid('bad-anchor', 'anchor: none of this list.')
  return [Number(match[1]), Number(match[2])]
}

function listWanted(device: Device, { severity, category }: Missing): readonly ElementsMissingUpdate[] {
  return listMissingUpdates(recordOf(device), device.decided)
    .map((record) => ({
      ...record,
      bulletinId: readString(record, 'bulletinId') ?? '',
      name: readString(record, 'name') ?? '',
      severity: readWord(record, 'severity', UPDATE_SEVERITIES) ?? 'unclassified',
      category: readWord(record, 'category', UPDATE_CATEGORIES) ?? 'none',
    }))
    .filter(
      (update) =>
        (!severity || severity.includes(update.severity)) &&
        (!category || category.includes(update.category)),
    )
}

function toInstallations(operation: DeviceOperation): readonly z.infer<typeof elementsInstallationSchema>[] {
  const { bulletinIds, severity } = operation.parameters
  const shared = {
    deviceId: operation.devicePlatformIds[0] ?? toUuid(operation.deviceUid),
    status: operation.status,
    installationTimestamp: toTimestamp(operation.updatedAtMs),
  }
  if (Array.isArray(bulletinIds))
    return bulletinIds.map((bulletinId, place) => ({
      id: `${operation.uid}_${place}`,
      ...shared,
      bulletinId: String(bulletinId),
    }))
  return [{ id: operation.uid, ...shared, ...(typeof severity === 'string' ? { severity } : {}) }]
}
