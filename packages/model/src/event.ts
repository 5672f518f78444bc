/** Names of the fields that every event answers to, whatever its input called them (Timesketch's mandatory fields). */
export const EVENT_FIELDS = ['datetime', 'timestamp', 'timestamp_desc', 'message'] as const

/** One stored event with its marks. */
export interface StoredEvent {
  /** Name of the search index that holds the event (32 hex digits). */
  readonly index: string
  /** Identity of the event: unique over all indexes of a store, stable for its life, free of query syntax characters. */
  readonly id: string
  /** Row number in its index, from 0, in the order of arrival. */
  readonly seq: number
  readonly timelineId: number
  /** Microseconds since 1970-01-01T00:00:00Z, rounded down. */
  readonly timeUs: bigint
  /** 0 to 999 nanoseconds to add to `timeUs`. */
  readonly nanos: number
  /** The event as it was sent: the text of one JSON object. */
  readonly source: string
  /** What stands for `message`, `timestamp_desc` and others where the source has no such field. */
  readonly profile: import('./event-batch.ts').ImportProfile
  readonly marks: EventMarks
}

/** What people and analyzers have said about one event. */
export interface EventMarks {
  /** Tags in force that marks added; the source's own `tag` values are not in it. */
  readonly tags: readonly string[]
  /** Values of the source's own `tag` that were taken away. */
  readonly removedTags: readonly string[]
  /** Labels of every sketch (`__ts_star`, `__ts_hidden`, `__ts_comment`, own words). */
  readonly labels: readonly { readonly name: string; readonly sketchId: number; readonly userId: number }[]
  /** Attributes added after import, by name; values are JSON. */
  readonly attributes: Readonly<Record<string, unknown>>
}
