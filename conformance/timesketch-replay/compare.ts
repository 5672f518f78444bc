import { type Identities, KIND_OF_KEYS, KIND_OF_MEMBER, type Kind } from './identities.ts'

/** One place where an answer differs from the recorded one. */
export interface Difference {
  /** `status`, `header NAME`, or a path into the body: `objects[0].name`. */
  readonly place: string
  readonly recorded: string
  readonly ours: string
}

/** What is known of the recording while bodies are compared. */
export interface Comparison {
  readonly identities: Identities
  /** Day of the recording, `2026-11-21`. */
  readonly day: string
  /** Colours that requests asked for; others are the server's choice. */
  readonly colours: ReadonlySet<string>
}

/** Figures of the machine: only that there is one is compared. */
const MEASURED: ReadonlySet<string> = new Set([
  'bytes',
  'es_time',
  'file_on_disk',
  'query_time',
  'time_to_gather_tags',
  'time_to_tag',
  'took',
])
/** Members whose values are names of things. */
const NAMES: ReadonlySet<string> = new Set(['_id', 'scroll_id', 'uuid'])
/** Names that servers make: of indices, events and tasks. UUIDs are the rules' own. */
const IS_NAME = /^(?![0-9a-f]{8}-)[\w-]{20,}$/
/** Lists without an order, and the member that tells their elements apart. */
const UNORDERED: Readonly<Record<string, string>> = {
  mappings: 'field',
  filter_labels: 'label',
  timelines: 'name',
  active_timelines: 'name',
  objects: 'rule_uuid',
}
/** Numbers of rows that nothing refers to. */
const UNREFERRED: ReadonlySet<string> = new Set(['status', 'labels'])

/**
 * Compares bodies: equal members, types and values, but for times of the recording (equal in their form), figures of the machine,
 * and ids, which must stand for the same thing each time.
 *
 * @param kind - What the objects of the answer are.
 */
export function compareBodies(
  recorded: unknown,
  ours: unknown,
  kind: Kind | undefined,
  comparison: Comparison,
): Difference[] {
  const found: Difference[] = []
  walk(recorded, ours, { place: '', member: '', kind }, comparison, found)
  return found
}

interface Position {
  readonly place: string
  /** The nearest member name above. */
  readonly member: string
  readonly kind: Kind | undefined
}

function walk(
  recorded: unknown,
  ours: unknown,
  at: Position,
  comparison: Comparison,
  found: Difference[],
): void {
  if (Array.isArray(recorded) && Array.isArray(ours)) walkLists(recorded, ours, at, comparison, found)
  else if (isObject(recorded) && isObject(ours)) walkObjects(recorded, ours, at, comparison, found)
  else if (!isSameValue(recorded, ours, at, comparison))
    found.push({ place: at.place || 'body', recorded: show(recorded), ours: show(ours) })
}

function walkLists(
  recorded: readonly unknown[],
  ours: readonly unknown[],
  at: Position,
  comparison: Comparison,
  found: Difference[],
): void {
  const cut = /^<cut: (\d+) more>$/.exec(String(recorded.at(-1)))
  const shown = cut ? recorded.slice(0, -1) : recorded
  const key = UNORDERED[at.member]
  if (key !== undefined) ours = alignTo(shown, ours, key)
  const length = shown.length + Number(cut?.[1] ?? 0)
  if (length !== ours.length)
    found.push({ place: `${at.place}.length`, recorded: String(length), ours: String(ours.length) })
  shown.forEach((item, index) => {
    if (index < ours.length)
      walk(item, ours[index], { ...at, place: `${at.place}[${index}]` }, comparison, found)
  })
}

/** The list in the other's order; what the other lacks comes last. */
function alignTo(order: readonly unknown[], list: readonly unknown[], key: string): readonly unknown[] {
  const keys = order.map((item) => (isObject(item) ? item[key] : undefined))
  const rank = (item: unknown): number => {
    const found = isObject(item) ? keys.indexOf(item[key]) : -1
    return found < 0 ? keys.length : found
  }
  return list.toSorted((a, b) => rank(a) - rank(b))
}

