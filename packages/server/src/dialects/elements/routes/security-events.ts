import {
  ENGINE_GROUPS,
  EVENT_COUNT_KEYS,
  EVENT_SEVERITIES,
  type EventCountKey,
  elementsSecurityEventSchema,
} from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { AlertFilter } from '../../../services/alerts/alert-service.ts'
import type { OwnFact } from '../../../services/alerts/own-facts.ts'
import { toUuid } from '../../../services/row-uid.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { ENGINES } from '../engines.ts'
import { listRoute, type WantedPage } from '../lists/list-route.ts'
import {
  booleanParameter,
  listParameter,
  orderParameter,
  textParameter,
  timeParameter,
  toMsRange,
} from '../lists/parameters.ts'
import { rangeOfEventSeverity } from '../shapes/levels.ts'
import { loadOrganizations, readOrganization } from '../shapes/organizations.ts'
import { toSecurityEvent } from '../shapes/security-event.ts'

const PATH = '/security-events/v1/security-events'
const MAX_LIMIT = 200
/** A list covers 30 days at most. */
const MAX_RANGE_US = 30 * 86_400_000_000
const ALL_ENGINES = Object.values(ENGINES).flat()

/** Where records of alerts have what is counted. */
const COUNT_PATHS: Readonly<Record<Exclude<EventCountKey, 'engine'>, string>> = {
  url: 'details.url',
  alertType: 'details.alertType',
  deviceId: 'device.id',
  infectionName: 'details.infectionName',
  categories: 'details.categories',
  appliedRule: 'details.appliedRule',
  filePath: 'details.filePath',
  description: 'description',
}

const valuesSchema = z.object({
  organizationId: textParameter,
  engine: listParameter(ALL_ENGINES),
  engineGroup: listParameter(ENGINE_GROUPS),
  severity: listParameter(EVENT_SEVERITIES),
  targetId: textParameter,
  acknowledged: booleanParameter,
  persistenceTimestampStart: timeParameter,
  persistenceTimestampEnd: timeParameter,
  exclusiveStart: booleanParameter,
  order: orderParameter,
  language: textParameter,
  count: listParameter(EVENT_COUNT_KEYS),
})
type Values = z.output<typeof valuesSchema>

/** What events of other platforms, and our own, are told to have there; the rest they have not. */
const OWN_FACTS: Readonly<Partial<Record<EventCountKey, OwnFact>>> = {
  alertType: 'source',
  deviceId: 'deviceUid',
  categories: 'tags',
  description: 'description',
}

const count = { row: z.object({ count: z.int() }).catchall(z.string()), find: countEvents }
const shared = { path: PATH, values: valuesSchema, item: elementsSecurityEventSchema, maxLimit: MAX_LIMIT }

/** Security events, which are our alerts. */
export const securityEventRoutes: readonly PlatformRoute[] = [
  listRoute({
    ...shared,
    method: 'POST',
    summary: 'Security events of a stretch of time by when they were stored, or counts of them.',
    find: findEvents,
    count,
  }),
  listRoute({
    ...shared,
    method: 'GET',
    summary: 'As POST; of the group epp where nothing else is asked for.',
    clampsLimit: true,
    find: (call, values, page) => findEvents(call, withDefaultGroup(values), page),
    count: { ...count, find: (call, values) => countEvents(call, withDefaultGroup(values)) },
  }),
]

function withDefaultGroup(values: Values): Values {
  return values.engine || values.engineGroup ? values : { ...values, engineGroup: ['epp'] }
}

async function findEvents(
  call: UserCall,
  values: Values,
  { limit, after }: WantedPage,
): Promise<{ items: readonly unknown[]; next: string | undefined }> {
  if (values.count)
    throw invalid(
      'count-without-accept',
      'count is for the header "Accept: application/vnd.withsecure.aggr+json".',
    )
  const { items, next } = await call.services.alerts.readPage(call.principal, await toFilter(call, values), {
    sort: 'created',
    order: values.order ?? 'desc',
    limit,
    ...(after === undefined ? {} : { after }),
  })
  const nameOrganization = await loadOrganizations(call)
  return { items: items.map((alert) => toSecurityEvent(alert, nameOrganization)), next }
}

async function countEvents(call: UserCall, values: Values): Promise<readonly unknown[]> {
  const [by, ...more] = values.count ?? []
  if (by === undefined || more.length > 0)
    throw invalid('missing-count', `count: one of ${EVENT_COUNT_KEYS.join(', ')} expected.`)
  const filter = await toFilter(call, values)
  const { alerts } = call.services
  const counts =
    by === 'engine'
      ? await alerts.countByEngine(call.principal, filter)
      : await alerts.countBy(
          call.principal,
          filter,
          COUNT_PATHS[by],
          OWN_FACTS[by] && { of: 'elements', fact: OWN_FACTS[by] },
        )
  return counts.map(({ value, count: found }) => ({ [by]: nameValue(by, value), count: found }))
}

/** Our own ids of devices are told as UUIDs. */
function nameValue(by: EventCountKey, value: string): string {
  return by === 'deviceId' && /^[0-9a-f]{32}$/.test(value) ? toUuid(value) : value
}

async function toFilter(
  call: UserCall,
  values: Values,
): Promise<AlertFilter & { readonly engines: readonly string[] }> {
  const { severity, targetId, acknowledged } = values
  const { organisationId, facts } = await readOrganization(call, values.organizationId, 'organization.id')
  const { fromMs, toMs } = readRange(values)
  return {
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(fromMs === undefined ? {} : { createdFromMs: fromMs }),
    ...(toMs === undefined ? {} : { createdToMs: toMs }),
    ...(severity ? { severities: severity.map(rangeOfEventSeverity) } : {}),
    ...(targetId === undefined || targetId === null ? {} : { targetUid: targetId }),
    ...(acknowledged === undefined || acknowledged === null
      ? {}
      : acknowledged
        ? { notStatuses: ['open'] }
        : { statuses: ['open'] }),
    engines: readEngines(values),
    facts,
    isOncePerItem: true,
  }
}

function readEngines({ engine, engineGroup }: Values): readonly string[] {
  if ((engine === undefined || engine === null) === (engineGroup === undefined || engineGroup === null))
    throw invalid('bad-engine', 'Either engine or engineGroup was expected; found both, or neither.')
  return engine ?? engineGroup!.flatMap((group) => ENGINES[group])
}

function readRange(values: Values): { readonly fromMs?: number; readonly toMs?: number } {
  const { persistenceTimestampStart: startUs, persistenceTimestampEnd, exclusiveStart } = values
  if (startUs === undefined || startUs === null)
    throw invalid('missing-start', 'persistenceTimestampStart is missing.')
  const endUs = persistenceTimestampEnd ?? Date.now() * 1000
  if (endUs - startUs > MAX_RANGE_US)
    throw invalid(
      'range-too-long',
      `The time from persistenceTimestampStart to persistenceTimestampEnd is at most 30 days; found ${Math.round((endUs - startUs) / 86_400_000_000)}.`,
    )
  return toMsRange({ startUs, endUs: persistenceTimestampEnd, isStartExclusive: exclusiveStart })
}
