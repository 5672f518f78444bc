import type { SekoiaAlert } from '@timeskein/model/sekoia'
import { isDomainError } from '../../errors/domain-error.ts'
import type { UserCall } from '../../http/app-types.ts'
import { getAlertBySekoiaId } from '../../services/alert-words/sekoia-ids.ts'
import type { Alert, AlertFilter } from '../../services/alerts/alert-service.ts'
import type { FindingPageOptions } from '../../services/findings/finding.ts'
import { type ListRequest, type ListRules, readListRequest } from './request/list-request.ts'
import { compareMembers, type FieldReaders, isWanted } from './request/narrow-list.ts'
import { findStatuses, findUrgencies } from './shapes/alert-status.ts'
import { showAlerts } from './show-alerts.ts'

/** What alerts can be narrowed by. */
export const ALERT_RULES: ListRules = {
  match: [
    'community_uuid',
    'entity_name',
    'entity_uuid',
    'status_uuid',
    'status_name',
    'type_category',
    'type_value',
    'source',
    'target',
    'node',
    'stix_object',
    'rule_uuid',
    'rule_name',
    'detection_type',
    'uuid',
    'short_id',
    'title',
    'asset_uuid',
    'urgency_display',
    'case_short_id',
    'assignee',
    'custom_status_uuid',
    'verdict_uuid',
  ],
  date: ['created_at', 'updated_at'],
  range: ['urgency', 'similar'],
  sort: ['created_at', 'updated_at', 'last_seen_at', 'first_seen_at', 'urgency', 'similar', 'title'],
  defaultLimit: 20,
  maxLimit: 100,
}

const READERS: FieldReaders<SekoiaAlert> = {
  community_uuid: (alert) => alert.community_uuid,
  entity_name: (alert) => alert.entity?.name,
  entity_uuid: (alert) => alert.entity?.uuid,
  status_uuid: (alert) => alert.status.uuid,
  status_name: (alert) => alert.status.name,
  type_category: (alert) => alert.alert_type.category,
  type_value: (alert) => alert.alert_type.value,
  source: (alert) => alert.source,
  target: (alert) => alert.target,
  // Nothing here has nodes: whoever asks for one finds none.
  node: () => undefined,
  stix_object: (alert) => listStixIds(alert.stix),
  rule_uuid: (alert) => alert.rule?.uuid,
  rule_name: (alert) => alert.rule?.name,
  detection_type: (alert) => alert.detection_type,
  uuid: (alert) => alert.uuid,
  short_id: (alert) => alert.short_id,
  title: (alert) => alert.title,
  asset_uuid: (alert) => alert.assets,
  urgency_display: (alert) => alert.urgency.display,
  case_short_id: (alert) => alert.cases.map(({ short_id }) => short_id),
  assignee: (alert) => alert.assignee,
  custom_status_uuid: (alert) => alert.custom_status_uuid,
  verdict_uuid: (alert) => alert.verdict_uuid,
  created_at: (alert) => alert.created_at,
  updated_at: (alert) => alert.updated_at,
  first_seen_at: (alert) => alert.first_seen_at,
  last_seen_at: (alert) => alert.last_seen_at,
  urgency: (alert) => alert.urgency.value,
  similar: (alert) => alert.similar,
}

/** What the database answers; the rest is asked of each alert. */
const ASKED_FIELDS: ReadonlySet<string> = new Set([
  'match status_uuid',
  'match status_name',
  'match urgency_display',
  'match rule_uuid',
  'nomatch status_uuid',
  'nomatch rule_uuid',
  'date created_at',
  'date updated_at',
  'range urgency',
])
const SORTS: Readonly<Record<string, NonNullable<FindingPageOptions['sort']>>> = {
  created_at: 'created',
  updated_at: 'updated',
  last_seen_at: 'last',
}
const PAGE = 500

/**
 * The page of alerts that somebody wants. What the database can be asked for costs a page, and what is named a look at each; other
 * conditions cost a look at every alert that answers the rest.
 */
