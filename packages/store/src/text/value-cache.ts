import { growUint32 } from './byte-arena.ts'

const LOOKUPS_BETWEEN_REVIEWS = 1024
/** A cache that is right less often than this costs more than it saves. */
const WANTED_HIT_RATE = 1 / 16
const MIN_SLOTS = 64

/**
 * The distinct values of one string column, so that a value that comes again need not be tokenised again.
 *
 * `find` numbers a value; a new value gets the next number, and the caller keeps what belongs to it under that number.
 */
export class ValueCache {
  /** False once the column has turned out to repeat too little; `find` must not be asked any more then. */
  isWorthwhile = true
  /** How many values have numbers. */
  count = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #slots: Int32Array = new Int32Array(MIN_SLOTS)
  #hashes: Uint32Array<ArrayBuffer> = new Uint32Array(MIN_SLOTS)
  #starts: Uint32Array<ArrayBuffer> = new Uint32Array(MIN_SLOTS)
  #ends: Uint32Array<ArrayBuffer> = new Uint32Array(MIN_SLOTS)
  #lookups = 0

  /** Turns to another column, forgetting the values of the last. */
  start(bytes: Uint8Array): void {
    this.isWorthwhile = true
    this.count = 0
    this.#lookups = 0
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#slots.length > MIN_SLOTS) this.#slots = new Int32Array(MIN_SLOTS)
    else this.#slots.fill(0)
  }

  /** The number of the value in `bytes[start] … bytes[end - 1]`; equal to the former `count` if it is new. */
  find(start: number, end: number): number {
    if (++this.#lookups % LOOKUPS_BETWEEN_REVIEWS === 0) {
      this.isWorthwhile = this.#lookups - this.count > this.#lookups * WANTED_HIT_RATE
    }
    const hash = this.#hash(start, end)
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash & mask
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, start, end)) return entry - 1
      slot = (slot + 1) & mask
    }
    const value = this.count++
    slots[slot] = value + 1
    if (value === this.#starts.length) {
      this.#hashes = growUint32(this.#hashes, value + 1)
      this.#starts = growUint32(this.#starts, value + 1)
      this.#ends = growUint32(this.#ends, value + 1)
    }
    this.#hashes[value] = hash
    this.#starts[value] = start
    this.#ends[value] = end
    if (this.count * 2 > slots.length) this.#growSlots()
    return value
  }

  #hash(start: number, end: number): number {
    const bytes = this.#bytes
    const view = this.#view
    let hash = end - start
    let at = start
    for (; at + 4 <= end; at += 4) {
      hash = Math.imul(hash ^ view.getUint32(at, true), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    for (; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
    return (hash ^ (hash >>> 13)) >>> 0
  }

  #equals(value: number, start: number, end: number): boolean {
    let known = this.#starts[value]!
    if (this.#ends[value]! - known !== end - start) return false
    const bytes = this.#bytes
    const view = this.#view
    let at = start
    for (; at + 4 <= end; at += 4, known += 4) {
      if (view.getUint32(at, true) !== view.getUint32(known, true)) return false
    }
    for (; at < end; at++, known++) if (bytes[at] !== bytes[known]) return false
    return true
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 4)
    const mask = slots.length - 1
    for (let value = 0; value < this.count; value++) {
      let slot = this.#hashes[value]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = value + 1
    }
    this.#slots = slots
  }
}
