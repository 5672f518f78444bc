import type { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { readU32, readU64AsDouble } from '../bytes.ts'
import { CHUNK_BYTES, CHUNK_HEADER_BYTES } from '../limits.ts'
import { CHUNK_MAGIC, startsWith } from './file-header.ts'

const HAS_NO_CHECKSUMS = 4

/** What a chunk says of its records. */
export interface ChunkHeader {
  readonly firstRecordId: number
  readonly lastRecordId: number
  /** Where the last record begins. */
  readonly lastRecordAt: number
  /** Where free space begins, as it is written: it may lie anywhere. */
  readonly freeSpaceAt: number
  /** True also where the header says that there is none. */
  readonly isHeaderChecksumRight: boolean
  /** The same of the records. */
  readonly isDataChecksumRight: boolean
}

/**
 * Reads a chunk's header. The tables of names and templates in it are hints that may be wrong; nothing needs them.
 *
 * Format: libyal/libevtx, Windows XML Event Log (EVTX), chunk.
 *
 * @param chunk - The chunk, or as much of it as there is.
 * @returns Undefined when it does not begin with the magic of a chunk, or less than a header is there.
 */
export function readChunkHeader(chunk: Buffer): ChunkHeader | undefined {
  if (chunk.length < CHUNK_HEADER_BYTES || !startsWith(chunk, 0, CHUNK_MAGIC)) return undefined
  const freeSpaceAt = readU32(chunk, 48)
  const isUnchecked = (readU32(chunk, 120) & HAS_NO_CHECKSUMS) !== 0
  const headerSum = crc32(chunk.subarray(128, CHUNK_HEADER_BYTES), crc32(chunk.subarray(0, 120)))
  const hasWholeData = freeSpaceAt >= CHUNK_HEADER_BYTES && freeSpaceAt <= Math.min(chunk.length, CHUNK_BYTES)
  return {
    firstRecordId: readU64AsDouble(chunk, 24),
    lastRecordId: readU64AsDouble(chunk, 32),
    lastRecordAt: readU32(chunk, 44),
    freeSpaceAt,
    isHeaderChecksumRight: isUnchecked || headerSum === readU32(chunk, 124),
    isDataChecksumRight:
      isUnchecked ||
      (hasWholeData && crc32(chunk.subarray(CHUNK_HEADER_BYTES, freeSpaceAt)) === readU32(chunk, 52)),
  }
}

/** Whether nothing but zeroes stands between two places: space that was set aside and never used. */
export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false
  return true
}
