import { MAX_CHUNK_NODES, MAX_RECORD_NODES } from '../limits.ts'
import { RecordError } from '../record-error.ts'

/** Counts what the records of one chunk cost, so that a few bytes cannot become an endless tree. */
export class NodeBudget {
  #ofRecord = 0
  #ofChunk = 0

  startChunk(): void {
    this.#ofChunk = 0
    this.#ofRecord = 0
  }

  startRecord(): void {
    this.#ofRecord = 0
  }

  /** @throws {RecordError} `over-limit` when it is more than a record or a chunk may cost. */
  spend(count = 1): void {
    this.#ofRecord += count
    this.#ofChunk += count
    if (this.#ofRecord > MAX_RECORD_NODES) throw tooMany('a record', 'MAX_RECORD_NODES', MAX_RECORD_NODES)
    if (this.#ofChunk > MAX_CHUNK_NODES) throw tooMany('a chunk', 'MAX_CHUNK_NODES', MAX_CHUNK_NODES)
  }
}

function tooMany(owner: string, limit: string, count: number): RecordError {
  return new RecordError(
    'over-limit',
    `expected ${owner} of at most ${count} elements and texts (${limit}), found more`,
  )
}
