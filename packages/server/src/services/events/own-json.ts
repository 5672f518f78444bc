import { joinMembers, listMembers } from '@timeskein/model'
import type { EventView } from './event-view.ts'

/**
 * An event as it was sent: the source's own bytes, with tags as marks left them and attributes, those in place of what it has under
 * their names, but without the fields that stand for what it lacks.
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
  const names = derived === 'import' ? [...listWanted(profile.aliases), ...attributes] : attributes
  const added = new Map<string, string>()
  const changed = new Map<string, string>()
  for (const name of names) {
    const value = event.members.get(name)
    if (value === undefined) continue
    if (!own.has(name)) added.set(name, value)
    else if (Object.hasOwn(marks.attributes, name)) changed.set(name, value)
  }
  if (hasTagMarks) {
    const tag = event.members.get('tag')
    const kept = replaceMembers(members, changed).filter(([name]) => name !== 'tag')
    return joinMembers([...kept, ...added, ...(tag === undefined ? [] : ([['tag', tag]] as const))])
  }
  if (changed.size > 0) return joinMembers([...replaceMembers(members, changed), ...added])
  if (added.size === 0) return source
  const inner = joinMembers([...added]).slice(1)
  return own.size === 0 ? `{${inner}` : `${source.slice(0, source.lastIndexOf('}')).trimEnd()},${inner}`
}

/** Members with other values, each where its name stands first. */
function replaceMembers(
  members: readonly (readonly [string, string])[],
  values: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  if (values.size === 0) return members
  const left = new Map(values)
  return members.flatMap(([name, value]) => {
    if (!values.has(name)) return [[name, value] as const]
    const other = left.get(name)
    left.delete(name)
    return other === undefined ? [] : [[name, other] as const]
  })
}

/** The field that reading takes for the message in whatever company (see ingest's schema `timesketch`). */
const REPEATED_MESSAGE = 'Message'

function listWanted(aliases: Readonly<Record<string, string>>): readonly string[] {
  const isRepeated = Object.hasOwn(aliases, 'message') && aliases['message'] === REPEATED_MESSAGE
  return isRepeated ? ['datetime', 'timestamp_desc'] : ['datetime', 'timestamp_desc', 'message']
}
