import { growUint32 } from './byte-arena.ts'

const LOOKUPS_BETWEEN_REVIEWS = 1024
/** A cache that is right less often than this costs more than it saves. */
const WANTED_HIT_RATE = 1 / 16
const MIN_SLOTS = 64
const ENTRY_SIZE = 4
const FOLLOWER = 3

const LINE_FEED = 0x0a
const LINE_FEEDS = 0x0a0a0a0a

/**
 * The distinct lines of one string column, so that a line that comes again need not be tokenised again. Messages of
 * many lines differ in a few of them only, and no token goes beyond a line.
 *
 * `find` numbers a line; a new one gets the next number, and the caller keeps what belongs to it under that number.
 */
export class LineCache {
  /** False once the column has turned out to repeat too little: where lines need no numbers, `find` is better not asked any more. */
  isWorthwhile = true
  /** How many lines have numbers. */
  count = 0
  /** End (exclusive) of the line that `find` was asked for last; a line feed stands there, or the value ends. */
  lineEnd = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #slots: Int32Array = new Int32Array(MIN_SLOTS)
  /** Slots in use, a power of two, less one; the others are left from larger columns. */
  #mask = MIN_SLOTS - 1
  /**
   * Of each line: hash, start, end, and the line that came after it last, plus one. Together, so that a lookup touches
   * one place.
   */
  #entries: Uint32Array<ArrayBuffer> = new Uint32Array(MIN_SLOTS * ENTRY_SIZE)
  #lookups = 0
  /** The line found last. */
  #last = 0

  /** Turns to another column, forgetting the lines of the last. The bytes are kept until `finish`. */
  start(bytes: Uint8Array): void {
    this.isWorthwhile = true
    this.count = 0
    this.#lookups = 0
    this.#last = 0
    this.#entries[FOLLOWER] = 0
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#slots.fill(0, 0, MIN_SLOTS)
    this.#mask = MIN_SLOTS - 1
  }

  /** Lets go of the column's bytes; lines keep their numbers and places until another column is begun, but none is found any more. */
  finish(): void {
    this.#bytes = new Uint8Array(0)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /**
   * The number of the line that begins at `start` in a value that ends before `end`; equal to the former `count` if the
   * line is new.
   */
  find(start: number, end: number): number {
    if (++this.#lookups % LOOKUPS_BETWEEN_REVIEWS === 0) {
      this.isWorthwhile = this.#lookups - this.count > this.#lookups * WANTED_HIT_RATE
    }
    const follower = this.#last * ENTRY_SIZE + FOLLOWER
    const expected = this.#entries[follower]! - 1
    if (expected >= 0 && this.#isLine(expected, start, end)) {
      this.#last = expected
      return expected
    }
    const line = this.#lookUp(start, end)
    this.#entries[follower] = line + 1
    this.#last = line
    return line
  }

  /** Where a line stands in the column's bytes. */
  startOf(line: number): number {
    return this.#entries[line * ENTRY_SIZE + 1]!
  }

  /** Where a line ends in the column's bytes (exclusive). */
  endOf(line: number): number {
    return this.#entries[line * ENTRY_SIZE + 2]!
  }

  /** Whether the line at `start` is a known one; sets `lineEnd` if so. */
  #isLine(line: number, start: number, end: number): boolean {
    const known = this.#entries[line * ENTRY_SIZE + 1]!
    const knownEnd = this.#entries[line * ENTRY_SIZE + 2]!
    const lineEnd = start + knownEnd - known
    if (lineEnd > end || (lineEnd < end && this.#bytes[lineEnd] !== LINE_FEED)) return false
    if (!this.#equals(known, knownEnd, start, lineEnd)) return false
    this.lineEnd = lineEnd
    return true
  }

  #lookUp(start: number, end: number): number {
    const hash = this.#hashLine(start, end)
    const lineEnd = this.lineEnd
    const slots = this.#slots
    const mask = this.#mask
    let slot = hash & mask
    const entries = this.#entries
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      const at = (entry - 1) * ENTRY_SIZE
      if (entries[at] === hash && this.#equals(entries[at + 1]!, entries[at + 2]!, start, lineEnd)) {
        return entry - 1
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = this.count + 1
    return this.#append(hash, start, lineEnd)
  }

  #append(hash: number, start: number, end: number): number {
    const line = this.count++
    const at = line * ENTRY_SIZE
    if (at === this.#entries.length) this.#entries = growUint32(this.#entries, at + ENTRY_SIZE)
    this.#entries[at] = hash
    this.#entries[at + 1] = start
    this.#entries[at + 2] = end
    this.#entries[at + FOLLOWER] = 0
    if (this.count * 2 > this.#mask) this.#growSlots()
    return line
  }

  /** The hash of the line from `start` on; sets `lineEnd`. */
  #hashLine(start: number, end: number): number {
    const bytes = this.#bytes
    const view = this.#view
    let hash = 0
    let at = start
    for (; at + 4 <= end; at += 4) {
      const word = view.getUint32(at, true)
      // A zero byte in this shows a line feed in the word (Warren, Hacker's Delight, 6-1).
      const difference = word ^ LINE_FEEDS
      if (((difference - 0x01010101) & ~difference & 0x80808080) !== 0) break
      hash = Math.imul(hash ^ word, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    for (; at < end; at++) {
      const byte = bytes[at]!
      if (byte === LINE_FEED) break
      hash = Math.imul(hash ^ byte, 0x9e3779b1)
    }
    this.lineEnd = at
    hash = Math.imul(hash ^ (hash >>> 15) ^ (at - start), 0x85ebca6b)
    return (hash ^ (hash >>> 13)) >>> 0
  }

  #equals(known: number, knownEnd: number, start: number, end: number): boolean {
    if (knownEnd - known !== end - start) return false
    const distance = known - start
    if (end - start < 8) {
      const bytes = this.#bytes
      for (let at = start; at < end; at++) if (bytes[at] !== bytes[at + distance]) return false
      return true
    }
    const view = this.#view
    const last = end - 8
    for (let at = start; ; at += 8) {
      // The last eight bytes may overlap those before.
      if (at > last) at = last
      const word = view.getFloat64(at, true)
      // Doubles are equal only if their bits are, but for the two zeros; some bits are equal to none, not even to themselves.
      if (word !== view.getFloat64(at + distance, true) || word === 0) {
        if (view.getUint32(at, true) !== view.getUint32(at + distance, true)) return false
        if (view.getUint32(at + 4, true) !== view.getUint32(at + distance + 4, true)) return false
      }
      if (at === last) return true
    }
  }

  #growSlots(): void {
    const mask = (this.#mask + 1) * 4 - 1
    if (mask < this.#slots.length) this.#slots.fill(0, 0, mask + 1)
    else this.#slots = new Int32Array(mask + 1)
    const slots = this.#slots
    for (let line = 0; line < this.count; line++) {
      let slot = this.#entries[line * ENTRY_SIZE]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = line + 1
    }
    this.#mask = mask
  }
}
