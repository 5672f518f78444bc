import type { StoredEvent } from '@timeskein/model'
import type { FieldPick } from './field-pick.ts'

/**
 * An event as one sketch sees it: its source, what stands for the fields every event has, and its marks.
 *
 * Values are kept as the JSON text they came as, so that what goes out is what came in: a number of 30 digits, or
 * `1.0`. Nothing is parsed unless asked for.
 */
export interface EventView {
  readonly event: StoredEvent
  readonly id: string
  readonly index: string
  readonly timelineId: number
  readonly timeUs: bigint
  readonly nanos: number
  /**
   * JSON text of each top-level field: the source's own, then those that stand for what it lacks (`datetime`, `timestamp`,
   * `timestamp_desc`, `message`), attributes added, and `tag` as marks left it (absent when there is none).
   */
  readonly members: ReadonlyMap<string, string>
  /** Some of `members`, in their order, and maybe others: for many events of which little is wanted. Nothing of it is kept. */
  pick(fields: FieldPick): ReadonlyMap<string, string>
  /** Labels of this sketch, without repetition. */
  readonly labels: readonly string[]
  /** Tags in force. */
  readonly tags: readonly string[]
  /** The parsed value of a top-level field, or of a dotted path into it; undefined when absent. */
  get(path: string): unknown
  /**
   * The source as JSON text.
   *
   * @param paths - Only these fields (top-level names, dotted paths, `*` in either); left out: all.
   * @param extra - Members to add at the end, as JSON text by name; they stand in place of the event's own of these names.
   * @param hidden - The event's own members of these names are left out.
   */
  toJson(paths?: readonly string[], extra?: ReadonlyMap<string, string>, hidden?: ReadonlySet<string>): string
  /** The source as an object without prototype (numbers beyond 2^53 lose digits: use `toJson` for answers). */
  toObject(paths?: readonly string[]): Record<string, unknown>
}
