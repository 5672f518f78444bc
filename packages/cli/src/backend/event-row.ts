import { joinMembers, ROW_NAMES, renameOwn, splitMembers } from '@timeskein/model'
import type { EventRow } from './backend.ts'

/** An event's own fields, read when asked for: as one JSON text, or as a text for each top-level field. */
export interface EventText {
  json(): string
  members(): ReadonlyMap<string, string>
  /** False where there certainly is no such field; quick to say. */
  mayHave(name: string): boolean
}

/** Makes a row for output from an event's text; nothing is read before it is needed. */
export function createEventRow(id: string, timeline: string, text: EventText): EventRow {
  return new TextRow(id, timeline, text)
}

/** An event of which there is the text of one JSON object; it is taken apart only when that is needed. */
export function readEventText(json: string): EventText {
  return {
    json: () => json,
    members: () => splitMembers(json),
    // A name may be written with escapes.
    mayHave: (name) => json.includes(`"${name}"`) || json.includes('\\u'),
  }
}

class TextRow implements EventRow {
  readonly id: string
  readonly timeline: string
  readonly #text: EventText
  #members: ReadonlyMap<string, string> | undefined

  constructor(id: string, timeline: string, text: EventText) {
    this.id = id
    this.timeline = timeline
    this.#text = text
  }

  get json(): string {
    return this.#clashes() ? joinMembers(this.members) : this.#text.json()
  }

  get members(): ReadonlyMap<string, string> {
    this.#members ??= renameOwn(this.#text.members())
    return this.#members
  }

  #clashes(): boolean {
    return ROW_NAMES.some((name) => this.#text.mayHave(name) && this.#text.members().has(name))
  }
}
