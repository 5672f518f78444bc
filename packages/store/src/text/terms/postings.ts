/**
 * Ascending row numbers as bytes.
 *
 * Format, version 1. Numbers are LEB128 (7 bits a byte, lowest first, high bit: more follow). The first number is
 * `firstRow * 4 + coding`; what follows depends on the coding, the shortest of which is taken:
 *
 *     0 deltas  for each further row: its distance from the row before, less one
 *     1 bitmap  bytes to the end; bit i (lowest first) stands for row firstRow + 1 + i; the last byte is not zero
 *     2 runs    length of the first run of consecutive rows, less one; then for each further run the number of
 *               rows left out before it, less one, and its length, less one
 */
import { ByteArena } from '../byte-arena.ts'

const DELTAS = 0
const BITMAP = 1
const RUNS = 2
const MAX_VARINT_BYTES = 5

/** Encodes rows, which must be strictly ascending and not empty. */
export function encodePostings(rows: Uint32Array): Uint8Array<ArrayBuffer> {
  const arena = new ByteArena(16)
  appendPostings(arena, rows, 0, rows.length)
  return arena.copy()
}

/**
 * Encodes `rows[start] … rows[end - 1]` at the end of an arena.
 *
 * @param rows - Strictly ascending between `start` and `end`; not kept.
 * @throws {RangeError} When there is no row: a list that no row stands in has no encoding.
 */
export function appendPostings(arena: ByteArena, rows: Uint32Array, start: number, end: number): void {
  if (end <= start) throw new RangeError('postings of at least one row expected, none given')
  const first = rows[start]!
  const count = end - start
  if (count === 1) {
    appendRow(arena, first)
    return
  }
  const last = rows[end - 1]!
  if (last - first === count - 1 && count > 2) {
    arena.reserve(2 * MAX_VARINT_BYTES)
    const at = writeVarint(arena.bytes, arena.length, first * 4 + RUNS)
    arena.length = writeVarint(arena.bytes, at, last - first)
    return
  }
  const bitmapBytes = Math.ceil((last - first) / 8)
  let deltaBytes = 0
  let runBytes = 0
  let runStart = first
  let previous = first
  for (let i = start + 1; i < end; i++) {
    const row = rows[i]!
    const gap = row - previous - 1
    deltaBytes += varintBytes(gap)
    if (gap > 0) {
      runBytes += varintBytes(previous - runStart) + varintBytes(gap - 1)
      runStart = row
    }
    previous = row
  }
  runBytes += varintBytes(last - runStart)
  arena.reserve(MAX_VARINT_BYTES + Math.min(deltaBytes, runBytes, bitmapBytes))
  if (runBytes < deltaBytes && runBytes <= bitmapBytes) writeRuns(arena, rows, start, end)
  else if (bitmapBytes < deltaBytes) writeBitmap(arena, rows, start, end, bitmapBytes)
  else writeDeltas(arena, rows, start, end)
}

/** Encodes the list of a single row at the end of an arena. */
export function appendRow(arena: ByteArena, row: number): void {
  arena.reserve(MAX_VARINT_BYTES)
  arena.length = writeVarint(arena.bytes, arena.length, row * 4 + DELTAS)
}

/**
 * The rows of one posting list.
 *
 * @param bytes - One whole list.
 * @param base - Added to every row, e.g. the first row of the segment.
 * @returns Ascending rows.
 * @throws {RangeError} When the list ends inside a number or has an unknown coding.
 */
export function decodePostings(bytes: Uint8Array, base = 0): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(countPostings(bytes))
  let at = 0
  forEachPosting(bytes, base, (row) => {
    rows[at++] = row
  })
  return rows
}

/** Calls `visit` with each row plus `base`, ascending. Errors as `decodePostings`, possibly after some rows. */
export function forEachPosting(bytes: Uint8Array, base: number, visit: (row: number) => void): void {
  forEachRun(bytes, base, (start, end) => {
    for (let row = start; row < end; row++) visit(row)
  })
}

/**
 * Calls `visit` with ranges of consecutive rows plus `base`, ascending; `end` is exclusive. Neighbouring ranges may
 * touch. Cheaper than `forEachPosting` for dense lists.
 */
