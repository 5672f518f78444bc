import { isStoreError, StoreError } from '../../../store-error.ts'
import type { Segment } from '../index-handle.ts'
import type { OpenIndex } from './scope-hits.ts'

/**
 * Columns are asked as they are now, not as they were when a question took its snapshot: that tells it at its end. Rows that
 * were added meanwhile are outside of its segments, and merging changes no row.
 *
 * @throws {StoreError} `no-row` when segments that were asked about are gone.
 */
export function refuseIfDropped(indexes: readonly OpenIndex[]): void {
  for (const { context, segments } of indexes) {
    const { segments: now } = context.handle.snapshot
    if (now === context.snapshot.segments) continue
    const gone = segments.find((segment) => !now.some((other) => holds(other, segment)))
    if (!gone) continue
    const { index } = context.handle
    throw new StoreError(
      'no-row',
      `timeline ${gone.timelineId} of index ${index} was dropped during a question`,
    )
  }
}

function holds(outer: Segment, { firstSeq, rowCount }: Segment): boolean {
  return outer.firstSeq <= firstSeq && firstSeq + rowCount <= outer.firstSeq + outer.rowCount
}

/** Asks once more, of what is left, where a timeline was dropped in the middle of a question. */
export async function askAgainIfDropped<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!isStoreError(error) || error.code !== 'no-row') throw error
    return await ask()
  }
}
