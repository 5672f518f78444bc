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

/** Detections by when the platform received them; they come incident by incident, and so in no order. */
export function makeDetectionFeed(source: Source, filter: IncidentFilter): TimeFeed<ElementsDetection> {
  return {
    isUnordered: true,
    list: (since, signal) => ({
      async *pages(): AsyncGenerator<Page<ElementsDetection, unknown>> {
        const startMs = Date.parse(since)
        for await (const { incidentId } of source.list({
          ...filter,
          updated: { start: since },
          order: 'asc',
          signal,
        }))
          for await (const { items } of source.detections(incidentId, { signal }).pages())
            yield {
              items: items.filter((item) => Date.parse(readReceived(item)) >= startMs),
              next: incidentId,
            }
        yield { items: [], next: undefined }
      },
    }),
    readTime: readReceived,
    readKey: ({ detectionId }) => detectionId,
  }
}

function readReceived({ initialReceivedTimestamp, createdTimestamp }: ElementsDetection): string {
  return initialReceivedTimestamp ?? createdTimestamp
}
