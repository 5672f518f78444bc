import type { Buffer } from 'node:buffer'
import { readName } from './key-cell.ts'

/** Types of values (Microsoft, winnt.h). */
export const VALUE_TYPES = [
  'REG_NONE',
  'REG_SZ',
  'REG_EXPAND_SZ',
  'REG_BINARY',
  'REG_DWORD_LE',
  'REG_DWORD_BE',
  'REG_LINK',
  'REG_MULTI_SZ',
  'REG_RESOURCE_LIST',
  'REG_FULL_RESOURCE_DESCRIPTOR',
  'REG_RESOURCE_REQUIREMENT_LIST',
  'REG_QWORD',
] as const

/** One value of a key, without its data where they stand elsewhere. */
export interface HiveValue {
  /** Empty for the key's own value. */
  readonly name: string
  /** A place in `VALUE_TYPES`, or whatever else stands there. */
  readonly type: number
  readonly sizeBytes: number
  /** Data of up to four bytes. */
  readonly inline: Buffer | undefined
  readonly dataCell: number
}

const FIXED_BYTES = 20
const HAS_LATIN_NAME = 1
const IS_INLINE = 0x80000000

/**
 * Reads a value: "vk", length of the name at 2, size of the data at 4 (its first bit: they are up to four bytes and stand in place of
 * their cell), their cell at 8, type at 12, flags at 16, the name at 20.
 *
 * @param bytes - The content of its cell.
 * @returns Undefined when it is none.
 */
export function readValueCell(bytes: Buffer): HiveValue | undefined {
  if (bytes.length < FIXED_BYTES || bytes.toString('latin1', 0, 2) !== 'vk') return undefined
  const size = bytes.readUInt32LE(4)
  const isInline = size >= IS_INLINE
  const sizeBytes = isInline ? Math.min(4, size - IS_INLINE) : size
  return {
    name: readName(
      bytes,
      FIXED_BYTES,
      bytes.readUInt16LE(2),
      (bytes.readUInt16LE(16) & HAS_LATIN_NAME) !== 0,
    ),
    type: bytes.readUInt32LE(12),
    sizeBytes,
    inline: isInline ? bytes.subarray(8, 8 + sizeBytes) : undefined,
    dataCell: bytes.readUInt32LE(8),
  }
}

/** UTF-16 text up to its first NUL. */
export function readText(data: Buffer): string {
  const text = data.toString('utf16le', 0, data.length & ~1)
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}
