import type { SolRow } from '@timeskein/analyze/sol'
import type { Principal } from '../../auth/principal.ts'
import type { Alert } from '../alerts/alert-service.ts'
import { makeRowUid, toUuid } from '../row-uid.ts'
import type { Rule } from '../rules/rule-service.ts'
import { writeMoment } from '../search-jobs/flatten-event.ts'
import { makeShortId } from '../short-id.ts'
import { STATUS_NAMES } from './alert-status-names.ts'
import type { SolTableServices } from './sol-tables.ts'

const PAGE = 1000
const US_PER_SECOND = 1_000_000n

type Rows = AsyncGenerator<readonly SolRow[]>

/** `alerts` (Sekoia's page "SOL technical reference: Data sources"). */
export async function* readAlertRows(
  { alerts, rules, intakes, organisations, cases }: SolTableServices,
  principal: Principal,
): Rows {
  const byUuid = new Map((await rules.listWithTexts(principal)).map((rule) => [rule.uuid, rule]))
  const entities = new Map((await intakes.listEntities(principal)).map((one) => [one.sketchId, one.name]))
  const communities = new Map((await organisations.list(principal)).map(({ id, uid }) => [id, uid]))
  const caseUids = new Map<number, string[]>()
  for (const one of await cases.list(principal))
    for (const { id } of one.alerts) caseUids.set(id, [...(caseUids.get(id) ?? []), toUuid(one.uid)])
  for (let after: string | undefined; ; ) {
    const page = await alerts.list(principal, {}, { limit: PAGE, ...(after === undefined ? {} : { after }) })
    yield page.items.map((alert) => {
      const rule = alert.ruleUuid === undefined ? undefined : byUuid.get(alert.ruleUuid)
      return {
        uuid: toUuid(alert.uid),
        short_id: makeShortId('AL', alert.uid),
        title: alert.title,
        community_uuid: communities.get(alert.organisationId) ?? null,
        entity_uuid: alert.sketchId === undefined ? null : toUuid(makeRowUid('sketch', alert.sketchId)),
        entity_name: alert.sketchId === undefined ? null : (entities.get(alert.sketchId) ?? null),
        rule_name: rule?.title ?? alert.title,
        rule_pattern: rule?.text ?? null,
        rule_instance_uuid: alert.ruleUuid ?? null,
        detection_type: nameDetection(alert, rule),
        alert_type_category: 'unknown',
        alert_type_value: 'unknown',
        status: STATUS_NAMES[alert.status],
        urgency: alert.severity,
        created_at: writeMs(alert.createdAtMs),
        updated_at: writeMs(alert.updatedAtMs),
        update_at: writeMs(alert.updatedAtMs),
        first_seen_at: writeMoment(alert.firstUs),
        last_seen_at: writeMoment(alert.lastUs),
        time_to_detect: Math.max(
          0,
          Math.round(alert.createdAtMs / 1000) - Number(alert.firstUs / US_PER_SECOND),
        ),
        time_to_acknowledge: null,
        time_to_respond: null,
        time_to_resolve:
          alert.closedAtMs === undefined ? null : Math.round((alert.closedAtMs - alert.createdAtMs) / 1000),
        time_to_ingest: null,
        occurrences: alert.count,
        cases: caseUids.get(alert.id) ?? [],
        assets: alert.deviceId === undefined ? [] : [{ id: alert.deviceId, name: alert.host ?? null }],
        threats: alert.tags.map((name) => ({ name })),
      }
    })
    if (page.next === undefined) return
    after = page.next
  }
}

/** How an alert was found, as Sekoia.io calls it. */
export function nameDetection({ source }: Pick<Alert, 'source'>, rule?: Pick<Rule, 'kind'>): string {
  if (rule?.kind === 'correlation') return 'Sigma Correlation'
  return source === 'detection' || rule ? 'Sigma' : 'CTI'
}

/** `cases`. */
export async function* readCaseRows({ cases, organisations }: SolTableServices, principal: Principal): Rows {
  const community = (await organisations.getDefault(principal)).uid
  yield (await cases.list(principal)).map((one) => ({
    uuid: toUuid(one.uid),
    short_id: makeShortId('CA', one.uid),
    community_uuid: community,
    title: one.title,
    description: one.description,
    status: one.status,
    priority: one.priority,
    tags: one.tags,
    created_at: writeMs(one.createdAtMs),
    created_by: toUuid(makeRowUid('user', one.createdById)),
    created_by_type: 'user',
    updated_at: writeMs(one.updatedAtMs),
    updated_by: toUuid(makeRowUid('user', one.updatedById)),
    updated_by_type: 'user',
    first_seen_at: boundOf(one.alerts, ({ firstUs }) => firstUs, -1),
    last_seen_at: boundOf(one.alerts, ({ lastUs }) => lastUs, 1),
  }))
}

