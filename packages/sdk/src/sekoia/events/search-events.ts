import type { SekoiaEvent, SekoiaSearchJobDraft } from '@timeskein/model/sekoia'
import { Listing } from '../../paging/listing.ts'
import { type TimeInput, toTimestamp } from '../../paging/time-input.ts'
import type { CallOptions } from '../connection/connection.ts'
import { MAX_EVENTS_PAGE, type SekoiaSearchJobs } from './search-jobs.ts'
import type { WaitOptions } from './wait-until.ts'

/** What is searched beside the term. */
export interface EventSearchOptions extends CallOptions, WaitOptions {
  /** @default '1d', a day ago */
  readonly earliest?: TimeInput | undefined
  /** @default now */
  readonly latest?: TimeInput | undefined
  /** Conditions beside the term, as the screen has them. */
  readonly filters?: SekoiaSearchJobDraft['filters']
  /** Only so many of the newest events. @default all that the platform gives */
  readonly maxEvents?: number | undefined
  readonly communities?: readonly string[] | undefined
  /** Only events that belong to alerts or cases. @default false */
  readonly onlyEternal?: boolean | undefined
  /** Shown in the platform's history of searches. @default false */
  readonly visible?: boolean | undefined
  /** @default 100 events first, which a platform has at hand when the job is done, then 1,000, which is the most */
  readonly pageSize?: number | undefined
}

/** Events of the first page, unless it is said otherwise: what the platform gives without being asked for more. */
const FIRST_PAGE = 100

/** Where a search is: its job, and how many of its events were read. */
export interface EventCursor {
  readonly jobUuid: string
  readonly offset: number
}

/** Events that answer a term in the dork language, newest first. The job is made, and waited for, when the first page is asked for. */
export function searchEvents(
  jobs: SekoiaSearchJobs,
  term: string,
  options: EventSearchOptions = {},
): Listing<SekoiaEvent, EventCursor> {
  const sizeOf = (page: number): number => Math.min(options.pageSize ?? page, MAX_EVENTS_PAGE)
  return new Listing<SekoiaEvent, EventCursor>('search events', async (cursor) => {
    const { jobUuid, offset } = cursor ?? { jobUuid: await runJob(jobs, term, options), offset: 0 }
    const limit = sizeOf(offset === 0 ? FIRST_PAGE : MAX_EVENTS_PAGE)
    const { items, next, total } = await jobs
      .listEvents(jobUuid, { ...toCall(options), pageSize: limit, offset })
      .firstPage()
    return { items, total, next: next === undefined ? undefined : { jobUuid, offset: next } }
  })
}

async function runJob(jobs: SekoiaSearchJobs, term: string, options: EventSearchOptions): Promise<string> {
  const { filters, maxEvents, communities, onlyEternal, visible = false } = options
  const { uuid } = await jobs.create(
    {
      term,
      term_lang: 'dork',
      earliest_time: toTimestamp(options.earliest ?? '1d'),
      latest_time: toTimestamp(options.latest ?? 'now'),
      visible,
      ...(filters && { filters }),
      ...(maxEvents === undefined ? {} : { max_last_events: maxEvents }),
      ...(communities && { community_uuids: [...communities] }),
      ...(onlyEternal === undefined ? {} : { only_eternal: onlyEternal }),
    },
    toCall(options),
  )
  await jobs.wait(uuid, options)
  return uuid
}

function toCall({ signal, timeoutMs }: CallOptions): CallOptions {
  return { signal, timeoutMs }
}
