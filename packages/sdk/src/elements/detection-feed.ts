import type { ElementsDetection, ElementsIncident } from '@timeskein/model/elements'
import type { Listing, Page } from '../paging/listing.ts'
import type { TimeFeed } from '../paging/poll.ts'
import type { IncidentFilter } from './incidents.ts'

/** What the feed asks: incidents that were updated, and their detections. */
interface Source {
  list(options: IncidentFilter & { readonly signal?: AbortSignal | undefined }): Listing<ElementsIncident>
  detections(
    incidentId: string,
    options: { readonly signal?: AbortSignal | undefined },
  ): Listing<ElementsDetection>
}

/** Detections of incidents are known for so long behind the last change of any: each change of an incident lists all of them again. */
const KEEP_MS = 90 * 86_400_000

/** Detections by when the incident that has them changed, the oldest change first. */
export function makeDetectionFeed(source: Source, filter: IncidentFilter): TimeFeed<ElementsDetection> {
  const changes = new WeakMap<ElementsDetection, string>()
  return {
    list: (since, signal) => ({
      async *pages(): AsyncGenerator<Page<ElementsDetection, unknown>> {
        const incidents = source.list({ ...filter, updated: { start: since }, order: 'asc', signal })
        for await (const { incidentId, updatedTimestamp } of incidents)
          for await (const { items } of source.detections(incidentId, { signal }).pages()) {
            // What is no object has no time, as the poll knows.
            for (const item of items) if (item instanceof Object) changes.set(item, updatedTimestamp)
            yield { items, next: incidentId }
          }
        yield { items: [], next: undefined }
      },
    }),
    readTime: (item) => changes.get(item),
    readKey: ({ detectionId }) => detectionId,
    keepMs: KEEP_MS,
  }
}
