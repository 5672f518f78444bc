import { Buffer } from 'node:buffer'
import { readU32 } from '../bytes.ts'

/** Values that are written in digits, straight into bytes of ASCII. Each function returns where it ended. */

const DIGITS = Buffer.from('0123456789abcdef')
const ZERO = 0x30
const DASH = 0x2d
const TWO_TO_32 = 4_294_967_296
/** Order of a GUID's stored bytes as it is written; -1 for a dash. */
const GUID_ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]

/** Bytes that a value takes at most: a SID of 255 parts. */
export const MAX_DIGITS: number = 40 + 255 * 11

/** A whole number from 0 to 2^53 in decimal digits. */
export function writeDecimal(target: Uint8Array, start: number, value: number): number {
  let size = 1
  for (let limit = 10; value >= limit; limit *= 10) size++
  let rest = value
  for (let at = start + size - 1; at >= start; at--) {
    const next = Math.floor(rest / 10)
    target[at] = ZERO + (rest - next * 10)
    rest = next
  }
  return start + size
}

/** `0x1a2` of a number of 64 bits. */
export function writeHexNumber(target: Uint8Array, start: number, low: number, high: number): number {
  target[start] = ZERO
  target[start + 1] = 0x78
  let at = start + 2
  const top = high !== 0 ? high : low
  let size = 8 - (Math.clz32(top) >> 2)
  if (size === 0) size = 1
  at = writeHexDigits(target, at, top, size)
  return high !== 0 ? writeHexDigits(target, at, low, 8) : at
}

/** `{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}`, the first three groups stored in reverse. */
export function writeGuid(target: Uint8Array, start: number, source: Uint8Array, from: number): number {
  let at = start
  target[at++] = 0x7b
  for (let i = 0; i < GUID_ORDER.length; i++) {
    const order = GUID_ORDER[i]!
    if (order < 0) target[at++] = DASH
    else {
      const byte = source[from + order]!
      target[at++] = DIGITS[byte >> 4]!
      target[at++] = DIGITS[byte & 15]!
    }
  }
  target[at++] = 0x7d
  return at
}

/**
 * `S-1-5-…`: revision, number of sub-authorities, authority of 48 bits in big-endian order, sub-authorities ([MS-DTYP] 2.4.2).
 *
 * @returns `start` when the bytes are no SID.
 */
export function writeSid(
  target: Uint8Array,
  start: number,
  source: Uint8Array,
  from: number,
  sizeBytes: number,
): number {
  if (sizeBytes < 8 || sizeBytes !== 8 + source[from + 1]! * 4) return start
  target[start] = 0x53
  target[start + 1] = DASH
  let at = writeDecimal(target, start + 2, source[from]!)
  target[at++] = DASH
  const upper = source[from + 2]! * 256 + source[from + 3]!
  const lower =
    ((source[from + 4]! << 24) | (source[from + 5]! << 16) | (source[from + 6]! << 8) | source[from + 7]!) >>>
    0
  at = writeDecimal(target, at, upper * TWO_TO_32 + lower)
  for (let part = from + 8; part < from + sizeBytes; part += 4) {
    target[at++] = DASH
    at = writeDecimal(target, at, readU32(source, part))
  }
  return at
}

function writeHexDigits(target: Uint8Array, start: number, value: number, size: number): number {
  for (let i = 0; i < size; i++) target[start + i] = DIGITS[(value >>> ((size - 1 - i) * 4)) & 15]!
  return start + size
}
