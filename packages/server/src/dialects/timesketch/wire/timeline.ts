import type { Timeline } from '../../../services/timelines/timeline-service.ts'
import { marshalDataSource } from './data-source.ts'
import { modelDate } from './dates.ts'
import { labelString } from './labels.ts'
import { marshalSearchIndex } from './search-index.ts'
import { marshalStatus } from './status.ts'
import { marshalUser } from './user.ts'

/** A timeline with its index and data sources. */
export function marshalTimeline(timeline: Timeline): Record<string, unknown> {
  return {
    id: timeline.id,
    name: timeline.name,
    user: marshalUser(timeline.owner),
    description: timeline.description,
    status: marshalStatus(timeline),
    color: timeline.color,
    label_string: labelString(timeline.labels),
    searchindex: marshalSearchIndex(timeline.searchIndex),
    datasources: timeline.dataSources.map(marshalDataSource),
    deleted: null,
    created_at: modelDate(timeline.createdAtMs),
    updated_at: modelDate(timeline.updatedAtMs),
  }
}