export async function listAlerts(
  call: UserCall,
  query: Readonly<Record<string, unknown>>,
): Promise<{ items: readonly SekoiaAlert[]; total: number; has_more: boolean }> {
  const { services, principal } = call
  const request = await withSimilar(call, query, readListRequest(query, ALERT_RULES, Date.now()))
  const filter = toFilter(request)
  const order = { sort: SORTS[request.sort ?? ''] ?? 'created', order: request.direction } as const
  const inCase = readFlag(query['is_assigned_to_case'])
  const { offset, limit } = request
  if (filter === 'none') return { items: [], total: 0, has_more: false }
  const isAskedWhole =
    inCase === undefined &&
    listConditions(request).every((name) => ASKED_FIELDS.has(name)) &&
    (request.sort === undefined || SORTS[request.sort] !== undefined)
  if (isAskedWhole) {
    const page = await services.alerts.list(principal, filter, { ...order, limit, offset })
    return {
      items: await showAlerts(call, page.items),
      total: page.total,
      has_more: offset + page.items.length < page.total,
    }
  }
  const isKept = (alert: SekoiaAlert): boolean =>
    isWanted(alert, request, READERS) && (inCase === undefined || inCase === alert.cases.length > 0)
  const ids = request.match.get('uuid') ?? request.match.get('short_id')
  const wanted: SekoiaAlert[] = []
  if (ids) wanted.push(...(await showAlerts(call, await findNamed(call, ids))).filter(isKept))
  else
    for (let after: string | undefined; ; ) {
      const page = await services.alerts.readPage(principal, filter, {
        ...order,
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      })
      wanted.push(...(await showAlerts(call, page.items)).filter(isKept))
      if (page.next === undefined) break
      after = page.next
    }
  const sort = request.sort ?? 'created_at'
  const read = READERS[sort]
  if (read && (ids || SORTS[sort] === undefined)) {
    const sign = request.direction === 'desc' ? -1 : 1
    wanted.sort((a, b) => compareMembers(read(a), read(b)) * sign)
  }
  const items = wanted.slice(offset, offset + limit)
  return { items, total: wanted.length, has_more: offset + items.length < wanted.length }
}

/** Alerts of some UUIDs or short ids, each once; ids of which there is none are passed over. */
async function findNamed(
  { services, principal }: UserCall,
  ids: readonly string[],
): Promise<readonly Alert[]> {
  const found = new Map<number, Alert>()
  for (const id of ids)
    try {
      const alert = await getAlertBySekoiaId(services.alerts, principal, id)
      found.set(alert.id, alert)
    } catch (error) {
      if (!isDomainError(error)) throw error
    }
  return [...found.values()]
}

/** Alerts like one: of its rule. */
async function withSimilar(
  { services, principal }: UserCall,
  query: Readonly<Record<string, unknown>>,
  request: ListRequest,
): Promise<ListRequest> {
  const id = query['similar_to']
  if (typeof id !== 'string' || id === '') return request
  const alert: Alert = await getAlertBySekoiaId(services.alerts, principal, id)
  const like =
    alert.ruleUuid === undefined
      ? (['title', alert.title] as const)
      : (['rule_uuid', alert.ruleUuid] as const)
  return { ...request, match: new Map([...request.match, [like[0], [like[1]]]]) }
}

/** `none` where nothing can answer. */
function toFilter({ match, nomatch, date, range }: ListRequest): AlertFilter | 'none' {
  const statusValues = [match.get('status_uuid'), match.get('status_name')].filter((one) => one !== undefined)
  let statuses = statusValues.length === 0 ? undefined : findStatuses(statusValues[0]!)
  if (statusValues[1]) statuses = statuses?.filter((one) => findStatuses(statusValues[1]!).includes(one))
  const urgencies = match.get('urgency_display')
  const severities = urgencies && findUrgencies(urgencies)
  if (statuses?.length === 0 || severities?.length === 0) return 'none'
  const notStatuses = nomatch.get('status_uuid')
  const rules = match.get('rule_uuid')?.map((uuid) => uuid.toLowerCase())
  const otherRules = nomatch.get('rule_uuid')?.map((uuid) => uuid.toLowerCase())
  const [min, max] = range.get('urgency') ?? []
  const created = date.get('created_at')
  const updated = date.get('updated_at')
  return {
    isOncePerItem: true,
    ...(statuses ? { statuses } : {}),
    ...(severities ? { severities } : {}),
    ...(notStatuses ? { notStatuses: findStatuses(notStatuses) } : {}),
    ...(rules ? { ruleUuids: rules } : {}),
    ...(otherRules ? { otherThanRuleUuids: otherRules } : {}),
    ...(min === undefined ? {} : { minSeverity: min }),
    ...(max === undefined ? {} : { maxSeverity: max }),
    ...toTimes('created', created),
    ...toTimes('updated', updated),
  }
}

/** The API tells whole seconds: what happened within the last one belongs to it. */
function toTimes(
  what: 'created' | 'updated',
  dates: readonly [from: bigint | undefined, to: bigint | undefined] | undefined,
): AlertFilter {
  const [from, to] = dates ?? []
  return {
    ...(from === undefined ? {} : { [`${what}FromMs`]: Math.ceil(Number(from) / 1e6) * 1000 }),
    ...(to === undefined ? {} : { [`${what}ToMs`]: Math.floor(Number(to) / 1e6) * 1000 + 999 }),
  }
}

function listConditions({ match, nomatch, date, range }: ListRequest): readonly string[] {
  return Object.entries({ match, nomatch, date, range }).flatMap(([kind, fields]) =>
    [...fields.keys()].map((field) => `${kind} ${field}`),
  )
}

/** Ids of a bundle and of the objects in it. */
function listStixIds({ id, objects }: SekoiaAlert['stix']): readonly unknown[] {
  const inner = Array.isArray(objects) ? objects.map((one: { id?: unknown } | null) => one?.id) : []
  return [id, ...inner]
}

function readFlag(value: unknown): boolean | undefined {
  if (value === undefined || value === '') return undefined
  return /^(true|1)$/i.test(String(value))
}
