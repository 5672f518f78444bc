import type { EventView } from '../../../services/events/event-view.ts'
import { wants } from './return-fields.ts'

/** Members that we make; a source's own members of these names are not looked at for them. */
const MADE: ReadonlySet<string> = new Set([
  'label',
  'comment',
  'timesketch_label',
  '__ts_timeline_id',
  '_index',
  '_id',
])

/** Fields of a source that Timesketch takes away at import: of an event that was exported before, they would hide which one it is now. */
export const RESERVED_FIELDS: ReadonlySet<string> = new Set([
  '_id',
  '_index',
  '_source',
  '_type',
  'timesketch_label',
])

/** Comments of events, by event id, oldest first. */
export type CommentsByEvent = ReadonlyMap<string, readonly string[]>

/**
 * A hit of a search as JSON text. Values of the source keep the very text they came as.
 *
 * @param fields - Wanted fields; `comment` among them adds the comments.
 */
export function hitText(view: EventView, fields: readonly string[], comments: CommentsByEvent): string {
  const extra = new Map<string, string>()
  if (wants(fields, '__ts_timeline_id')) extra.set('__ts_timeline_id', String(view.timelineId))
  if (wants(fields, 'comment')) extra.set('comment', JSON.stringify(comments.get(view.id) ?? []))
  extra.set('label', JSON.stringify(view.labels))
  const source = view.toJson(ownFields(fields), extra, RESERVED_FIELDS)
  const head = `{"_index":${JSON.stringify(view.index)},"_id":${JSON.stringify(view.id)},"_score":null,"_source":`
  return `${head}${source},"selected":false,"sort":[${sortValue(view)}]}`
}

/**
 * An event of an export stream as one line of JSON, without the line end. `timesketch_label` is as it is stored, for this
 * sketch alone.
 */
export function exportText(view: EventView, fields: readonly string[], sketchId: number): string {
  const extra = new Map<string, string>()
  if (wants(fields, '__ts_timeline_id')) extra.set('__ts_timeline_id', String(view.timelineId))
  if (view.labels.length > 0 && wants(fields, 'timesketch_label')) {
    extra.set('timesketch_label', JSON.stringify(marshalLabels(view, sketchId)))
  }
  extra.set('_id', JSON.stringify(view.id))
  extra.set('_index', JSON.stringify(view.index))
  return view.toJson(ownFields(fields), extra, RESERVED_FIELDS)
}

/** The whole event for `GET …/event/`. */
export function eventText(view: EventView): string {
  const extra = new Map([
    ['__ts_timeline_id', String(view.timelineId)],
    ['_id', JSON.stringify(view.id)],
    ['_index', JSON.stringify(view.index)],
  ])
  return view.toJson(undefined, extra, RESERVED_FIELDS)
}

/** The time by which hits are sorted: milliseconds, rounded down. */
function sortValue(view: EventView): string {
  const millis = view.timeUs / 1000n
  return String(view.timeUs % 1000n < 0n ? millis - 1n : millis)
}

const ownFieldsOf = new WeakMap<readonly string[], readonly string[]>()

/** One list serves every event of an answer, so that what is made of it is made once. */
function ownFields(fields: readonly string[]): readonly string[] {
  let own = ownFieldsOf.get(fields)
  if (!own) {
    own = fields.filter((field) => !MADE.has(field))
    ownFieldsOf.set(fields, own)
  }
  return own
}

function marshalLabels(view: EventView, sketchId: number): Record<string, unknown>[] {
  return view.event.marks.labels
    .filter((label) => label.sketchId === sketchId)
    .map((label) => ({ name: label.name, user_id: label.userId, sketch_id: label.sketchId }))
}
