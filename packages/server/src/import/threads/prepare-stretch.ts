import type { StretchOutcome } from '@timeskein/ingest'
import { type StretchJob, StretchRunner } from '@timeskein/ingest/stretch'
import type { BatchSpace } from '@timeskein/model'
import type { PreparedSegment } from '@timeskein/store'
import { prepareSegment, TermIndexBuilder } from '@timeskein/store/prepare-segment'

/** What became of a stretch: rows with everything that could be made of them outside the store's own thread. */
export type PreparedStretch = StretchOutcome<PreparedSegment>

/**
 * Bytes after which a thread begins anew with the next text: readers, tables and a kernel that grew to what a large text needed
 * keep some hundred megabytes, which those of another format do not use.
 */
const RENEWED_AFTER_BYTES = 8 * 1024 * 1024

/** Reads stretches and prepares their batches, in whatever thread it is called. One for each thread. */
export class StretchPreparer {
  readonly #space: BatchSpace | undefined
  readonly #renewedAfterBytes: number
  #runner: StretchRunner
  #builder = new TermIndexBuilder()
  /** Texts that it has read since it began anew, and their bytes. */
  readonly #texts = new Set<string>()
  #bytes = 0

  /** @param space - What is made of stretches goes into it. @default memory of their own */
  constructor(space?: BatchSpace, renewedAfterBytes: number = RENEWED_AFTER_BYTES) {
    this.#space = space
    this.#renewedAfterBytes = renewedAfterBytes
    this.#runner = new StretchRunner(space)
  }

  prepare(job: StretchJob): PreparedStretch {
    if (this.#bytes > this.#renewedAfterBytes && !this.#texts.has(job.textId)) this.#renew()
    this.#texts.add(job.textId)
    this.#bytes += job.bytes.length
    const { batches, ...rest } = this.#runner.run(job)
    const prepared = batches.map((batch) => ({
      batch,
      prepared: prepareSegment(batch, this.#builder, this.#space),
    }))
    return { ...rest, batches: prepared }
  }

  #renew(): void {
    this.#runner = new StretchRunner(this.#space)
    this.#builder = new TermIndexBuilder()
    this.#texts.clear()
    this.#bytes = 0
  }
}
