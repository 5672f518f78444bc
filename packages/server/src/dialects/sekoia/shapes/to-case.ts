import type { SekoiaCase, SekoiaCaseComment } from '@timeskein/model/sekoia'
import { makeNameUuid } from '../../../services/alert-words/alert-types.ts'
import { CASE_STATUS_NAMES } from '../../../services/alert-words/case-status-names.ts'
import { tellSekoiaIds } from '../../../services/alert-words/sekoia-ids.ts'
import type { Case, CaseComment, CaseStatus } from '../../../services/cases/case-service.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { makeShortId } from '../../../services/short-id.ts'
import { boundOf } from '../../../services/sol/sol-rows.ts'
import { tellAuthor } from './authorship.ts'

/** What a draft of the API has beyond what a case is. */
export type KeptCaseMembers = Partial<
  Pick<SekoiaCase, 'subscribers' | 'verdict_uuid' | 'custom_status_uuid' | 'custom_priority_uuid'>
>

/** The status that an id names; undefined for others. */
export function findCaseStatus(uuid: string): CaseStatus | undefined {
  return (Object.keys(CASE_STATUS_NAMES) as CaseStatus[]).find(
    (status) => statusUuid(status) === uuid.toLowerCase(),
  )
}

/** A case in the API's words. */
export function toSekoiaCase(one: Case, community: string): SekoiaCase {
  const kept = one.details as KeptCaseMembers
  const creator = tellAuthor(one.createdById)
  const changer = tellAuthor(one.updatedById)
  return {
    uuid: toUuid(one.uid),
    short_id: makeShortId('CA', one.uid),
    created_at: writeCaseTime(one.createdAtMs),
    created_by: creator.by,
    created_by_type: creator.type,
    updated_at: writeCaseTime(one.updatedAtMs),
    updated_by: changer.by,
    updated_by_type: changer.type,
    title: one.title,
    description: one.description,
    priority: one.priority,
    status: CASE_STATUS_NAMES[one.status],
    status_uuid: statusUuid(one.status),
    community_uuid: community,
    subscribers: kept.subscribers ?? [],
    tags: [...one.tags],
    number_of_comments: one.commentCount,
    number_of_alerts: one.alerts.length,
    first_seen_at: boundOf(one.alerts, ({ firstUs }) => firstUs, -1),
    last_seen_at: boundOf(one.alerts, ({ lastUs }) => lastUs, 1),
    manual: true,
    is_supplied: null,
    verdict_uuid: kept.verdict_uuid ?? null,
    verdict: null,
    custom_status_uuid: kept.custom_status_uuid ?? null,
    custom_status: null,
    custom_priority_uuid: kept.custom_priority_uuid ?? null,
    custom_priority: null,
    alerts: one.alerts.map((alert) => {
      const { uuid, shortId } = tellSekoiaIds(alert)
      return { uuid, short_id: shortId, title: alert.title }
    }),
  }
}

/** A remark on a case. */
export function toSekoiaCaseComment(comment: CaseComment): SekoiaCaseComment {
  const { by, type } = tellAuthor(comment.userId)
  return {
    uuid: comment.uid,
    content: comment.text,
    created_at: writeCaseTime(comment.createdAtMs),
    created_by: by,
    created_by_type: type,
    updated_at: comment.updatedAtMs === undefined ? null : writeCaseTime(comment.updatedAtMs),
  }
}

function statusUuid(status: CaseStatus): string {
  return makeNameUuid(`case status ${status}`)
}

/** Times of cases have an offset where those of rules have a Z. */
function writeCaseTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000+00:00')
}
