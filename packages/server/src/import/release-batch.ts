import { type EventBatch, listBatchBuffers } from '@timeskein/model'
import type { PreparedSegment } from '@timeskein/store'
import { listPreparedBuffers } from '@timeskein/store/prepare-segment'

/**
 * Gives the memory of a stored batch back at once. It came from another thread, so no buffer of it is shared with anything;
 * left to the garbage collector, some 40 MB a batch make it go through the whole heap twice for each.
 */
export function releaseBatch(batch: EventBatch, prepared: PreparedSegment): void {
  for (const buffer of [...listBatchBuffers(batch), ...listPreparedBuffers(prepared)]) {
    if (!buffer.detached) buffer.transfer(0)
  }
}
