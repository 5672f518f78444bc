import type { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { readU16, readU32, readU64AsDouble } from '../bytes.ts'
import { CHUNK_BYTES, FILE_HEADER_BYTES } from '../limits.ts'

/** `ElfFile` and a zero byte. */
export const FILE_MAGIC = 'ElfFile\0'
/** `ElfChnk` and a zero byte. */
export const CHUNK_MAGIC = 'ElfChnk\0'

/** Bytes of a file that `findFirstChunk` looks at. */
export const MAGIC_BYTES: number = FILE_HEADER_BYTES + 8

const HEADER_BYTES = 128
const IS_DIRTY = 1
const HAS_NO_CHECKSUMS = 4

/** What a file's header says. Nothing in it is needed to read the records, and a log that was not closed properly has it out of date. */
export interface FileHeader {
  /** The log was not closed: numbers in the header are those of an earlier moment. */
  readonly isDirty: boolean
  /** True also where the header says that there is none. */
  readonly isChecksumRight: boolean
  /** `3.1`. */
  readonly version: string
  /**
   * Chunks that must be in the file, where the header can be believed: it is clean and its checksum is there and right. A log
   * may have more; undefined where nothing can be said.
   */
  readonly knownChunks: number | undefined
}

/**
 * Tells an event log by its content.
 *
 * @param head - The first `MAGIC_BYTES`, or all there are.
 * @returns Where the first chunk begins: behind the header, also behind one that is damaged, or at once when chunks stand alone;
 *   undefined when it is no event log.
 */
export function findFirstChunk(head: Buffer): number | undefined {
  if (startsWith(head, 0, FILE_MAGIC)) return FILE_HEADER_BYTES
  if (startsWith(head, FILE_HEADER_BYTES, CHUNK_MAGIC)) return FILE_HEADER_BYTES
  return startsWith(head, 0, CHUNK_MAGIC) ? 0 : undefined
}

/**
 * Reads a file's header.
 *
 * Format: libyal/libevtx, Windows XML Event Log (EVTX), file header.
 *
 * @param head - The first bytes of the file.
 * @returns Undefined when the header's magic is wrong.
 */
export function readFileHeader(head: Buffer): FileHeader | undefined {
  if (head.length < HEADER_BYTES || !startsWith(head, 0, FILE_MAGIC)) return undefined
  const flags = readU32(head, 120)
  const isDirty = (flags & IS_DIRTY) !== 0
  const hasChecksum = (flags & HAS_NO_CHECKSUMS) === 0
  const isChecksumRight = !hasChecksum || crc32(head.subarray(0, 120)) === readU32(head, 124)
  return {
    isDirty,
    isChecksumRight,
    version: `${readU16(head, 38)}.${readU16(head, 36)}`,
    knownChunks: !isDirty && hasChecksum && isChecksumRight ? countKnownChunks(head) : undefined,
  }
}

/**
 * The less of what the header says twice, as its count of 16 bits lags behind in long logs: that count, and the place of the
 * chunk that was written last. A log that has come round to its beginning again was full before.
 */
function countKnownChunks(head: Buffer): number {
  const count = readU16(head, 42)
  const oldest = readU64AsDouble(head, 8)
  const last = readU64AsDouble(head, 16)
  return oldest > last ? count : Math.min(count, last + 1)
}

/** Where a chunk begins in the file, by its number from 0. */
export function placeOfChunk(number: number, firstChunkAt: number): number {
  return firstChunkAt + number * CHUNK_BYTES
}

/** Whether a text of single bytes stands at a place. */
export function startsWith(bytes: Buffer, at: number, magic: string): boolean {
  return bytes.length >= at + magic.length && bytes.toString('latin1', at, at + magic.length) === magic
}