function walkObjects(
  recorded: Fields,
  ours: Fields,
  at: Position,
  comparison: Comparison,
  found: Difference[],
): void {
  const { identities } = comparison
  const keyKind = KIND_OF_KEYS[at.member]
  const matched = new Set<string>()
  for (const [key, value] of Object.entries(recorded)) {
    if (key === '<cut>') continue
    const our = keyKind === undefined ? key : identities.translate(keyKind, key)
    const place = at.place === '' ? key : `${at.place}.${key}`
    if (!Object.hasOwn(ours, our)) found.push({ place, recorded: show(value), ours: 'missing' })
    else
      walk(value, ours[our], { place, member: key, kind: KIND_OF_MEMBER[key] ?? at.kind }, comparison, found)
    matched.add(our)
  }
  if (Object.hasOwn(recorded, '<cut>')) return
  for (const [key, value] of Object.entries(ours))
    if (!matched.has(key))
      found.push({
        place: at.place === '' ? key : `${at.place}.${key}`,
        recorded: 'missing',
        ours: show(value),
      })
}

function isSameValue(recorded: unknown, ours: unknown, at: Position, comparison: Comparison): boolean {
  if (recorded === ours) return true
  if (typeof recorded !== typeof ours || recorded === null || ours === null) return false
  if (MEASURED.has(at.member)) return true
  if (typeof recorded === 'number' && typeof ours === 'number') {
    if (at.place.split(/[.[\]]+/).some((part) => UNREFERRED.has(part)) && at.member === 'id') return true
    const own = KIND_OF_MEMBER[at.member]
    const kind = at.member === 'id' ? at.kind : own
    return kind !== undefined && comparison.identities.matches(kind, recorded, ours)
  }
  if (typeof recorded !== 'string' || typeof ours !== 'string') return false
  if (NAMES.has(at.member))
    return recorded !== '' && ours !== '' && comparison.identities.matches('text', recorded, ours)
  const isColour = /^[0-9A-F]{6}$/.test(recorded) && /^[0-9A-F]{6}$/.test(ours)
  return (isColour && !comparison.colours.has(recorded)) || isSameText(recorded, ours, comparison)
}

function isSameText(recorded: string, ours: string, { identities, day }: Comparison): boolean {
  if (IS_NAME.test(recorded) && IS_NAME.test(ours)) return identities.matches('text', recorded, ours)
  const start = /^([\s\S]*)<cut: \d+ more characters>$/.exec(recorded)?.[1]
  const expected = maskIds(identities.translateText(start ?? recorded), identities)
  const found = start === undefined ? ours : ours.slice(0, start.length)
  return maskTimes(expected, day) === maskTimes(found, day)
}

/** Filters of searches, kept as text, name timelines by number. */
function maskIds(text: string, identities: Identities): string {
  return text.replace(
    /("(?:indices|timelineIds)": \[|\btimeline )(\d+)(\]| does)/g,
    (_, before, id, after) => before + identities.translate('timeline', id) + after,
  )
}

/** Times of the recording and of today keep their form only. Python leaves out a fraction of zero. */
function maskTimes(text: string, day: string): string {
  const today = new Date().toISOString().slice(0, 10)
  return text
    .replace(/\b\w{3}, \d\d \w{3} (\d{4}) \d\d:\d\d:\d\d GMT/g, '<Day, 00 Month 0000 00:00:00 GMT>')
    .replace(/\b(\d{4}-\d\d-\d\d)([T ])\d\d:\d\d:\d\d(\.\d{6})?/g, (time, date: string, between: string) =>
      date === day || date === today ? `<0000-00-00${between}00:00:00>` : time,
    )
}

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
