import { SEKOIA_ALERT_STATUSES, type SekoiaAlert, sekoiaAlertSchema } from '@timeskein/model/sekoia'
import type { AlertContext } from '../../../services/alert-context/alert-context-service.ts'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { FindingChange, FindingComment } from '../../../services/findings/finding.ts'
import { toUuid } from '../../../services/row-uid.ts'
import type { CatalogueRule } from '../../../services/rule-catalogue/rule-catalogue-service.ts'
import { writeMoment } from '../../../services/search-jobs/flatten-event.ts'
import { makeShortId } from '../../../services/short-id.ts'
import { STATUS_NAMES } from '../../../services/sol/alert-status-names.ts'
import { nameDetection } from '../../../services/sol/sol-rows.ts'
import { writeRowId } from '../request/wire-ids.ts'
import { nameUrgency, STATUS_DESCRIPTIONS } from './alert-status.ts'
import { findAlertType, makeNameUuid, USUAL_ALERT_TYPE } from './alert-types.ts'
import { tellAuthor, toSeconds } from './authorship.ts'
import { toSekoiaRule } from './to-rule.ts'

/** What an alert is shown with. */
export interface AlertSetting {
  readonly community: string
  /** Names of sketches. */
  readonly entities: ReadonlyMap<number, string>
  readonly rule: CatalogueRule | undefined
  readonly context: AlertContext
}

/** An alert in the API's words. */
export function toSekoiaAlert(
  alert: Alert,
  { community, entities, rule, context }: AlertSetting,
): SekoiaAlert {
  const shown = rule && toSekoiaRule(rule, community)
  const type = findAlertType(shown?.alert_type_uuid ?? USUAL_ALERT_TYPE)
  const { facts } = context
  const status = STATUS_NAMES[alert.status]
  const creator = tellAuthor(undefined)
  const closer = alert.closedBy ? tellAuthor(alert.closedBy.id) : creator
  const entity = alert.sketchId === undefined ? undefined : entities.get(alert.sketchId)
  const duration = (endMs: number | undefined): number | null =>
    endMs === undefined ? null : Math.max(0, toSeconds(endMs - alert.createdAtMs))
  return {
    uuid: toUuid(alert.uid),
    short_id: makeShortId('AL', alert.uid),
    title: alert.title,
    created_at: toSeconds(alert.createdAtMs),
    created_by: creator.by,
    created_by_type: creator.type,
    updated_at: toSeconds(alert.updatedAtMs),
    updated_by: closer.by,
    updated_by_type: closer.type,
    community_uuid: community,
    entity:
      alert.sketchId === undefined
        ? null
        : { uuid: writeRowId('sketch', alert.sketchId), name: entity ?? String(alert.sketchId) },
    urgency: {
      current_value: alert.severity,
      value: alert.severity,
      severity: alert.severity,
      criticity: 0,
      display: nameUrgency(alert.severity),
    },
    alert_type: { category: facts.category ?? type.category, value: facts.type ?? type.value },
    status: {
      uuid: SEKOIA_ALERT_STATUSES[status],
      name: status,
      description: STATUS_DESCRIPTIONS[status],
    },
    rule: shown
      ? {
          uuid: shown.uuid,
          name: shown.name,
          description: shown.description,
          severity: shown.severity,
          type: shown.type,
          pattern: shown.payload,
        }
      : null,
    detection_type: nameDetection(alert, rule?.rule),
    source: alert.group['source.ip'] ?? null,
    target: alert.host ?? null,
    similar: alert.count,
    details: facts.details ?? alert.description,
    assignee: alert.assignee ? writeRowId('user', alert.assignee.id) : null,
    verdict_uuid: alert.resolution === undefined ? null : makeNameUuid(`verdict ${alert.resolution}`),
    custom_status_uuid: null,
    ttps: alert.tags.map((name) => ({ name })),
    adversaries: [],
    stix: {},
    kill_chain_short_id: facts.killChain ?? null,
    number_of_unseen_comments: 0,
    number_of_total_comments: context.commentCount,
    first_seen_at: writeMoment(alert.firstUs),
    last_seen_at: writeMoment(alert.lastUs),
    assets: alert.deviceUid === undefined ? [] : [toUuid(alert.deviceUid)],
    event_uuids: alert.evidence.map(({ id }) => id),
    is_incident: context.cases.length > 0,
    time_to_detect: Math.max(0, toSeconds(alert.createdAtMs) - Number(alert.firstUs / 1_000_000n)),
    time_to_acknowledge: null,
    time_to_respond: null,
    time_to_resolve: duration(alert.closedAtMs),
    intake_uuids: [],
    cases: context.cases.map(({ uid, title }) => ({
      uuid: toUuid(uid),
      short_id: makeShortId('CA', uid),
      title,
    })),
    similarity_strategy: null,
    ...readTold(alert, facts),
  }
}

/** What an alert that was pulled from the platform itself is told with: members of which nothing here says otherwise. */
const TOLD_MEMBERS = [
  'alert_type',
  'rule',
  'detection_type',
  'source',
  'target',
  'details',
  'ttps',
  'adversaries',
  'stix',
  'kill_chain_short_id',
  'similarity_strategy',
  'intake_uuids',
] as const

function readTold({ source, details }: Alert, facts: AlertContext['facts']): Partial<SekoiaAlert> {
  if (source !== 'sekoia') return {}
  const decided: Partial<Record<string, unknown>> = {
    alert_type: facts.type,
    details: facts.details,
    kill_chain_short_id: facts.killChain,
  }
  return Object.fromEntries(
    TOLD_MEMBERS.flatMap((name) => {
      if (details[name] === undefined || decided[name] !== undefined) return []
      const { success, data } = sekoiaAlertSchema.shape[name].safeParse(details[name])
      return success ? [[name, data]] : []
    }),
  )
}

/** A remark on an alert. @param author - Account of its writer; undefined where it is gone. */
export function toSekoiaComment(
  { uid, text, atMs, username }: FindingComment,
  author: number | undefined,
): NonNullable<SekoiaAlert['comments']>[number] {
  const { by, type } = tellAuthor(author)
  return {
    uuid: uid,
    content: text,
    author: username,
    date: toSeconds(atMs),
    created_by: by,
    created_by_type: type,
    unseen: false,
  }
}

/** What happened to an alert: the latest first. */
export function toSekoiaHistory(
  alert: Alert,
  changes: readonly FindingChange[],
  authors: ReadonlyMap<string, number>,
): NonNullable<SekoiaAlert['history']> {
  return changes.toReversed().map((change) => {
    const { by, type } = tellAuthor(authors.get(change.username))
    return {
      uuid: makeNameUuid(`history ${alert.uid} ${change.id}`),
      created_at: toSeconds(change.atMs),
      created_by: by,
      created_by_type: type,
      entry_type: ENTRY_TYPES[change.action] ?? 'alert',
      alert: describeChange(change),
      history_comments: [],
    }
  })
}

const ENTRY_TYPES: Readonly<Record<string, string>> = { severity: 'urgency', comment: 'comment' }

function describeChange({ action, details }: FindingChange): Record<string, unknown> {
  const { from, to } = details
  const name = (status: unknown): unknown =>
    typeof status === 'string' ? (STATUS_NAMES[status as Alert['status']] ?? status) : status
  if (action === 'status') return { status: name(to), previous_status: name(from) }
  return { [action]: to ?? null, [`previous_${action}`]: from ?? null }
}
