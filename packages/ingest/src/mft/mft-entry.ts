import type { Buffer } from 'node:buffer'
import { MAX_ENTRY_BYTES } from './limits.ts'

/*
 * An entry (libfsntfs, "New Technologies File System (NTFS)", section "MFT entry"): "FILE" at 0, place and number of fix-up values at 4
 * and 6, sequence number at 16, place of the first attribute at 20, flags at 22 (1 in use, 2 folder), used size at 24, allocated size at
 * 28, base entry at 32. The last two bytes of each sector stand in the fix-up values and are replaced by the first of these.
 * An attribute: type at 0, size at 4, non-resident at 8, length and place of its name at 9 and 10; resident: size of the data at 16,
 * their place at 20.
 */
export const SIGNATURE = 0x454c4946
const BAD_SIGNATURE = 0x44414142
const SECTOR_BYTES = 512
const FIXUP_COUNT_AT = 6
const END_OF_ATTRIBUTES = 0xffffffff

/** What an entry says of itself. */
export interface EntryHeader {
  readonly sequence: number
  readonly isUsed: boolean
  readonly isFolder: boolean
  /** Entry that this one goes on; 0 for those that stand by themselves. */
  readonly baseEntry: number
  readonly baseSequence: number
  readonly firstAttribute: number
  /** Bytes in use, at most those that there are. */
  readonly end: number
}

/** Entry size of a $MFT, by its first entry; undefined when it is none. */
export function measureEntry(head: Buffer): number | undefined {
  if (head.length < 48 || head.readUInt32LE(0) !== SIGNATURE) return undefined
  const size = head.readUInt32LE(28)
  const isSize = size === 1024 || size === 2048 || size === MAX_ENTRY_BYTES
  const fixups = head.readUInt16LE(6)
  return isSize && fixups === size / SECTOR_BYTES + 1 && head.readUInt16LE(20) < size ? size : undefined
}

/** What became of an entry's bytes. */
export type EntryState = 'entry' | 'empty' | 'bad'

/**
 * Puts the bytes back that the fix-up values hold, in place. An entry that has none, or had them put back, stays as it is.
 *
 * @returns `bad` when it is no entry, or a sector of it is of another write.
 */
export function fixEntry(bytes: Buffer): EntryState {
  const signature = bytes.readUInt32LE(0)
  if (signature !== SIGNATURE) return signature === 0 || signature === BAD_SIGNATURE ? 'empty' : 'bad'
  const at = bytes.readUInt16LE(4)
  const count = bytes.readUInt16LE(FIXUP_COUNT_AT)
  if (count === 0) return 'entry'
  if (at + count * 2 > bytes.length || (count - 1) * SECTOR_BYTES > bytes.length) return 'bad'
  const mark = bytes.readUInt16LE(at)
  for (let sector = 1; sector < count; sector++) {
    const last = sector * SECTOR_BYTES - 2
    if (bytes.readUInt16LE(last) !== mark) return 'bad'
    bytes.writeUInt16LE(bytes.readUInt16LE(at + sector * 2), last)
  }
  bytes.writeUInt16LE(0, FIXUP_COUNT_AT)
  return 'entry'
}

/** Reads the header of an entry whose bytes have been fixed. */
export function readEntryHeader(bytes: Buffer): EntryHeader {
  const flags = bytes.readUInt16LE(22)
  return {
    sequence: bytes.readUInt16LE(16),
    isUsed: (flags & 1) !== 0,
    isFolder: (flags & 2) !== 0,
    baseEntry: bytes.readUIntLE(32, 6),
    baseSequence: bytes.readUInt16LE(38),
    firstAttribute: bytes.readUInt16LE(20),
    end: Math.min(bytes.length, bytes.readUInt32LE(24)),
  }
}

/** One attribute in an entry. */
export interface AttributePlace {
  readonly type: number
  readonly at: number
  readonly end: number
  /** Place of its data in the entry; -1 when they stand elsewhere on the disk. */
  readonly dataAt: number
  readonly dataEnd: number
}

/**
 * Goes through an entry's attributes.
 *
 * @returns Where they break off, if anywhere: what follows cannot be read.
 */
export function* walkAttributes(
  bytes: Buffer,
  { firstAttribute, end }: EntryHeader,
): Generator<AttributePlace, number | undefined> {
  let at = firstAttribute
  while (at + 4 <= end) {
    const type = bytes.readUInt32LE(at)
    if (type === END_OF_ATTRIBUTES) return undefined
    if (at + 24 > end) return at
    const size = bytes.readUInt32LE(at + 4)
    if (size < 24 || at + size > end) return at
    const isResident = bytes[at + 8] === 0
    const dataAt = isResident ? at + bytes.readUInt16LE(at + 20) : -1
    const dataEnd = isResident ? dataAt + bytes.readUInt32LE(at + 16) : -1
    if (dataEnd > at + size) return at
    yield { type, at, end: at + size, dataAt, dataEnd }
    at += size
  }
  return at
}

export const STANDARD_INFORMATION = 0x10
export const FILE_NAME = 0x30
export const DATA = 0x80

/** Bytes of a $FILE_NAME in front of the name. */
export const FILE_NAME_BYTES = 66

/** The namespace of names in 8.3 form, which stand beside another. */
export const DOS_NAMESPACE = 2

/** Whether the name of a $FILE_NAME is whole. */
export function hasWholeName(bytes: Buffer, { dataAt, dataEnd }: AttributePlace): boolean {
  return (
    dataAt >= 0 &&
    dataAt + FILE_NAME_BYTES <= dataEnd &&
    dataAt + FILE_NAME_BYTES + bytes[dataAt + 64]! * 2 <= dataEnd
  )
}

/** The name of a $FILE_NAME: length at 64, namespace at 65, UTF-16 at 66. */
export function readName(bytes: Buffer, dataAt: number): string {
  const start = dataAt + FILE_NAME_BYTES
  return bytes.toString('utf16le', start, start + bytes[dataAt + 64]! * 2)
}
