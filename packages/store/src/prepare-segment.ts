import type { EventBatch } from '@timeskein/model'
import { BatchSpace } from '@timeskein/model/events'
import { packSource } from './engines/duckdb/sources/block-codec.ts'
import type { PreparedSegment } from './prepared-segment.ts'
import { hashRows } from './row-hash.ts'
import { TermIndexBuilder } from './text/terms/term-index-builder.ts'
import { orderByTime } from './time-order.ts'

export { TermIndexBuilder } from './text/terms/term-index-builder.ts'

/**
 * Does everything for a batch that needs no database, so that any thread can do it. Keeps nothing of the batch.
 *
 * @param builder - Used again by threads that prepare many batches.
 * @param space - What all of it is put into. @default memory of its own
 */
export function prepareSegment(
  batch: EventBatch,
  builder: TermIndexBuilder = new TermIndexBuilder(),
  space: BatchSpace = new BatchSpace(),
): PreparedSegment {
  const timeOrder = orderByTime(batch.timesUs, batch.nanos)
  return {
    terms: builder.build(batch, space),
    blocks: packSource(batch.source, batch.rowCount, space),
    timeOrder: timeOrder && space.copyWords(timeOrder),
    hashes: space.copyLongs(hashRows(batch.source, batch.rowCount)),
  }
}
