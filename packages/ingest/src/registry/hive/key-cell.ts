import type { Buffer } from 'node:buffer'

/** One key of a hive, without what is below it. */
export interface HiveKey {
  readonly name: string
  /** The cell that it is in; no two keys have one. */
  readonly cell: number
  /** Low and high half of the FILETIME of the last change of the key or its values. */
  readonly writtenLow: number
  readonly writtenHigh: number
  readonly subkeyCount: number
  readonly subkeysCell: number
  readonly valueCount: number
  readonly valuesCell: number
}

const FIXED_BYTES = 76
const HAS_LATIN_NAME = 0x20

/**
 * Reads a key: "nk", flags at 2, FILETIME at 4, number of keys below at 20 and their list at 28, number of values at 36 and their list
 * at 40, length of the name at 72, the name at 76.
 *
 * @param bytes - The content of its cell.
 * @returns Undefined when it is none.
 */
export function readKeyCell(bytes: Buffer, cell: number): HiveKey | undefined {
  if (bytes.length < FIXED_BYTES || bytes.toString('latin1', 0, 2) !== 'nk') return undefined
  return {
    name: readName(
      bytes,
      FIXED_BYTES,
      bytes.readUInt16LE(72),
      (bytes.readUInt16LE(2) & HAS_LATIN_NAME) !== 0,
    ),
    cell,
    writtenLow: bytes.readUInt32LE(4),
    writtenHigh: bytes.readUInt32LE(8),
    subkeyCount: bytes.readUInt32LE(20),
    subkeysCell: bytes.readUInt32LE(28),
    valueCount: bytes.readUInt32LE(36),
    valuesCell: bytes.readUInt32LE(40),
  }
}

/** A name of one byte a character, or of UTF-16. */
export function readName(bytes: Buffer, start: number, sizeBytes: number, isLatin: boolean): string {
  return bytes.toString(isLatin ? 'latin1' : 'utf16le', start, start + sizeBytes)
}
