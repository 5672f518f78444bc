import {
  SEKOIA_JOB_STATUSES,
  type SekoiaSearchJob,
  sekoiaEventFieldSchema,
  sekoiaEventSchema,
  sekoiaPageSchema,
  sekoiaSearchJobDraftSchema,
  sekoiaSearchJobSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import {
  MAX_JOB_EVENTS,
  RESULTS_TTL_SECONDS,
  type SearchJob,
  type SearchLanguage,
} from '../../../services/search-jobs/search-job-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity, namesCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { readSpan } from '../request/read-moment.ts'
import { writeRowId } from '../request/wire-ids.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { writeTime } from '../shapes/authorship.ts'
import { toSekoiaEvent } from '../shapes/to-event.ts'

const PATH = '/v1/sic/conf/events/search/jobs'
const READ = ['SIC_READ_INTAKES', 'EVENTS_READ_DATASETS']
const STATUSES: Readonly<Record<SearchJob['status'], number>> = {
  waiting: SEKOIA_JOB_STATUSES.notStarted,
  running: SEKOIA_JOB_STATUSES.inProgress,
  done: SEKOIA_JOB_STATUSES.done,
  cancelled: SEKOIA_JOB_STATUSES.cancelled,
  failed: SEKOIA_JOB_STATUSES.failed,
}
const LANGUAGES: readonly SearchLanguage[] = ['dork', 'es-query-string']
const EVENT_PAGES: ListRules = { defaultLimit: 100, maxLimit: MAX_JOB_EVENTS }
const FIELD_PAGES: ListRules = { defaultLimit: 100, maxLimit: 1000 }
const JOB_PAGES: ListRules = { defaultLimit: 20, maxLimit: 100 }

/** Searches that run by themselves. A key that only reads may begin them. */
export const searchJobRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'POST',
    path: PATH,
    summary: 'Begins a search.',
    permission: 'user',
    permissions: READ,
    options: { keyScope: 'read' },
    body: sekoiaSearchJobDraftSchema,
    answers: { 200: sekoiaSearchJobSchema },
    handle: async (call, { body }) => {
      const { services, principal } = call
      const { earliest_time, latest_time, community_uuids } = body
      const job = await services.searchJobs.create(principal, {
        term: body.term,
        language: readLanguage(body.term_lang),
        filters: body.filters ?? [],
        ...readSpan(
          { value: earliest_time, what: 'earliest_time' },
          { value: latest_time, what: 'latest_time' },
          Date.now(),
        ),
        maxEvents: body.max_last_events ?? undefined,
        isOfOrganisation: await namesCommunity(services, principal, community_uuids),
        isOnlyKept: body.only_eternal ?? false,
        isVisible: body.visible ?? true,
        isLenient: body.lenient ?? false,
        details: {
          earliest_time,
          latest_time,
          view_uuid: body.view_uuid ?? null,
          date_field: body.date_field ?? null,
          ...(community_uuids ? { community_uuids } : {}),
        },
      })
      return await show(call, job)
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: PATH,
    summary: 'Visible searches, newest first.',
    permission: 'user',
    permissions: READ,
    query: listSchema(JOB_PAGES),
    answers: { 200: sekoiaPageSchema(sekoiaSearchJobSchema) },
    handle: async (call, { query }) => {
      const { items, total } = await call.services.searchJobs.list(
        call.principal,
        readListRequest(query, JOB_PAGES, Date.now()),
      )
      return { items: await Promise.all(items.map((job) => show(call, job))), total }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:jobId`,
    summary: 'A search, and whether it is done.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaSearchJobSchema },
    handle: async (call, { params }) =>
      await show(call, await call.services.searchJobs.get(call.principal, params.jobId)),
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${PATH}/:jobId`,
    summary: 'Cancels a search.',
    permission: 'user',
    permissions: READ,
    options: { keyScope: 'read' },
    answers: { 200: sekoiaSearchJobSchema },
    handle: async (call, { params }) =>
      await show(call, await call.services.searchJobs.cancel(call.principal, params.jobId)),
  }),
  sekoiaRoute({
    method: 'PATCH',
    path: `${PATH}/:jobId`,
    summary: 'Cancels a search (status 3).',
    permission: 'user',
    permissions: READ,
    options: { keyScope: 'read' },
    body: z.object({ status: z.literal(SEKOIA_JOB_STATUSES.cancelled) }),
    answers: { 200: sekoiaSearchJobSchema },
    handle: async (call, { params }) =>
      await show(call, await call.services.searchJobs.cancel(call.principal, params.jobId)),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:jobId/events`,
    summary: 'Events of a search that is done, newest first.',
    permission: 'user',
    permissions: READ,
    query: listSchema(EVENT_PAGES),
    answers: { 200: sekoiaPageSchema(sekoiaEventSchema) },
    handle: async ({ services, principal, signal }, { params, query }) => {
      const page = readListRequest(query, EVENT_PAGES, Date.now())
      const { events, total } = await services.searchJobs.readEvents(principal, params.jobId, page, signal)
      return { items: events.map(toSekoiaEvent), total }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:jobId/fields`,
    summary: 'Fields of the events of a search, with their most common values.',
    permission: 'user',
    permissions: READ,
    query: listSchema(FIELD_PAGES),
    answers: { 200: sekoiaPageSchema(sekoiaEventFieldSchema) },
    handle: async ({ services, principal, signal }, { params, query }) => {
      const page = readListRequest(query, FIELD_PAGES, Date.now())
      const { items, total } = await services.searchJobs.readFields(principal, params.jobId, page, signal)
      return {
        items: items.map(({ name, kind, commonest }) => ({
          name,
          value_type: kind,
          description: '',
          display_name: name,
          most_common_values: commonest.map(({ value, percent }) => ({ name: value, value: percent })),
        })),
        total,
      }
    },
  }),
]

