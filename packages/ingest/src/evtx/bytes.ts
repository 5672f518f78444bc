import type { Buffer } from 'node:buffer'
import { RecordError } from './record-error.ts'

/** Little-endian numbers of a chunk. Nothing here checks bounds: `requireBytes` does, once for several reads. */

const TWO_TO_32 = 4_294_967_296

export function readU16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

export function readU32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/** An unsigned number of 64 bits as a double: exact up to 2^53, which no honest record id or file offset passes. */
export function readU64AsDouble(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at + 4) * TWO_TO_32 + readU32(bytes, at)
}

/**
 * Makes sure that bytes may be read.
 *
 * @param end - What is read must end before this byte (exclusive).
 * @param what - What would be read, for the error.
 * @throws {RecordError}
 */
export function requireBytes(at: number, sizeBytes: number, end: number, what: string): void {
  if (at < 0 || at + sizeBytes > end)
    throw new RecordError(
      'bad-record',
      `expected ${sizeBytes} bytes of ${what} at ${toHex(at)} of the chunk, found ${Math.max(0, end - at)}`,
    )
}

/** UTF-16 text, as it stands. */
export function readUtf16(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf16le', start, end)
}

/** A number as in `0x1a2`. */
export function toHex(value: number): string {
  return `0x${value.toString(16)}`
}
