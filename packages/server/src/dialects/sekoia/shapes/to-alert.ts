import { SEKOIA_ALERT_STATUSES, type SekoiaAlert } from '@timeskein/model/sekoia'
import type { AlertContext } from '../../../services/alert-context/alert-context-service.ts'
import { STATUS_NAMES } from '../../../services/alert-words/alert-status-names.ts'
import { makeNameUuid } from '../../../services/alert-words/alert-types.ts'
import { describeAlert, readTold } from '../../../services/alert-words/describe-alert.ts'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { FindingChange, FindingComment } from '../../../services/findings/finding.ts'
import { toUuid } from '../../../services/row-uid.ts'
import type { CatalogueRule } from '../../../services/rule-catalogue/rule-catalogue-service.ts'
import { writeMoment } from '../../../services/search-jobs/flatten-event.ts'
import { makeShortId } from '../../../services/short-id.ts'
import { writeRowId } from '../request/wire-ids.ts'
import { nameUrgency, STATUS_DESCRIPTIONS } from './alert-status.ts'
import { tellAuthor, toSeconds } from './authorship.ts'

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
  const { status, ...words } = describeAlert(alert, { rule, context })
  const { facts, turns } = context
  const creator = tellAuthor(undefined)
  const changer = tellAuthor(turns.changedById)
  const entity = alert.sketchId === undefined ? undefined : entities.get(alert.sketchId)
  return {
    ...words,
    title: alert.title,
    created_at: toSeconds(alert.createdAtMs),
    created_by: creator.by,
    created_by_type: creator.type,
    updated_at: toSeconds(alert.updatedAtMs),
    updated_by: changer.by,
    updated_by_type: changer.type,
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
    status: {
      uuid: SEKOIA_ALERT_STATUSES[status],
      name: status,
      description: STATUS_DESCRIPTIONS[status],
    },
    source: readTold(alert, 'source') ?? alert.group['source.ip'] ?? null,
    target: readTold(alert, 'target') ?? alert.host ?? null,
    similar: alert.count,
    details: facts.details ?? readTold(alert, 'details') ?? alert.description,
    assignee: alert.assignee ? writeRowId('user', alert.assignee.id) : null,
    verdict_uuid: alert.resolution === undefined ? null : makeNameUuid(`verdict ${alert.resolution}`),
    custom_status_uuid: readTold(alert, 'custom_status_uuid') ?? null,
    ttps: readTold(alert, 'ttps') ?? alert.tags.map((name) => ({ name })),
    adversaries: readTold(alert, 'adversaries') ?? [],
    stix: readTold(alert, 'stix') ?? {},
    kill_chain_short_id: facts.killChain ?? readTold(alert, 'kill_chain_short_id') ?? null,
    number_of_unseen_comments: 0,
    number_of_total_comments: context.commentCount,
    first_seen_at: writeMoment(alert.firstUs),
    last_seen_at: writeMoment(alert.lastUs),
    assets: alert.deviceUid === undefined ? [] : [toUuid(alert.deviceUid)],
    event_uuids: alert.evidence.map(({ id }) => id),
    is_incident: context.cases.length > 0,
    intake_uuids: readTold(alert, 'intake_uuids') ?? [],
    cases: context.cases.map(({ uid, title }) => ({
      uuid: toUuid(uid),
      short_id: makeShortId('CA', uid),
      title,
    })),
    similarity_strategy: readTold(alert, 'similarity_strategy') ?? null,
  }
}

/** A remark on an alert. @param author - Account of its writer; undefined where it is gone. @param signature - The name that it was signed with. */
export function toSekoiaComment(
  { uid, text, atMs, username }: FindingComment,
  author: number | undefined,
  signature?: string,
): NonNullable<SekoiaAlert['comments']>[number] {
  const { by, type } = tellAuthor(author)
  return {
    uuid: uid,
    content: text,
    author: signature || username,
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
  if (action === 'comment') return { comment_uuid: details['uid'] ?? null }
  return { [action]: to ?? null, [`previous_${action}`]: from ?? null }
}
