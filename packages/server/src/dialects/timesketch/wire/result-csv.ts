import { escapeCsvCell, formatCsvHeader } from '@timeskein/model'
import { readTags } from '../../../services/events/create-event-view.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import { FieldPick } from '../../../services/events/field-pick.ts'
import { type CommentsByEvent, RESERVED_FIELDS } from './hit.ts'
import { wants } from './return-fields.ts'

/** Writes events as rows of CSV, as Timesketch's exports do (Timesketch 20261014: api/v1/export.py). */
export interface ResultCsv {
  header(): string
  row(view: EventView): string
}

/** Columns of the events themselves: those found among the wanted fields, in the order in which they appear. */
export class ColumnCollector {
  readonly #fields: readonly string[]
  readonly #wantsTimeline: boolean
  readonly #columns = new Set<string>()
  /** Fields that have not been found yet; undefined where patterns leave open which there are. */
  #missing: FieldPick | undefined

  constructor(fields: readonly string[]) {
    this.#fields = fields
    this.#wantsTimeline = wants(fields, TIMELINE)
    if (!fields.some((field) => field.includes('*'))) this.#missing = new FieldPick(fields.filter(isOwn))
  }

  /** No other event can have another column. */
  get isComplete(): boolean {
    return this.#missing?.names.size === 0
  }

  add(view: EventView): void {
    if (this.isComplete) return
    for (const name of this.#listNew(view)) this.#columns.add(name)
    if (this.#wantsTimeline) this.#columns.add(TIMELINE)
    const { names } = this.#missing ?? {}
    if (names && !names.isDisjointFrom(this.#columns))
      this.#missing = new FieldPick(names.difference(this.#columns))
  }

  columns(): string[] {
    return [...this.#columns]
  }

  /** Wanted fields of an event that have no column yet. */
  #listNew(view: EventView): string[] {
    const missing = this.#missing
    if (missing) return [...view.pick(missing).keys()].filter((name) => missing.names.has(name))
    const isNew = (name: string): boolean => !this.#columns.has(name) && isOwn(name)
    return [...view.members.keys()].filter((name) => isNew(name) && wants(this.#fields, name))
  }
}

/** The column that no event has as a field of its own. */
const TIMELINE = '__ts_timeline_id'

/** Labels have a column of their own, and so has what says which event it is. */
function isOwn(name: string): boolean {
  return name !== 'label' && !RESERVED_FIELDS.has(name)
}

/** @param comments - Adds a column `comment` when given. */
export function makeResultCsv(columns: readonly string[], comments?: CommentsByEvent): ResultCsv {
  const own = columns.filter((name) => name !== 'comment' || comments === undefined)
  const names = [...own, ...(comments ? ['comment'] : []), 'label', '_id', '_index']
  const fields = new FieldPick(own)
  return {
    header: () => formatCsvHeader(names),
    row(view) {
      const members = view.pick(fields)
      let line = ''
      for (const name of own)
        line += `${name === TIMELINE ? view.timelineId : csvCell(name, members.get(name))},`
      if (comments) line += `${escapeCsvCell(pythonText(comments.get(view.id) ?? []))},`
      const labels = view.labels.length === 0 ? '[]' : escapeCsvCell(pythonText(view.labels))
      return `${line}${labels},${escapeCsvCell(view.id)},${escapeCsvCell(view.index)}\r\n`
    },
  }
}

/** @param text - The value as JSON text; undefined where the event has none. */
function csvCell(name: string, text: string | undefined): string {
  if (text === undefined || text === 'null') return ''
  if (name === 'tag' || !isPlainText(text)) return escapeCsvCell(cellText(name, text))
  // In quotes it stands there already.
  return text.includes(',') ? text : text.slice(1, -1)
}

/**
 * A text of JSON without escapes has no quote and no line end in it. Formulas begin with characters up to `@`: what does begin with
 * one of these, and is no digit, is looked at more closely.
 */
function isPlainText(json: string): boolean {
  const first = json.charCodeAt(1)
  return (
    json.charCodeAt(0) === 0x22 && (first > 0x40 || (first >= 0x30 && first <= 0x39)) && !json.includes('\\')
  )
}

function cellText(name: string, text: string): string {
  if (name === 'tag') return readTags(text).join(',')
  switch (text[0]) {
    case '"':
      return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
    case '[':
    case '{':
    case 't':
    case 'f':
      return pythonText(JSON.parse(text))
    default:
      return text
  }
}

/** A value as Python prints it: what pandas writes into a cell. */
function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') {
    const escaped = value
      .replaceAll('\\', '\\\\')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')
      .replaceAll('\t', '\\t')
    return value.includes("'") && !value.includes('"')
      ? `"${escaped}"`
      : `'${escaped.replaceAll("'", "\\'")}'`
  }
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).map(
      ([name, member]) => `${pythonRepr(name)}: ${pythonRepr(member)}`,
    )
    return `{${members.join(', ')}}`
  }
  return String(value)
}
