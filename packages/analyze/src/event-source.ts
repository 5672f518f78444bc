import type { Query } from '@timeskein/query'

/** One event, as far as analysis looks into it. */
export interface ReadEvent {
  readonly id: string
  /** Name of the index that holds it. */
  readonly index: string
  /** The value of a field, by its name or dotted path; undefined where there is none. */
  get(path: string): unknown
}

/** Where events are read from: the timelines that somebody may read and has chosen. */
export interface EventSource {
  /** Every event that answers, by time unless whoever gives the source says otherwise, in pages; stopping early stops the work. */
  read(query: Query): AsyncIterable<readonly ReadEvent[]>
}
