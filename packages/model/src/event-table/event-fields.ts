import { splitMembers } from '../json-members.ts'

/** An event as a row of a table. */
export interface FlatEvent {
  readonly id: string
  /** Name of its timeline. */
  readonly timeline: string
  /** JSON texts by top-level name; its own `_id` and `timeline` have other names here (`renameOwn`). */
  readonly members: ReadonlyMap<string, string>
}

/** Names that a row has for itself. */
export const ROW_NAMES = ['_id', 'timeline'] as const

/** An event's members with those called like `ROW_NAMES` called `_source._id` …; without such, the members as they are. */
export function renameOwn(members: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const ours: ReadonlySet<string> = new Set(ROW_NAMES)
  if (ROW_NAMES.every((name) => !members.has(name))) return members
  return new Map([...members].map(([name, value]) => [ours.has(name) ? `_source.${name}` : name, value]))
}

/**
 * The JSON text of a field, by top-level name or dotted path; `_id` and `timeline` are fields too. Undefined when there is none.
 * A name with dots in it counts before a path through objects.
 */
export function readField(row: FlatEvent, path: string): string | undefined {
  if (path === '_id') return JSON.stringify(row.id)
  if (path === 'timeline') return JSON.stringify(row.timeline)
  return readPath(row.members, path)
}

/** A JSON text as the text of one cell: strings as they are, everything else as JSON; nothing for no value. */
export function toCellText(json: string | undefined): string {
  if (json === undefined || json === 'null') return ''
  if (json.charCodeAt(0) !== QUOTE) return json
  return json.includes('\\') ? JSON.parse(json) : json.slice(1, -1)
}

/** Most names in a dotted path; an object below is one value. */
export const MAX_PATH_NAMES = 32

/**
 * Calls back for each field of an event that holds no object: its dotted path and JSON text. Arrays count as one value, and so
 * does an object that stands deeper than `MAX_PATH_NAMES`.
 */
export function visitFields(
  members: ReadonlyMap<string, string>,
  visit: (path: string, json: string) => void,
): void {
  visitBelow('', members, MAX_PATH_NAMES, visit)
}

const QUOTE = 0x22
const OPEN_BRACE = 0x7b

function visitBelow(
  prefix: string,
  members: ReadonlyMap<string, string>,
  namesLeft: number,
  visit: (path: string, json: string) => void,
): void {
  for (const [name, json] of members) {
    if (namesLeft === 1 || json.charCodeAt(0) !== OPEN_BRACE) visit(prefix + name, json)
    else visitBelow(`${prefix}${name}.`, splitMembers(json), namesLeft - 1, visit)
  }
}

function readPath(
  members: ReadonlyMap<string, string>,
  path: string,
  namesLeft = MAX_PATH_NAMES,
): string | undefined {
  const whole = members.get(path)
  if (whole !== undefined || namesLeft === 1) return whole
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const member = members.get(path.slice(0, dot))
    if (member?.charCodeAt(0) !== OPEN_BRACE) continue
    const found = readPath(splitMembers(member), path.slice(dot + 1), namesLeft - 1)
    if (found !== undefined) return found
  }
  return undefined
}
