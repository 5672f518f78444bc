import type { EventView } from '../../services/event-view.ts'

/** An event as JSON text, its own values untouched: they are not parsed on the way out. */
export function writeApiEvent(event: EventView, timelineName: string, fields?: readonly string[]): string {
  return `{"id":${JSON.stringify(event.id)},"timeline":${JSON.stringify(timelineName)},"event":${event.toJson(fields)}}`
}
