import type { SekoiaEvent } from '@timeskein/model/sekoia'
import { Listing } from '../../paging/listing.ts'
import { Poll, type PollOptions } from '../../paging/poll.ts'
import { type EventSearchOptions, searchEvents } from './search-events.ts'
import type { SekoiaSearchJobs } from './search-jobs.ts'

/** Events that are asked for at once, and held: a stretch of time with more is halved. */
const MAX_EVENTS_AT_ONCE = 10_000
const FIRST_STRETCH_MS = 3_600_000
const SHORTEST_STRETCH_MS = 1000

/** Where a walk through time is, in milliseconds since 1970, and how long its next stretch is. */
interface StretchCursor {
  readonly startMs: number
  readonly lengthMs: number
}

/**
 * Events as they come, oldest first, each once. A search gives the newest first, so that time is walked in stretches, which are
 * longer where there is little.
 */
export function pollEvents(
  jobs: SekoiaSearchJobs,
  term: string,
  options: PollOptions & Omit<EventSearchOptions, 'earliest' | 'latest' | 'maxEvents' | 'signal'> = {},
): Poll<SekoiaEvent> {
  return new Poll<SekoiaEvent>(
    {
      list: (since, signal) => listOldestFirst(jobs, term, since, { ...options, signal }),
      readTime: ({ timestamp }) => timestamp,
      readKey: (event) => event.__event_id,
    },
    options,
  )
}

function listOldestFirst(
  jobs: SekoiaSearchJobs,
  term: string,
  since: string,
  options: EventSearchOptions,
): Listing<SekoiaEvent, StretchCursor> {
  const endMs = Date.now()
  return new Listing<SekoiaEvent, StretchCursor>('search events', async (cursor) => {
    let { startMs, lengthMs } = cursor ?? { startMs: Date.parse(since), lengthMs: FIRST_STRETCH_MS }
    for (;;) {
      const latestMs = Math.min(startMs + lengthMs, endMs)
      const search = searchEvents(jobs, term, {
        ...options,
        earliest: new Date(startMs),
        latest: new Date(Math.max(latestMs, startMs)),
      })
      const pages = search.pages()
      const first = await pages.next()
      const total = first.value?.total ?? 0
      if (total > MAX_EVENTS_AT_ONCE && lengthMs > SHORTEST_STRETCH_MS) {
        lengthMs = Math.max(SHORTEST_STRETCH_MS, Math.floor(lengthMs / 2))
        continue
      }
      const items = [...(first.value?.items ?? [])]
      for await (const page of pages) items.push(...page.items)
      const next = { startMs: latestMs, lengthMs: total * 4 < MAX_EVENTS_AT_ONCE ? lengthMs * 2 : lengthMs }
      return { items: items.reverse(), next: latestMs < endMs ? next : undefined }
    }
  })
}
