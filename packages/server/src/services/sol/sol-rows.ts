import type { SolRow } from '@timeskein/analyze/sol'
import type { Principal } from '../../auth/principal.ts'
import { NO_CONTEXT } from '../alert-context/alert-context-service.ts'
import { CASE_STATUS_NAMES } from '../alert-words/case-status-names.ts'
import { describeAlert } from '../alert-words/describe-alert.ts'
import { makeRowUid, toUuid } from '../row-uid.ts'
import { writeMoment } from '../search-jobs/flatten-event.ts'
import { makeShortId } from '../short-id.ts'
import type { SolTableServices } from './sol-tables.ts'

const PAGE = 1000

type Rows = AsyncGenerator<readonly SolRow[]>

/** `alerts` (Sekoia's page "SOL technical reference: Data sources"). */
export async function* readAlertRows(services: SolTableServices, principal: Principal): Rows {
  const { alerts, alertContext, ruleCatalogue, intakes, organisations, cases } = services
  const rules = new Map((await ruleCatalogue.list(principal)).map((one) => [one.rule.uuid, one]))
  const entities = new Map((await intakes.listEntities(principal)).map((one) => [one.sketchId, one.name]))
  const communities = new Map((await organisations.list(principal)).map(({ id, uid }) => [id, uid]))
  const caseUids = new Map<number, string[]>()
  for (const one of await cases.list(principal))
    for (const { id } of one.alerts) caseUids.set(id, [...(caseUids.get(id) ?? []), toUuid(one.uid)])
  for (let after: string | undefined; ; ) {
    const page = await alerts.readPage(
      principal,
      { isOncePerItem: true },
      { limit: PAGE, ...(after === undefined ? {} : { after }) },
    )
    const contexts = await alertContext.describe(principal, page.items)
    yield page.items.map((alert) => {
      const rule = alert.ruleUuid === undefined ? undefined : rules.get(alert.ruleUuid)
      const words = describeAlert(alert, { rule, context: contexts.get(alert.id) ?? NO_CONTEXT })
      return {
        uuid: words.uuid,
        short_id: words.short_id,
        title: alert.title,
        community_uuid: communities.get(alert.organisationId) ?? null,
        entity_uuid: alert.sketchId === undefined ? null : toUuid(makeRowUid('sketch', alert.sketchId)),
        entity_name: alert.sketchId === undefined ? null : (entities.get(alert.sketchId) ?? null),
        rule_name: words.rule?.name ?? null,
        rule_pattern: words.rule?.pattern ?? null,
        rule_instance_uuid: words.rule?.uuid ?? alert.ruleUuid ?? null,
        detection_type: words.detection_type,
        alert_type_category: words.alert_type.category,
        alert_type_value: words.alert_type.value,
        status: words.status,
        urgency: alert.severity,
        created_at: writeMs(alert.createdAtMs),
        updated_at: writeMs(alert.updatedAtMs),
        update_at: writeMs(alert.updatedAtMs),
        first_seen_at: writeMoment(alert.firstUs),
        last_seen_at: writeMoment(alert.lastUs),
        time_to_detect: words.time_to_detect,
        time_to_acknowledge: words.time_to_acknowledge,
        time_to_respond: words.time_to_respond,
        time_to_resolve: words.time_to_resolve,
        time_to_ingest: null,
        occurrences: alert.count,
        cases: caseUids.get(alert.id) ?? [],
        assets:
          alert.deviceUid === undefined ? [] : [{ uuid: toUuid(alert.deviceUid), name: alert.host ?? null }],
        threats: alert.tags.map((name) => ({ name })),
      }
    })
    if (page.next === undefined) return
    after = page.next
  }
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
    status: CASE_STATUS_NAMES[one.status],
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
        created_at: writeMs(entity.createdAtMs),
        updated_at: writeMs(entity.updatedAtMs),
      }))
    case 'communities':
      return all.map((organisation) => ({
        uuid: organisation.uid,
        name: organisation.name,
        description: '',
        homepage_url: '',
        created_at: writeMs(organisation.createdAtMs),
        updated_at: null,
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
