import { BatchSpace, type EventBatch } from '@timeskein/model'
import { packSource } from './engines/duckdb/sources/block-codec.ts'
import type { PreparedSegment } from './prepared-segment.ts'
import { hashRows } from './row-hash.ts'
import { TermIndexBuilder } from './text/term-index-builder.ts'
import { orderByTime } from './time-order.ts'

export { TermIndexBuilder } from './text/term-index-builder.ts'

/**
 * Does everything for a batch that needs no database, so that any thread can do it. Keeps nothing of the batch.
 *
 * @param builder - Used again by threads that prepare many batches.
 * @param space - What the large parts are put into. @default memory of their own
 */
export function prepareSegment(
  batch: EventBatch,
  builder: TermIndexBuilder = new TermIndexBuilder(),
  space: BatchSpace = new BatchSpace(),
): PreparedSegment {
  return {
    terms: builder.build(batch, space),
    blocks: packSource(batch.source, batch.rowCount, space),
    timeOrder: orderByTime(batch.timesUs, batch.nanos),
    hashes: hashRows(batch.source, batch.rowCount),
  }
}

/** The buffers of a prepared segment, for a transfer list. */
export function listPreparedBuffers(segment: PreparedSegment): ArrayBuffer[] {
  const buffers = new Set<ArrayBufferLike>([segment.terms.bytes.buffer, segment.hashes.buffer])
  if (segment.timeOrder) buffers.add(segment.timeOrder.buffer)
  for (const block of segment.blocks) buffers.add(block.data.buffer)
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer)
}
