import type { PackedTerms } from './text/terms/packed-terms.ts'

/**
 * What a worker thread makes of a batch beside its columns, so that the store's own thread only has to write: the word
 * index, the source text in compressed blocks, the time order and a hash of each row.
 */
export interface PreparedSegment {
  readonly terms: PackedTerms
  readonly blocks: readonly SourceBlock[]
  /** Row numbers by ascending time (ties by row number); undefined when the rows stand in that order already. */
  readonly timeOrder: Uint32Array | undefined
  /** 64-bit hash of each row's source bytes; equal rows have equal hashes, unequal ones nearly always differ (compare the bytes). */
  readonly hashes: BigUint64Array
}

/** The source text of consecutive rows of a segment, compressed. Format: section 2 of docs/formats.md. */
export interface SourceBlock {
  /** First row of the block, counted in the batch. */
  readonly firstRow: number
  readonly rowCount: number
  /** zstd frame of: `rowCount` little-endian 32-bit byte lengths, then the rows' bytes one after the other. */
  readonly data: Uint8Array
}
