/** Something happened in a sketch that viewers may want to know. */
export interface Change {
  readonly sketchId: number
  /** The sketch's revision after it. */
  readonly revision: number
  /** `resync`: changes up to this revision were not told; whoever shows something of the sketch is to load it again. */
  readonly kind: 'events' | 'marks' | 'timelines' | 'sketch' | 'alerts' | 'import-progress' | 'resync'
  /** Ids concerned: timelineId, operationId, importId …; of a `resync` how many changes were `dropped`. */
  readonly details: Readonly<Record<string, unknown>>
}

/** Changes of sketches as they happen, within this process. */
export interface ChangeFeed {
  /** Tells viewers; never throws. */
  publish(change: Change): void
  /**
   * Changes of one sketch from this call on, until the signal aborts. A reader that is more than `MAX_WAITING_CHANGES` behind
   * gets a `resync` instead of those that wait.
   */
  subscribe(sketchId: number, signal: AbortSignal): AsyncIterable<Change>
}
