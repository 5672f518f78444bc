import type { StoredEvent } from '@timeskein/model'
import type { SekoiaEvent } from '@timeskein/model/sekoia'
import { flattenEvent } from '../../../services/search-jobs/flatten-event.ts'

/** An event in the API's words: its dotted names, and the handle by which cases take it: its own where it came with one. */
export function toSekoiaEvent(event: StoredEvent): SekoiaEvent {
  const flat = flattenEvent(event)
  return { __event_id: event.id, timestamp: String(flat['timestamp']), ...flat }
}
