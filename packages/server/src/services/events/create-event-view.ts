import { formatIsoTime, joinMembers, type StoredEvent, splitMembers } from '@timeskein/model'
import type { EventView } from './event-view.ts'
import type { FieldPick } from './field-pick.ts'
import { FieldSelection } from './field-selection.ts'

/** What stands for `timestamp_desc` when neither event nor import says what kind of time it is. */
const DEFAULT_TIMESTAMP_DESC = 'Event Time'
/** Members and characters that a made-up message shows at most. */
const MESSAGE_MEMBERS = 8
const MESSAGE_LENGTH = 400

/** An event as one sketch sees it. Nothing is read from the source before it is asked for. */
export function createEventView(event: StoredEvent, sketchId: number): EventView {
  return new StoredEventView(event, sketchId)
}

class StoredEventView implements EventView {
  readonly event: StoredEvent
  readonly labels: readonly string[]
  #members: Map<string, string> | undefined
  /** How many of the members, the first ones, are the source's own; undefined when marks changed one of these. */
  #ownCount: number | undefined
  #tags: readonly string[] | undefined

  constructor(event: StoredEvent, sketchId: number) {
    this.event = event
    this.labels = event.marks.labels.length === 0 ? NO_LABELS : namesOfLabels(event.marks.labels, sketchId)
  }

  get id(): string {
    return this.event.id
  }
  get index(): string {
    return this.event.index
  }
  get timelineId(): number {
    return this.event.timelineId
  }
  get timeUs(): bigint {
    return this.event.timeUs
  }
  get nanos(): number {
    return this.event.nanos
  }

  get members(): ReadonlyMap<string, string> {
    if (!this.#members) this.#read()
    return this.#members!
  }

  get tags(): readonly string[] {
    this.#tags ??= readTags(this.members.get('tag'))
    return this.#tags
  }

  get(path: string): unknown {
    const whole = this.members.get(path)
    if (whole !== undefined) return parse(whole)
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      const member = this.members.get(path.slice(0, dot))
      if (member === undefined) continue
      const value = walk(parse(member), path.slice(dot + 1))
      if (value !== undefined) return value
    }
    return undefined
  }

