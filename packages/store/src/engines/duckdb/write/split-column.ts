import type { Column } from '@timeskein/model'
import { KEYWORD_MAX_UNITS } from '../layout.ts'

/** A column's entries by where they may go: `single` into a wide column, `other` only into the tall table. */
export interface SplitColumn {
  /** Entries that are the only one of their row and, when text, short enough. */
  readonly single: Uint32Array
  /** Entries of rows with several values. */
  readonly repeated: Uint32Array
  /** Entries whose text is too long to be kept outside the source. */
  readonly long: Uint32Array
}

const NONE = new Uint32Array(0)

/** Sorts the entries of a column; undefined when all of them are single, which is the usual case and costs nothing. */
export function splitColumn({ rows, values }: Column): SplitColumn | undefined {
  const longs = values.kind === 'string' ? findLong(values.bytes, values.offsets) : NONE
  const isRepeated = hasRepeats(rows)
  if (longs.length === 0 && !isRepeated) return undefined
  const single: number[] = []
  const repeated: number[] = []
  let nextLong = 0
  for (let entry = 0; entry < rows.length; entry++) {
    if (longs[nextLong] === entry) nextLong++
    else if (isRepeated && (rows[entry] === rows[entry - 1] || rows[entry] === rows[entry + 1])) {
      repeated.push(entry)
    } else single.push(entry)
  }
  return { single: Uint32Array.from(single), repeated: Uint32Array.from(repeated), long: longs }
}

function hasRepeats(rows: Uint32Array): boolean {
  for (let i = 1; i < rows.length; i++) if (rows[i] === rows[i - 1]) return true
  return false
}

function findLong(bytes: Uint8Array, offsets: Uint32Array): Uint32Array {
  const found: number[] = []
  for (let entry = 0; entry + 1 < offsets.length; entry++) {
    const start = offsets[entry]!
    const end = offsets[entry + 1]!
    if (end - start > KEYWORD_MAX_UNITS && isLong(bytes, start, end)) found.push(entry)
  }
  return Uint32Array.from(found)
}

/** Whether UTF-8 text has more than `KEYWORD_MAX_UNITS` UTF-16 units: one a character, two where it takes four bytes. */
function isLong(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > KEYWORD_MAX_UNITS * 3) return true
  let units = 0
  for (let at = start; at < end && units <= KEYWORD_MAX_UNITS; at++) {
    const byte = bytes[at]!
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units > KEYWORD_MAX_UNITS
}
