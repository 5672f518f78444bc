import { formatCsvHeader, formatCsvLine } from '@timeskein/model'
import type { EventView } from '../../../services/events/event-view.ts'
import type { CommentsByEvent } from './hit.ts'
import { wants } from './return-fields.ts'

/** Writes events as rows of CSV, as Timesketch's exports do (Timesketch 20261014: api/v1/export.py). */
export interface ResultCsv {
  header(): string
  row(view: EventView): string
}

/** Columns of the events themselves: those found among the wanted fields, in the order in which they appear. */
export class ColumnCollector {
  readonly #fields: readonly string[]
  readonly #columns = new Set<string>()

  constructor(fields: readonly string[]) {
    this.#fields = fields
  }

  add(view: EventView): void {
    for (const name of view.members.keys()) {
      if (!this.#columns.has(name) && name !== 'label' && wants(this.#fields, name)) this.#columns.add(name)
    }
    if (wants(this.#fields, '__ts_timeline_id')) this.#columns.add('__ts_timeline_id')
  }

  columns(): string[] {
    return [...this.#columns]
  }
}

/** @param comments - Adds a column `comment` when given. */
export function makeResultCsv(columns: readonly string[], comments?: CommentsByEvent): ResultCsv {
  const own = columns.filter((name) => name !== 'comment' || comments === undefined)
  const names = [...own, ...(comments ? ['comment'] : []), 'label', '_id', '_index']
  return {
    header: () => formatCsvHeader(names),
    row(view) {
      const cells = own.map((name) => cellText(view, name))
      if (comments) cells.push(pythonText(comments.get(view.id) ?? []))
      return formatCsvLine([...cells, pythonText(view.labels), view.id, view.index])
    },
  }
}

function cellText(view: EventView, name: string): string {
  if (name === '__ts_timeline_id') return String(view.timelineId)
  if (name === 'tag') return view.tags.join(',')
  const text = view.members.get(name)
  if (text === undefined || text === 'null') return ''
  const first = text[0]
  if (first !== '"' && first !== '[' && first !== '{' && first !== 't' && first !== 'f') return text
  return pythonText(JSON.parse(text))
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
