import type { ApiDerived } from '@timeskein/model'
import type { EventView } from '../../services/events/event-view.ts'
import { writeOwnJson } from '../../services/events/own-json.ts'

/**
 * An event as JSON text, its own values untouched: they are not parsed on the way out.
 *
 * @param fields - Only these.
 * @param derived - Which fields come beside its own, where `fields` names none. @default all
 */
export function writeApiEvent(
  event: EventView,
  timelineName: string,
  fields?: readonly string[],
  derived: ApiDerived = 'all',
): string {
  const json = fields === undefined && derived !== 'all' ? writeOwnJson(event, derived) : event.toJson(fields)
  return `{"id":${JSON.stringify(event.id)},"timeline":${JSON.stringify(timelineName)},"event":${json}}`
}
