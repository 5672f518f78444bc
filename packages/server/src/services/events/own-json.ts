import { joinMembers, listMembers } from '@timeskein/model'
import type { EventView } from './event-view.ts'

/**
 * An event as it was sent: the source's own bytes, with tags as marks left them and attributes that were added, but without the
 * fields that stand for what it lacks.
 *
 * @param derived - `none`; or `import`: with `datetime`, `timestamp_desc` and `message` where the event lacks them, so that
 *   it can be imported again beside events of other kinds. A `Message` stands for itself: reading finds it.
 * @returns The text of one JSON object, on one line: line breaks, which stand between values only, become blanks.
 */
export function writeOwnJson(event: EventView, derived: 'none' | 'import'): string {
  return joinLines(writeMembers(event, derived))
}

function joinLines(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replaceAll(/[ \t]*[\r\n][ \t\r\n]*/g, ' ') : json
}

function writeMembers(event: EventView, derived: 'none' | 'import'): string {
  const { source, marks, profile } = event.event
  const hasTagMarks = marks.tags.length > 0 || marks.removedTags.length > 0
  const attributes = Object.keys(marks.attributes)
  if (derived === 'none' && !hasTagMarks && attributes.length === 0) return source
  const members = listMembers(source)
  const own = new Set(members.map(([name]) => name))
  const added = new Map<string, string>()
  const names = derived === 'import' ? [...listWanted(profile.aliases), ...attributes] : attributes
  for (const name of names) {
    const value = event.members.get(name)
    if (value !== undefined && !own.has(name)) added.set(name, value)
  }
  if (hasTagMarks) {
    const tag = event.members.get('tag')
    const kept = members.filter(([name]) => name !== 'tag')
    return joinMembers([...kept, ...added, ...(tag === undefined ? [] : ([['tag', tag]] as const))])
  }
  if (added.size === 0) return source
  const inner = joinMembers([...added]).slice(1)
  return own.size === 0 ? `{${inner}` : `${source.slice(0, source.lastIndexOf('}')).trimEnd()},${inner}`
}

/** The field that reading takes for the message in whatever company (see ingest's schema `timesketch`). */
const REPEATED_MESSAGE = 'Message'

function listWanted(aliases: Readonly<Record<string, string>>): readonly string[] {
  const isRepeated = Object.hasOwn(aliases, 'message') && aliases['message'] === REPEATED_MESSAGE
  return isRepeated ? ['datetime', 'timestamp_desc'] : ['datetime', 'timestamp_desc', 'message']
}
