import type { Selectable } from 'kysely'
import type { SearchJobRow } from '../../db/workspace-schema.ts'
import {
  RESULTS_TTL_SECONDS,
  type SearchFilter,
  type SearchJob,
  type SearchJobDraft,
  type SearchJobStatus,
} from './search-job-service.ts'

interface Details {
  readonly filters: readonly SearchFilter[]
  readonly maxEvents?: number
  readonly isOfOrganisation: boolean
  readonly isOnlyKept: boolean
  readonly isLenient: boolean
  readonly told: Readonly<Record<string, unknown>>
}

/** What no question is asked of, as one document. */
export function toDetailsJson(draft: SearchJobDraft): string {
  const details: Details = {
    filters: draft.filters,
    ...(draft.maxEvents === undefined ? {} : { maxEvents: draft.maxEvents }),
    isOfOrganisation: draft.isOfOrganisation,
    isOnlyKept: draft.isOnlyKept,
    isLenient: draft.isLenient,
    told: draft.details,
  }
  return JSON.stringify(details)
}

/** The request that a job was made with. */
export function toDraft(row: Selectable<SearchJobRow>): SearchJobDraft {
  const { told, maxEvents, ...details } = JSON.parse(row.details_json) as Details
  return {
    ...details,
    maxEvents,
    term: row.term,
    language: row.language as SearchJobDraft['language'],
    earliestUs: BigInt(row.earliest_us),
    latestUs: BigInt(row.latest_us),
    isVisible: row.is_visible === 1,
    details: told,
  }
}

export function toJob(row: Selectable<SearchJobRow>): SearchJob {
  const { filters, maxEvents, isOnlyKept, told } = JSON.parse(row.details_json) as Details
  return {
    uid: row.uid,
    userId: row.user_id,
    status: row.status as SearchJobStatus,
    term: row.term,
    language: row.language as SearchJob['language'],
    filters,
    maxEvents,
    isOnlyKept,
    details: told,
    total: row.total,
    problem: row.problem ?? undefined,
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms ?? undefined,
    endedAtMs: row.ended_at_ms ?? undefined,
    cancelledById: row.cancelled_by_id ?? undefined,
    expiresAtMs: row.ended_at_ms === null ? undefined : row.ended_at_ms + RESULTS_TTL_SECONDS * 1000,
  }
}
