import { Buffer } from 'node:buffer'
import type { EventBatch } from '@timeskein/model'
import { BatchSpace } from '@timeskein/model/events'
import type { SourceBlock } from '../../../prepared-segment.ts'
import { packFrame } from './pack-frame.ts'
import { type MakeRoom, unpackFrame } from './unpack-frame.ts'

/** Source text of a block before compression; a single row larger than that gets a block of its own. */
const BLOCK_BYTES = 128 * 1024

/** Source text of consecutive rows, unpacked: row `i` is `bytes[offsets[i]] … bytes[offsets[i + 1]]`. */
export interface UnpackedBlock {
  readonly bytes: Buffer
  readonly offsets: Uint32Array
}

/**
 * Packs the source text of a batch into blocks. Format: `SourceBlock`.
 *
 * @param space - What the blocks are put into. @default memory of their own
 */
export function packSource(
  source: EventBatch['source'],
  rowCount: number,
  space: BatchSpace = new BatchSpace(),
): SourceBlock[] {
  const { bytes, offsets } = source
  const blocks: SourceBlock[] = []
  // Bytes of memory that threads share are copied one by one by `set`, where they do not stand at a multiple of eight.
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let buffer = new Uint8Array(Math.min(BLOCK_BYTES * 2, rowCount * 4 + offsets[rowCount]!))
  let firstRow = 0
  while (firstRow < rowCount) {
    const end = findBlockEnd(offsets, firstRow, rowCount)
    const count = end - firstRow
    const start = offsets[firstRow]!
    const size = count * 4 + offsets[end]! - start
    if (size > buffer.length) buffer = new Uint8Array(size)
    const raw = buffer.subarray(0, size)
    writeSizes(new DataView(raw.buffer), offsets, firstRow, count)
    all.copy(raw, count * 4, start, offsets[end]!)
    blocks.push({ firstRow, rowCount: count, data: space.copyBytes(packFrame(raw)) })
    firstRow = end
  }
  return blocks
}

/** One past the last row of the block that begins with a row. */
function findBlockEnd(offsets: Uint32Array, firstRow: number, rowCount: number): number {
  const limit = offsets[firstRow]! + BLOCK_BYTES
  let end = firstRow + 1
  while (end < rowCount && offsets[end + 1]! <= limit) end++
  return end
}

function writeSizes(view: DataView, offsets: Uint32Array, firstRow: number, count: number): void {
  for (let i = 0; i < count; i++)
    view.setUint32(i * 4, offsets[firstRow + i + 1]! - offsets[firstRow + i]!, true)
}

/**
 * Unpacks one block.
 *
 * @param makeRoom - @default memory of its own
 * @throws {RangeError} When the block does not hold `rowCount` rows, or is no zstd frame.
 */
export function unpackSource(data: Uint8Array, rowCount: number, makeRoom?: MakeRoom): UnpackedBlock {
  const raw = unpackFrame(data, makeRoom)
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const offsets = new Uint32Array(rowCount + 1)
  offsets[0] = rowCount * 4
  if (raw.length < rowCount * 4)
    throw new RangeError(`source block of ${rowCount} rows expected, found ${raw.length} bytes`)
  for (let i = 0; i < rowCount; i++) offsets[i + 1] = offsets[i]! + view.getUint32(i * 4, true)
  if (offsets[rowCount] !== raw.length) {
    throw new RangeError(`source block of ${offsets[rowCount]} bytes expected, found ${raw.length}`)
  }
  return { bytes: raw, offsets }
}

/** Compresses bytes into one zstd frame (RFC 8878), in memory of its own. */
export function pack(bytes: Uint8Array): Uint8Array {
  return packFrame(bytes).slice()
}
