import { formatIsoTime, type StoredEvent } from '@timeskein/model'

/** An event by dotted names, with values or lists of them; `timestamp` is its time. */
export type FlatEvent = Record<string, unknown>

/** What is the event's own to say: its time, and the handle by which its platform knows it. */
const OWN_NAMES: ReadonlySet<string> = new Set(['timestamp', '__event_id'])

/**
 * A stored event with its objects taken apart: members within members get dotted names. What marks added stands in `tag` and under the
 * names of attributes, which are never those of `OWN_NAMES`.
 */
export function flattenEvent(event: StoredEvent): FlatEvent {
  const flat: FlatEvent = Object.create(null) as FlatEvent
  flat['timestamp'] = writeMoment(event.timeUs, event.nanos)
  addMembers(flat, '', JSON.parse(event.source) as Record<string, unknown>)
  flat['timestamp'] = writeMoment(event.timeUs, event.nanos)
  const { aliases, constants } = event.profile
  for (const [name, from] of Object.entries(aliases))
    if (!(name in flat) && from in flat) flat[name] = flat[from]
  for (const [name, value] of Object.entries(constants)) if (!(name in flat)) flat[name] = value
  const { tags, removedTags, attributes } = event.marks
  const own = [flat['tag'] ?? []].flat().filter((tag) => !removedTags.includes(String(tag)))
  const all = [...new Set([...own, ...tags])]
  if (all.length > 0) flat['tag'] = all
  else delete flat['tag']
  for (const [name, value] of Object.entries(attributes)) if (!OWN_NAMES.has(name)) flat[name] = value
  return flat
}

/** ISO 8601 in UTC with at least milliseconds: `2024-04-25T14:11:10.652Z`. */
export function writeMoment(timeUs: bigint, nanos = 0): string {
  const text = formatIsoTime(timeUs, nanos).replace('+00:00', 'Z')
  return /\.\d/.test(text) ? text.replace(/000Z$/, 'Z') : text.replace('Z', '.000Z')
}

function addMembers(flat: FlatEvent, prefix: string, members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) {
    const path = prefix + name
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      addMembers(flat, `${path}.`, value as Record<string, unknown>)
    else flat[path] = value
  }
}
