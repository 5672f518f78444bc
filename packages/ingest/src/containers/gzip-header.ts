import type { Buffer } from 'node:buffer'

/** CRC-32 and size modulo 2^32 behind the deflate data of a member. */
export const GZIP_TRAILER_BYTES = 8

/** The longest header that is read: a full extra field, and a name and a comment of several KiB. */
export const MAX_GZIP_HEADER_BYTES: number = 128 * 1024

const HAS_CHECKSUM = 0x02
const HAS_EXTRA = 0x04
const HAS_NAME = 0x08
const HAS_COMMENT = 0x10
const RESERVED = 0xe0

/**
 * Measures the header of a gzip member (RFC 1952, 2.3).
 *
 * @param bytes - Begin where the member should begin.
 * @returns Its bytes; 0 when it goes on behind `bytes`; undefined when no member begins here.
 */
export function measureGzipHeader(bytes: Buffer): number | undefined {
  const isOther = [0x1f, 0x8b, 8].some((wanted, at) => at < bytes.length && bytes[at] !== wanted)
  if (isOther) return undefined
  if (bytes.length < 10) return 0
  const flags = bytes[3]!
  if ((flags & RESERVED) !== 0) return undefined
  let at = 10
  if (flags & HAS_EXTRA) {
    if (bytes.length < at + 2) return 0
    at += 2 + bytes.readUInt16LE(at)
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue
    const end = at < bytes.length ? bytes.indexOf(0, at) : -1
    if (end < 0) return 0
    at = end + 1
  }
  if (flags & HAS_CHECKSUM) at += 2
  return at <= bytes.length ? at : 0
}
