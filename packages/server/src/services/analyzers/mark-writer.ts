import { isDeepStrictEqual } from 'node:util'
import { AnalyzerFailure, EMOJI_CODES, type NewMarks } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import type { EventView } from '../events/event-view.ts'
import type { MarkService } from '../marks/mark-service.ts'

/** Marks that wait to be written: more events or values than this are not kept in memory. */
const MAX_WAITING_EVENTS = 50_000
const MAX_WAITING_VALUES = 200_000

/** Different tags of one analysis: each is an operation of its own, and a rule can make a tag of any value. */
const MAX_DIFFERENT_TAGS = 5000

const EMOJIS = '__ts_emojis'
const HUMAN_READABLE = 'human_readable'

/** Whose marks these are. */
export interface MarkOrigin {
  readonly principal: Principal
  readonly sketchId: number
  readonly analyzer: string
  /** All that is written can be taken back by this name. */
  readonly groupId: string
  readonly signal: AbortSignal
}

/** Collects the marks of an analysis and writes many at a time: one operation for a tag, and one for all values of fields. */
export class MarkWriter {
  readonly #marks: MarkService
  readonly #origin: MarkOrigin
  readonly #tags = new Map<string, string[]>()
  readonly #differentTags = new Set<string>()
  readonly #labels = new Map<string, string[]>()
  readonly #comments = new Map<string, string[]>()
  readonly #values: { eventId: string; name: string; value: unknown }[] = []
  #waiting = 0
  /** How many events kept a field of their own that they were to be given another value of, by the field’s name. */
  readonly kept: Map<string, number> = new Map()

  constructor(marks: MarkService, origin: MarkOrigin) {
    this.#marks = marks
    this.#origin = origin
  }

  /** See `AnalyzerRun.mark`. */
  async add(event: EventView, given: NewMarks): Promise<void> {
    const known = new Set(event.tags)
    for (const tag of new Set(given.tags)) if (tag !== '' && !known.has(tag)) this.#addTag(tag, event.id)
    for (const label of new Set(given.labels))
      if (!event.labels.includes(label)) push(this.#labels, label, event.id)
    if (given.comment) push(this.#comments, given.comment, event.id)
    for (const [name, value] of Object.entries(this.#listFields(event, given)))
      this.#setField(event, name, value)
    this.#waiting += 1
    if (this.#waiting >= MAX_WAITING_EVENTS || this.#values.length >= MAX_WAITING_VALUES) await this.flush()
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    const { principal, sketchId, groupId, signal, analyzer } = this.#origin
    const options = { groupId, signal, foundBy: `analyzer: ${analyzer}` }
    for (const [tag, ids] of take(this.#tags))
      await this.#marks.addTags(principal, sketchId, [tag], { ids }, options)
    const values = this.#values.splice(0)
    if (values.length > 0) await this.#marks.setAttributes(principal, sketchId, values, options)
    for (const [label, ids] of take(this.#labels))
      await this.#marks.addLabel(principal, sketchId, label, { ids }, options)
    for (const [text, ids] of take(this.#comments)) {
      const there = await this.#marks.listComments(principal, sketchId, ids)
      const commented = new Set(
        there.filter((comment) => comment.text === text).map(({ eventId }) => eventId),
      )
      const fresh = ids.filter((id) => !commented.has(id))
      if (fresh.length > 0) await this.#marks.addComment(principal, sketchId, fresh, text, options)
    }
    this.#waiting = 0
  }

  #addTag(tag: string, eventId: string): void {
    this.#differentTags.add(tag)
    if (this.#differentTags.size > MAX_DIFFERENT_TAGS)
      throw new AnalyzerFailure(
        `more than ${MAX_DIFFERENT_TAGS} different tags (MAX_DIFFERENT_TAGS) would be given; the last one is ${JSON.stringify(tag.slice(0, 100))}`,
      )
    push(this.#tags, tag, eventId)
  }

  #listFields(
    event: EventView,
    { attributes, emojis = [], humanReadable }: NewMarks,
  ): Record<string, unknown> {
    const fields: Record<string, unknown> = { ...attributes }
    if (emojis.length > 0)
      fields[EMOJIS] = unite(
        event.get(EMOJIS),
        emojis.map((name) => EMOJI_CODES[name]),
      )
    if (humanReadable) {
      const line = `[${this.#origin.analyzer}] ${humanReadable.text}`
      const before = asList(event.get(HUMAN_READABLE))
      if (!before.includes(line))
        fields[HUMAN_READABLE] = humanReadable.place === 'last' ? [...before, line] : [line, ...before]
    }
    return fields
  }

  #setField(event: EventView, name: string, value: unknown): void {
    if (event.members.has(name)) {
      if (isDeepStrictEqual(event.get(name), value)) return
      if (isOwnField(event, name)) {
        this.kept.set(name, (this.kept.get(name) ?? 0) + 1)
        return
      }
    }
    this.#values.push({ eventId: event.id, name, value })
  }
}

/** Whether the evidence itself has the field: neither a mark gave it, nor the way the evidence was imported. */
function isOwnField({ event }: EventView, name: string): boolean {
  return (
    !Object.hasOwn(event.marks.attributes, name) &&
    !Object.hasOwn(event.profile.aliases, name) &&
    !Object.hasOwn(event.profile.constants, name)
  )
}

function unite(before: unknown, more: readonly unknown[]): readonly unknown[] {
  return [...new Set([...asList(before), ...more])]
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}

function push(lists: Map<string, string[]>, name: string, id: string): void {
  const list = lists.get(name)
  if (list) list.push(id)
  else lists.set(name, [id])
}

/** What lists hold, which are empty then. */
function take(lists: Map<string, string[]>): [string, string[]][] {
  const all = [...lists]
  lists.clear()
  return all
}
