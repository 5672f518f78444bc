/** Something happened in a sketch that viewers may want to know. */
export interface Change {
  readonly sketchId: number
  /** The sketch's revision after it. */
  readonly revision: number
  readonly kind: 'events' | 'marks' | 'timelines' | 'sketch' | 'import-progress'
  /** Ids concerned: timelineId, operationId, importId … */
  readonly details: Readonly<Record<string, unknown>>
}

/** Changes of sketches as they happen, within this process. */
export interface ChangeFeed {
  /** Tells viewers; never throws. */
  publish(change: Change): void
  /** Changes of one sketch from now on, until the signal aborts. A slow reader loses the oldest beyond 1,000. */
  subscribe(sketchId: number, signal: AbortSignal): AsyncIterable<Change>
}
