import type { Buffer } from 'node:buffer'

/*
 * An entry is a row of fields and a blank line. A field is `NAME=value` and a line feed; or, where the value holds line feeds or other
 * control characters, `NAME`, a line feed, the value's length in 64 bits (little-endian), the value, and a line feed.
 */

const LF = 0x0a
const EQUALS = 0x3d
const SIZE_BYTES = 8
/** systemd's own limit is 768 MiB (`DATA_SIZE_MAX`); a row has less. */
const MAX_VALUE_BYTES = 128 * 1024 * 1024
/** Names have at most 64 characters; more without an equals sign is damage. */
const MAX_NAME_BYTES = 256

/** What begins an entry: of the fields that the journal itself gives it, journalctl writes the cursor first, other programs another. */
const ENTRY_BEGIN = /^__(?:CURSOR=|(?:REALTIME|MONOTONIC)_TIMESTAMP=\d|SEQNUM=\d|SEQNUM_ID=)/
/** Bytes that it is told by. */
const BEGIN_BYTES = 32
/** Blank lines in front of the first entry that are passed over. */
const MAX_BLANK_LINES = 32
/** Where the next entry may begin behind damage. */
const NEXT_ENTRY = '\n\n__'
const BLANK_LINE_BYTES = 2

/** Bytes of a file that `isExport` looks at. */
export const EXPORT_HEAD_BYTES: number = MAX_BLANK_LINES + BEGIN_BYTES

/** Whether a file's first bytes are those of an export. */
export function isExport(head: Buffer): boolean {
  const start = head.findIndex((byte) => byte !== LF)
  return start >= 0 && beginsEntry(head, start)
}

function beginsEntry(bytes: Buffer, at: number): boolean {
  return ENTRY_BEGIN.test(bytes.toString('latin1', at, at + BEGIN_BYTES))
}

/** Where the next entry begins behind damage; the end of the bytes where there is none. */
function findNextEntry(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(NEXT_ENTRY, from); at >= 0; at = bytes.indexOf(NEXT_ENTRY, at + 1))
    if (beginsEntry(bytes, at + BLANK_LINE_BYTES)) return at + BLANK_LINE_BYTES
  return bytes.length
}

/** Where the parts of a field stand. */
export interface FieldPlace {
  readonly name: readonly [start: number, end: number]
  readonly value: readonly [start: number, end: number]
}

/** One entry, or what is none. */
export interface EntryPlace {
  readonly start: number
  /** Exclusive; behind the blank line. */
  readonly end: number
  readonly fields: readonly FieldPlace[]
  /** Why the rest of it is no entry. */
  readonly damage: string | undefined
  /** The bytes end in it. */
  readonly isOpen: boolean
}

/**
 * Finds the entry that begins at a place.
 *
 * Format: systemd.io, "Journal Export Formats".
 *
 * @returns Undefined where only blank lines follow.
 */
export function findEntry(bytes: Buffer, from: number): EntryPlace | undefined {
  let start = from
  while (start < bytes.length && bytes[start] === LF) start++
  if (start >= bytes.length) return undefined
  const fields: FieldPlace[] = []
  for (let at = start; ; ) {
    if (at >= bytes.length) return { start, end: at, fields, damage: undefined, isOpen: true }
    if (bytes[at] === LF) return { start, end: at + 1, fields, damage: undefined, isOpen: false }
    const found = bytes.indexOf(LF, at)
    const end = found < 0 ? bytes.length : found
    const head = bytes.subarray(at, Math.min(end, at + MAX_NAME_BYTES))
    const equals = head.indexOf(EQUALS)
    if (equals > 0) {
      fields.push({ name: [at, at + equals], value: [at + equals + 1, end] })
      if (found < 0) return { start, end, fields, damage: undefined, isOpen: true }
      at = end + 1
      continue
    }
    if (equals === 0 || end - at > MAX_NAME_BYTES)
      return passOver(bytes, start, at, fields, 'expected the name of a field')
    const sizeAt = end + 1
    if (sizeAt + SIZE_BYTES > bytes.length)
      return { start, end: bytes.length, fields, damage: undefined, isOpen: true }
    const size = bytes.readBigUInt64LE(sizeAt)
    if (size > MAX_VALUE_BYTES)
      return passOver(
        bytes,
        start,
        at,
        fields,
        `expected a value of at most ${MAX_VALUE_BYTES} bytes, found a length of ${size}`,
      )
    const valueAt = sizeAt + SIZE_BYTES
    const valueEnd = valueAt + Number(size)
    if (valueEnd >= bytes.length) return { start, end: bytes.length, fields, damage: undefined, isOpen: true }
    if (bytes[valueEnd] !== LF)
      return passOver(bytes, start, at, fields, `expected a line feed behind a value of ${size} bytes`)
    fields.push({ name: [at, end], value: [valueAt, valueEnd] })
    at = valueEnd + 1
  }
}

function passOver(
  bytes: Buffer,
  start: number,
  at: number,
  fields: readonly FieldPlace[],
  problem: string,
): EntryPlace {
  const end = findNextEntry(bytes, at)
  const found = JSON.stringify(bytes.toString('latin1', at, Math.min(at + 32, bytes.length)))
  return {
    start,
    end,
    fields,
    damage: `${problem}, found ${found}; passed over up to the next entry`,
    isOpen: false,
  }
}