export function forEachRun(
  bytes: Uint8Array,
  base: number,
  visit: (start: number, end: number) => void,
): void {
  const reader = new VarintReader(bytes)
  const head = reader.read()
  const coding = head % 4
  let row = base + Math.floor(head / 4)
  switch (coding) {
    case DELTAS:
      visit(row, row + 1)
      while (reader.hasMore()) {
        // Rows of a frequent word are near each other: most distances are one byte.
        const byte = bytes[reader.at]!
        if (byte < 0x80) reader.at++
        row += (byte < 0x80 ? byte : reader.read()) + 1
        visit(row, row + 1)
      }
      return
    case BITMAP:
      visit(row, row + 1)
      row++
      for (let at = reader.at; at < bytes.length; at++, row += 8) {
        let bits = bytes[at]!
        if (bits === 0xff) {
          visit(row, row + 8)
          continue
        }
        while (bits !== 0) {
          const bit = 31 - Math.clz32(bits & -bits)
          visit(row + bit, row + bit + 1)
          bits &= bits - 1
        }
      }
      return
    case RUNS:
      for (;;) {
        const end = row + reader.read() + 1
        visit(row, end)
        if (!reader.hasMore()) return
        row = end + reader.read() + 1
      }
    default:
      throw new RangeError(`posting list with coding 0, 1 or 2 expected, found ${coding}`)
  }
}

/**
 * Where the bits of a list stand that is coded as a bitmap; undefined for other lists.
 *
 * @returns `bitsAt`: the byte they begin in; bit i, lowest first, stands for row `firstRow + 1 + i`.
 */
export function findBitmap(
  bytes: Uint8Array,
): { readonly firstRow: number; readonly bitsAt: number } | undefined {
  const reader = new VarintReader(bytes)
  const head = reader.read()
  return head % 4 === BITMAP ? { firstRow: Math.floor(head / 4), bitsAt: reader.at } : undefined
}

/** How many rows a list holds; cheaper than decoding it. Errors as `decodePostings`. */
export function countPostings(bytes: Uint8Array): number {
  let count = 0
  forEachRun(bytes, 0, (start, end) => {
    count += end - start
  })
  return count
}

class VarintReader {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  hasMore(): boolean {
    return this.at < this.#bytes.length
  }

  read(): number {
    const bytes = this.#bytes
    let value = 0
    let scale = 1
    for (;;) {
      if (this.at >= bytes.length) {
        throw new RangeError(`posting list ends inside a number, after ${bytes.length} bytes`)
      }
      const byte = bytes[this.at++]!
      if (byte < 0x80) return value + byte * scale
      value += (byte & 0x7f) * scale
      scale *= 128
    }
  }
}

function writeDeltas(arena: ByteArena, rows: Uint32Array, start: number, end: number): void {
  const bytes = arena.bytes
  let previous = rows[start]!
  let at = writeVarint(bytes, arena.length, previous * 4 + DELTAS)
  for (let i = start + 1; i < end; i++) {
    const row = rows[i]!
    const gap = row - previous - 1
    if (gap < 0x80) bytes[at++] = gap
    else at = writeVarint(bytes, at, gap)
    previous = row
  }
  arena.length = at
}

function writeBitmap(arena: ByteArena, rows: Uint32Array, start: number, end: number, size: number): void {
  const bytes = arena.bytes
  const first = rows[start]!
  const at = writeVarint(bytes, arena.length, first * 4 + BITMAP)
  bytes.fill(0, at, at + size)
  for (let i = start + 1; i < end; i++) {
    const bit = rows[i]! - first - 1
    bytes[at + (bit >>> 3)]! |= 1 << (bit & 7)
  }
  arena.length = at + size
}

function writeRuns(arena: ByteArena, rows: Uint32Array, start: number, end: number): void {
  const bytes = arena.bytes
  let runStart = rows[start]!
  let previous = runStart
  let at = writeVarint(bytes, arena.length, runStart * 4 + RUNS)
  for (let i = start + 1; i < end; i++) {
    const row = rows[i]!
    if (row !== previous + 1) {
      at = writeVarint(bytes, at, previous - runStart)
      at = writeVarint(bytes, at, row - previous - 2)
      runStart = row
    }
    previous = row
  }
  arena.length = writeVarint(bytes, at, previous - runStart)
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  return value < 0x10000000 ? 4 : 5
}

function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  while (value > 0x7fffffff) {
    bytes[at++] = (value % 128) | 0x80
    value = Math.floor(value / 128)
  }
  // Integers of 32 bits are shifted several times faster than doubles are divided.
  let rest = value | 0
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[at++] = rest
  return at
}