  toJson(
    paths?: readonly string[],
    extra: ReadonlyMap<string, string> = NO_EXTRA,
    hidden: ReadonlySet<string> = NO_NAMES,
  ): string {
    const { members } = this
    const isOwn = (name: string): boolean => members.has(name)
    const isWhole = !extra.keys().some(isOwn) && !hidden.values().some(isOwn)
    if (paths === undefined && isWhole && this.#ownCount !== undefined) {
      // Untouched by marks: the source's own bytes, with what it lacks put in at the end.
      const added = [...members].slice(this.#ownCount)
      return appendMembers(this.event.source, [...added, ...extra])
    }
    const selection = paths && selectionOf(paths)
    const wanted: [string, string][] = []
    members.forEach((value, name) => {
      if (!isWhole && (extra.has(name) || hidden.has(name))) return
      const part = selection ? selection.select(name, value) : value
      if (part !== undefined) wanted.push([name, part])
    })
    extra.forEach((value, name) => {
      wanted.push([name, value])
    })
    return joinMembers(wanted)
  }

  toObject(paths?: readonly string[]): Record<string, unknown> {
    const selection = paths && selectionOf(paths)
    const object = Object.create(null) as Record<string, unknown>
    for (const [name, value] of this.members) {
      const part = selection ? selection.select(name, value) : value
      if (part !== undefined) object[name] = parse(part)
    }
    return object
  }

  pick(fields: FieldPick): ReadonlyMap<string, string> {
    if (this.#members) return this.#members
    const members = splitMembers(this.event.source, fields.sourcesOf(this.event.profile))
    completeMembers(members, this.event, fields.names)
    return members
  }

  #read(): void {
    const members = splitMembers(this.event.source)
    const ownCount = members.size
    const isChanged = completeMembers(members, this.event, ALL_NAMES)
    this.#ownCount = isChanged ? undefined : ownCount
    this.#members = members
  }
}

const NO_EXTRA: ReadonlyMap<string, string> = new Map()
const NO_NAMES: ReadonlySet<string> = new Set()
const ALL_NAMES: Pick<ReadonlySet<string>, 'has'> = { has: () => true }

/**
 * Adds what stands for fields that the source lacks, and what marks say.
 *
 * @param members - The source's own; grows.
 * @param wanted - Fields that are asked for; others may be left out.
 * @returns Whether marks changed what the source has.
 */
function completeMembers(
  members: Map<string, string>,
  event: StoredEvent,
  wanted: Pick<ReadonlySet<string>, 'has'>,
): boolean {
  const { profile, marks } = event
  const { aliases, constants } = profile
  const isLacking = (name: string): boolean => wanted.has(name) && !members.has(name)
  const newAliases = Object.keys(aliases).filter(isLacking)
  const attributes = Object.keys(marks.attributes)
  // An attribute stands in place of what the source has under its name.
  const isChanged = attributes.some((name) => members.has(name))
  // Times are written in characters that JSON does not escape.
  if (isLacking('datetime')) members.set('datetime', `"${formatIsoTime(event.timeUs, event.nanos)}"`)
  if (isLacking('timestamp')) members.set('timestamp', event.timeUs.toString())
  for (const name of newAliases) {
    const value = readAlias(members, name, aliases[name]!)
    if (value !== undefined) members.set(name, value)
  }
  for (const name in constants) if (isLacking(name)) members.set(name, JSON.stringify(constants[name]))
  if (isLacking('timestamp_desc')) members.set('timestamp_desc', JSON.stringify(DEFAULT_TIMESTAMP_DESC))
  if (isLacking('message')) members.set('message', JSON.stringify(makeMessage(event.source)))
  for (const name of attributes) members.set(name, JSON.stringify(marks.attributes[name]))
  if (marks.tags.length === 0 && marks.removedTags.length === 0) return isChanged
  const removed = new Set(marks.removedTags)
  const tags = new Set(readTags(members.get('tag')).filter((tag) => !removed.has(tag)))
  for (const tag of marks.tags) tags.add(tag)
  if (tags.size > 0) members.set('tag', JSON.stringify([...tags]))
  else members.delete('tag')
  return true
}

const NO_LABELS: readonly string[] = []

function namesOfLabels(labels: StoredEvent['marks']['labels'], sketchId: number): readonly string[] {
  const own = labels.filter((label) => label.sketchId === sketchId)
  return [...new Set(own.map((label) => label.name))]
}

const selections = new WeakMap<readonly string[], FieldSelection>()

/** One list of fields serves every event of an answer: it is made ready once. */
function selectionOf(paths: readonly string[]): FieldSelection {
  let selection = selections.get(paths)
  if (!selection) {
    selection = new FieldSelection(paths)
    selections.set(paths, selection)
  }
  return selection
}

function appendMembers(source: string, added: readonly (readonly [string, string])[]): string {
  const end = source.lastIndexOf('}')
  let text = source.slice(0, end).trimEnd()
  let separator = text.endsWith('{') ? '' : ','
  for (const [name, value] of added) {
    text += `${separator}${JSON.stringify(name)}:${value}`
    separator = ','
  }
  return `${text}}`
}

/** The value of the field that stands for a wanted one; texts that are no text in the source are written as text. */
function readAlias(members: ReadonlyMap<string, string>, wanted: string, field: string): string | undefined {
  const raw = members.get(field) ?? rawAt(members, field)
  if (raw === undefined || raw === 'null') return undefined
  if (wanted !== 'message' && wanted !== 'timestamp_desc') return raw
  return raw.startsWith('"') ? raw : JSON.stringify(raw)
}

function rawAt(members: ReadonlyMap<string, string>, path: string): string | undefined {
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const member = members.get(path.slice(0, dot))
    if (!member?.startsWith('{')) continue
    const inner = splitMembers(member)
    const rest = path.slice(dot + 1)
    const value = inner.get(rest) ?? rawAt(inner, rest)
    if (value !== undefined) return value
  }
  return undefined
}

function makeMessage(source: string): string {
  let text = ''
  let count = 0
  for (const [name, value] of splitMembers(source)) {
    if (SILENT.has(name) || name.startsWith('_') || value === 'null' || value === '""') continue
    if (value.startsWith('{') || value.startsWith('[')) continue
    const shown = value.startsWith('"') ? String(parse(value)) : value
    text += `${text === '' ? '' : ', '}${name}: ${shown.slice(0, MESSAGE_LENGTH)}`
    if (++count === MESSAGE_MEMBERS || text.length >= MESSAGE_LENGTH) break
  }
  return text === '' ? 'No message' : text.slice(0, MESSAGE_LENGTH)
}

/** Fields that a made-up message does not repeat. */
const SILENT = new Set(['datetime', 'timestamp', 'timestamp_desc', 'tag', '@timestamp'])

/** Tags of an event. @param json - Its field `tag` as JSON text. */
export function readTags(json: string | undefined): readonly string[] {
  const value = parse(json)
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (!Array.isArray(value)) return []
  return [...new Set(value.filter((tag) => typeof tag === 'string'))]
}

function walk(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    const found = value.map((element) => walk(element, path)).filter((part) => part !== undefined)
    return found.length === 0 ? undefined : found.flat()
  }
  if (typeof value !== 'object' || value === null) return undefined
  const object = value as Record<string, unknown>
  if (Object.hasOwn(object, path)) return object[path]
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot)
    if (!Object.hasOwn(object, name)) continue
    const found = walk(object[name], path.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}