/** Time of the first (`side` -1) or last (1) of some alerts; null of none. */
export function boundOf<Of>(
  alerts: readonly Of[],
  timeOf: (alert: Of) => bigint,
  side: 1 | -1,
): string | null {
  let bound: bigint | undefined
  for (const alert of alerts) {
    const us = timeOf(alert)
    if (bound === undefined || (side === 1 ? us > bound : us < bound)) bound = us
  }
  return bound === undefined ? null : writeMoment(bound)
}

/** `assets`: the devices. */
export async function* readAssetRows(
  { devices, organisations }: SolTableServices,
  principal: Principal,
): Rows {
  const communities = new Map((await organisations.list(principal)).map(({ id, uid }) => [id, uid]))
  for (let after: number | undefined; ; ) {
    const { items, next } = await devices.readPage(
      principal,
      {},
      { limit: PAGE, ...(after === undefined ? {} : { after }) },
    )
    yield items.map((device) => ({
      uuid: toUuid(device.uid),
      id: device.id,
      community_uuid: communities.get(device.organisationId) ?? null,
      name: device.name,
      type: 'host',
      category: null,
      criticality: 0,
      created_at: writeMs(device.createdAtMs),
      updated_at: writeMs(device.updatedAtMs),
      revoked: false,
      reviewed: false,
      atoms: {},
      tags: [],
    }))
    if (next === undefined) return
    after = next
  }
}

/** `rule_definitions` and `rule_instances`: the rules of the library. */
export async function readRuleRows(
  { rules }: SolTableServices,
  principal: Principal,
): Promise<readonly SolRow[]> {
  return (await rules.listWithTexts(principal)).map((rule) => ({
    uuid: rule.uuid,
    name: rule.title,
    description: rule.description,
    type: rule.kind === 'correlation' ? 'correlation' : 'sigma',
    pattern: rule.text,
    level: rule.level ?? null,
    tags: rule.tags,
    enabled: rule.isEnabled,
    created_at: writeMs(rule.createdAtMs),
    updated_at: writeMs(rule.updatedAtMs),
  }))
}

/** `intakes`, `intake_formats`, `entities` and `communities`; no rows for other tables. */
export async function readIntakeRows(
  { intakes, organisations }: SolTableServices,
  principal: Principal,
  table: string,
): Promise<readonly SolRow[]> {
  const all = await organisations.list(principal)
  const { uid: community } = await organisations.getDefault(principal)
  switch (table) {
    case 'intakes':
      return (await intakes.list(principal)).map((intake) => ({
        uuid: intake.uid,
        name: intake.name,
        community_uuid: community,
        entity_uuid: toUuid(makeRowUid('sketch', intake.sketchId)),
        format_uuid: intake.formatUid,
        intake_key: intake.key,
        is_custom_format: false,
        connector_configuration_uuid: null,
        created_at: writeMs(intake.createdAtMs),
        created_by: toUuid(makeRowUid('user', intake.userId)),
        created_by_type: 'user',
        updated_at: writeMs(intake.updatedAtMs),
      }))
    case 'intake_formats':
      return (await intakes.listFormats(principal)).map((format) => ({
        uuid: format.uid,
        community_uuid: format.isBuiltIn ? null : community,
        name: format.name,
        slug: format.slug,
        description: format.description,
        automation_connector_uuid: null,
        created_at: writeMs(format.createdAtMs),
        updated_at: writeMs(format.updatedAtMs),
      }))
    case 'entities':
      return (await intakes.listEntities(principal)).map((entity) => ({
        uuid: toUuid(makeRowUid('sketch', entity.sketchId)),
        name: entity.name,
        alerts_generation: entity.generationMode,
        description: entity.description,
        entity_id: entity.entityId,
        community_uuid: community,
      }))
    case 'communities':
      return all.map((organisation) => ({
        uuid: organisation.uid,
        name: organisation.name,
        description: '',
        created_at: writeMs(organisation.createdAtMs),
        is_parent: false,
        parent_uuid: null,
        subcommunities: [],
        disabled: false,
      }))
    default:
      return []
  }
}

function writeMs(ms: number): string {
  return new Date(ms).toISOString()
}
