import type { EventRow } from '../backend/backend.ts'

/** An event's fields, by top-level name or dotted path. */
export interface ParsedEvent {
  readonly names: readonly string[]
  /** The value; `_id` and `timeline` are fields too. Undefined when there is none. */
  get(path: string): unknown
}

/** Parses an event's text for output that picks fields. */
export function parseEvent(row: EventRow): ParsedEvent {
  const fields: Record<string, unknown> = JSON.parse(row.json)
  return {
    names: Object.keys(fields),
    get(path) {
      if (path === '_id') return row.id
      if (path === 'timeline') return row.timeline
      return readPath(fields, path)
    },
  }
}

/** A value as the text of one cell: text as it is, everything else as JSON; nothing for no value. */
export function toCellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

// A name with dots in it counts before a path through objects.
function readPath(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path]
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot)
    if (!Object.hasOwn(value, name)) continue
    const found = readPath((value as Record<string, unknown>)[name], path.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}
