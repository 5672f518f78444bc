import {
  DEVICE_COUNT_KEYS,
  elementsDeviceChangeSchema,
  elementsDeviceSchema,
  elementsMultiStatusSchema,
  PATCH_STATES,
  PROTECTION_OVERVIEWS,
} from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { check } from '../../../http/check-input.ts'
import type { Device, DeviceDecision, DeviceFilter } from '../../../services/devices/device-service.ts'
import type { FactFilter } from '../../../services/json-facts.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { type PlatformRoute, platformRoute, readBody, readQuery } from '../../platform/platform-route.ts'
import { listRoute, type WantedPage } from '../lists/list-route.ts'
import {
  booleanParameter,
  listParameter,
  namesParameter,
  textParameter,
  textsParameter,
} from '../lists/parameters.ts'
import { readNumberPlace } from '../lists/slice-list.ts'
import { withoutNulls } from '../lists/without-nulls.ts'
import { answerTargets } from '../multi-status.ts'
import { WRITE_SCOPE } from '../scopes.ts'
import { DEVICE_DEFAULTS, deviceIdOf, PLATFORM, toElementsDevice } from '../shapes/device.ts'
import { loadOrganizations, readOrganization } from '../shapes/organizations.ts'

const PATH = '/devices/v1/devices'
const MAX_LIMIT = 200
const MAX_DELETED = 20
const CHANGES = ['state', 'subscriptionKey', 'alias', 'importance', 'businessContext', 'labels'] as const

const valuesSchema = z.object({
  organizationId: textParameter,
  deviceId: textsParameter,
  type: listParameter(['computer', 'connector', 'mobile']),
  state: listParameter(['active', 'blocked', 'inactive']),
  name: textParameter,
  serialNumber: textParameter,
  online: booleanParameter,
  label: namesParameter,
  clientVersion: textParameter,
  protectionStatusOverview: listParameter(PROTECTION_OVERVIEWS),
  patchOverallState: listParameter(PATCH_STATES),
  publicIpAddress: textParameter,
  osName: textParameter,
  activeDirectoryGroup: textParameter,
  subscriptionKey: textParameter,
  count: listParameter(DEVICE_COUNT_KEYS),
  histogram: listParameter(['protectionStatus']),
})
type Values = z.output<typeof valuesSchema>

/** Texts that are the whole of a fact, in any case, and where records tell it. */
const TEXT_PATHS = {
  serialNumber: 'serialNumber',
  clientVersion: 'clientVersion',
  publicIpAddress: 'publicIpAddress',
  osName: 'os.name',
  activeDirectoryGroup: 'activeDirectoryGroup',
  subscriptionKey: 'subscription.key',
} as const

/** Devices: listing, counting, changing and taking them out. */
export const deviceRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'GET',
    path: PATH,
    summary: 'Devices in the order they became known, or counts of them.',
    values: valuesSchema,
    item: elementsDeviceSchema,
    maxLimit: MAX_LIMIT,
    find: findDevices,
    count: {
      row: z.object({ count: z.int() }).catchall(z.string()),
      find: countDevices,
    },
  }),
  platformRoute({
    method: 'PATCH',
    path: PATH,
    summary: 'Change one thing about up to five devices.',
    permission: 'user',
    permissions: [WRITE_SCOPE],
    body: withoutNulls(elementsDeviceChangeSchema),
    answers: { 207: elementsMultiStatusSchema },
    handle: async (call, { body }, c) => {
      const named = CHANGES.filter((name) => body[name] !== undefined)
      if (named.length !== 1)
        throw invalid(
          'bad-change',
          `Exactly one of ${CHANGES.join(', ')} was expected; found ${named.join(', ') || 'none'}.`,
        )
      if (body.alias !== undefined && body.targets.length > 1)
        throw invalid('bad-change', `An alias is for one device; found ${body.targets.length} targets.`)
      const decision = toDecision(body)
      return await answerTargets(c, body.targets, async (target) => {
        await call.services.devices.decide(call.principal, target, decision)
        return { status: 200 }
      })
    },
  }),
  platformRoute({
    method: 'DELETE',
    path: PATH,
    summary: 'Take up to twenty devices out.',
    permission: 'user',
    permissions: [WRITE_SCOPE],
    query: z.object({ deviceId: textsParameter }),
    answers: { 207: elementsMultiStatusSchema },
    handle: async (call, _input, c) => {
      // Some clients send the ids in a body.
      const sent = c.req.header('content-length') && c.req.header('content-length') !== '0'
      const body = sent ? await readBody(c) : {}
      const { deviceId } = check(
        z.object({ deviceId: textsParameter }),
        { ...(body as object), ...readQuery(c) },
        'request',
      )
      if (!deviceId || deviceId.length === 0 || deviceId.length > MAX_DELETED)
        throw invalid(
          'bad-targets',
          `deviceId: 1 to ${MAX_DELETED} devices expected; found ${deviceId?.length ?? 0}.`,
        )
      return await answerTargets(c, deviceId, async (target) => {
        await call.services.devices.delete(call.principal, target)
        return { status: 200 }
      })
    },
  }),
]