function readLanguage(given: string | null | undefined): SearchLanguage {
  const language = LANGUAGES.find((one) => one === (given ?? 'es-query-string'))
  if (language) return language
  throw invalid(
    'bad-term-lang',
    `term_lang: one of ${LANGUAGES.join(', ')} was expected, found ${JSON.stringify(given).slice(0, 64)}; programs in SOL are run by POST /v1/notebooks/queries/runs.`,
  )
}

async function show({ services, principal }: UserCall, job: SearchJob): Promise<SekoiaSearchJob> {
  const { earliest_time, latest_time, view_uuid, date_field, community_uuids } = job.details as Pick<
    SekoiaSearchJob,
    'earliest_time' | 'latest_time' | 'view_uuid' | 'date_field'
  > & { community_uuids?: string[] }
  const time = (ms: number | undefined): string | null => (ms === undefined ? null : writeTime(ms))
  const isCancelled = job.cancelledById !== undefined
  return {
    uuid: job.uid,
    status: STATUSES[job.status],
    total: job.total,
    term: job.term,
    term_lang: job.language,
    filters: job.filters.map((filter) => ({ ...filter })),
    created_by: writeRowId('user', job.userId),
    created_by_type: 'apikey',
    created_at: writeTime(job.createdAtMs),
    started_at: time(job.startedAtMs),
    ended_at: time(job.endedAtMs),
    canceled_by: job.cancelledById === undefined ? null : writeRowId('user', job.cancelledById),
    canceled_by_type: isCancelled ? 'apikey' : null,
    canceled_at: isCancelled ? time(job.endedAtMs) : null,
    earliest_time,
    latest_time,
    results_ttl: RESULTS_TTL_SECONDS,
    expiration_date: time(job.expiresAtMs),
    expired: job.expiresAtMs !== undefined && Date.now() >= job.expiresAtMs,
    view_uuid,
    community_uuids: community_uuids ?? [(await findCommunity(services, principal)).uid],
    only_eternal: job.isOnlyKept,
    max_last_events: job.maxEvents ?? null,
    date_field,
    error: job.problem ?? null,
  }
}
