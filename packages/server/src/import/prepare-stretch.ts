import type { StretchOutcome } from '@timeskein/ingest'
import type { StretchJob, StretchRunner } from '@timeskein/ingest/stretch'
import type { PreparedSegment } from '@timeskein/store'
import { prepareSegment, type TermIndexBuilder } from '@timeskein/store/prepare-segment'

/** What became of a stretch: rows with everything that could be made of them outside the store's own thread. */
export type PreparedStretch = StretchOutcome<PreparedSegment>

/** Reads a stretch and prepares its batches, in whatever thread it is called. */
export function prepareStretch(
  runner: StretchRunner,
  builder: TermIndexBuilder,
  job: StretchJob,
): PreparedStretch {
  const { batches, ...rest } = runner.run(job)
  return { ...rest, batches: batches.map((batch) => ({ batch, prepared: prepareSegment(batch, builder) })) }
}
