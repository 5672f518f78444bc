import type { EventBatch, ImportProfile } from '@timeskein/model'
import type { Hits } from './hits.ts'

/** Where the events of a batch are going to be. */
export interface LiveTarget {
  readonly index: string
  readonly timelineId: number
  /** Row number of the batch's first event in the index; the others follow it. */
  readonly firstSeq: number
  readonly profile: ImportProfile
}

/** Holds rules against batches as they are appended; hits are those of a run over the stored events. */
export interface LiveMatcher {
  /**
   * Finds the hits of one batch: rules first, then correlations that its events complete. The batch's buffers are only read.
   * Batches are matched one after the other, in the order they are appended.
   */
  match(batch: EventBatch, target: LiveTarget): readonly Hits[]
  /** Rules that can be run. */
  readonly ruleCount: number
}