async function findDevices(
  call: UserCall,
  values: Values,
  { limit, after }: WantedPage,
): Promise<{ items: readonly unknown[]; next: string | undefined }> {
  if (values.count || values.histogram)
    throw invalid(
      'count-without-accept',
      'count and histogram are for the header "Accept: application/vnd.withsecure.aggr+json".',
    )
  await call.services.deviceOperations.settle()
  const filter = await toFilter(call, values)
  const { items, next } = await call.services.devices.readPage(call.principal, filter, {
    limit,
    ...(after === undefined ? {} : { after: readNumberPlace(after)! }),
  })
  if (items.length === 0 && values.deviceId && after === undefined)
    throw notFound('device', values.deviceId.join(', ').slice(0, 200))
  const nameOrganization = await loadOrganizations(call)
  const askedIds = await findAskedIds(call, values.deviceId ?? [], items)
  return {
    items: items.map((device) => {
      const told = toElementsDevice(device, nameOrganization)
      return { ...told, id: askedIds.get(device.id) ?? told.id }
    }),
    next: next === undefined ? undefined : String(next),
  }
}

/** Row id -> the id that events name it by, of devices that were found by nothing else: whoever asked knows no other. */
async function findAskedIds(
  call: UserCall,
  asked: readonly string[],
  found: readonly Device[],
): Promise<ReadonlyMap<number, string>> {
  const own = new Set(found.flatMap((device) => [deviceIdOf(device), device.uid, toUuid(device.uid)]))
  const ids = new Map<number, string>()
  for (const id of asked) {
    if (own.has(id) || own.has(id.toLowerCase())) continue
    const { items } = await call.services.devices.readPage(call.principal, { ids: [id] }, { limit: 1 })
    const [device] = items
    const isOurs = device?.uid.startsWith(id.toLowerCase()) ?? false
    if (device && !isOurs && deviceIdOf(device) === toUuid(device.uid)) ids.set(device.id, id)
  }
  return ids
}

async function countDevices(call: UserCall, values: Values): Promise<readonly unknown[]> {
  const [by, ...more] = values.count ?? []
  if ((by === undefined) === !values.histogram || more.length > 0)
    throw invalid(
      'missing-count',
      `Either count (one of ${DEVICE_COUNT_KEYS.join(', ')}) or histogram=protectionStatus expected.`,
    )
  await call.services.deviceOperations.settle()
  const path = by ?? 'protectionStatus'
  const counts = await call.services.devices.countBy(call.principal, await toFilter(call, values), {
    platform: PLATFORM,
    path,
    ...(path === 'protectionStatus' ? { ifMissing: 'unknown' } : {}),
  })
  if (by !== undefined) return counts.map(({ value, count }) => ({ [by]: value, count }))
  const date = new Date().toISOString().slice(0, 10)
  return counts.map(({ value, count }) => ({ date, protectionStatus: value, count }))
}

async function toFilter(call: UserCall, values: Values): Promise<DeviceFilter> {
  // An id stands above everything else that is asked for.
  if (values.deviceId) return { ids: values.deviceId }
  const { organisationId, facts } = await readOrganization(call, values.organizationId, 'company.id')
  const { type, state, online, label, protectionStatusOverview, patchOverallState, name } = values
  const all: FactFilter[] = [...facts]
  if (type) all.push({ path: 'type', oneOf: type, ifMissing: DEVICE_DEFAULTS.type })
  if (state) all.push({ path: 'state', oneOf: state, ifMissing: DEVICE_DEFAULTS.state })
  if (online !== undefined && online !== null)
    all.push({ path: 'online', oneOf: [String(online)], ifMissing: DEVICE_DEFAULTS.online })
  if (label) all.push({ path: 'labels', oneOf: label, isList: true })
  if (protectionStatusOverview)
    all.push({
      path: 'protectionStatusOverview',
      oneOf: protectionStatusOverview,
      ifMissing: DEVICE_DEFAULTS.protectionStatusOverview,
    })
  if (patchOverallState) all.push({ path: 'patchOverallState', oneOf: patchOverallState })
  for (const [parameter, path] of Object.entries(TEXT_PATHS)) {
    const value = values[parameter as keyof typeof TEXT_PATHS]
    if (value !== undefined && value !== null) all.push({ path, oneOf: [value] })
  }
  return {
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(name === undefined || name === null ? {} : { name }),
    facts: { platform: PLATFORM, all },
  }
}

function toDecision(change: z.output<typeof elementsDeviceChangeSchema>): DeviceDecision {
  const { state, subscriptionKey, alias, importance, businessContext, labels } = change
  return {
    ...(state === undefined ? {} : { state }),
    ...(subscriptionKey === undefined ? {} : { subscription: { key: subscriptionKey } }),
    ...(alias === undefined ? {} : { alias }),
    ...(importance === undefined ? {} : { importance }),
    ...(businessContext === undefined ? {} : { businessContext }),
    ...(labels === undefined ? {} : { labels }),
  }
}
