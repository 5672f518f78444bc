import { growUint32 } from './byte-arena.ts'

const MIN_SLOTS = 64

/**
 * The distinct numbers of one column, compared bit by bit, so that each is written as text once.
 *
 * `find` numbers a value; a new value gets the next number.
 */
export class NumberCache {
  /** How many values have numbers. */
  count = 0
  #halves: Uint32Array = new Uint32Array(0)
  #doubles: Float64Array | undefined
  #slots: Int32Array = new Int32Array(MIN_SLOTS)
  /** Slots in use, a power of two, less one; the others are left from larger columns. */
  #mask = MIN_SLOTS - 1
  #entries: Uint32Array<ArrayBuffer> = new Uint32Array(MIN_SLOTS)

  /** Turns to another column, forgetting the numbers of the last. The column is kept until `finish`. */
  start(numbers: BigInt64Array | Float64Array): void {
    this.count = 0
    this.#halves = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2)
    this.#doubles = numbers instanceof Float64Array ? numbers : undefined
    this.#slots.fill(0, 0, MIN_SLOTS)
    this.#mask = MIN_SLOTS - 1
  }

  /** Lets go of the column: nothing is found any more until another is begun. */
  finish(): void {
    this.#halves = new Uint32Array(0)
    this.#doubles = undefined
  }

  /** The number of the value at `entry` of the column; equal to the former `count` if it is new. */
  find(entry: number): number {
    const halves = this.#halves
    const low = halves[entry * 2]!
    const high = halves[entry * 2 + 1]!
    const slots = this.#slots
    const mask = this.#mask
    let slot = hashHalves(low, high) & mask
    for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
      const known = this.#entries[found - 1]! * 2
      if (halves[known] === low && halves[known + 1] === high) return found - 1
      slot = (slot + 1) & mask
    }
    const value = this.count++
    slots[slot] = value + 1
    if (value === this.#entries.length) this.#entries = growUint32(this.#entries, value + 1)
    this.#entries[value] = entry
    if (this.count * 2 > mask) this.#growSlots()
    return value
  }

  /** The number at `entry`, if it is a whole one that a double holds exactly; undefined for all others. */
  wholeNumber(entry: number): number | undefined {
    const value = this.#doubles
      ? this.#doubles[entry]!
      : (this.#halves[entry * 2 + 1]! | 0) * 0x100000000 + this.#halves[entry * 2]!
    return Number.isSafeInteger(value) ? value : undefined
  }

  #growSlots(): void {
    const mask = (this.#mask + 1) * 4 - 1
    if (mask < this.#slots.length) this.#slots.fill(0, 0, mask + 1)
    else this.#slots = new Int32Array(mask + 1)
    const slots = this.#slots
    for (let value = 0; value < this.count; value++) {
      const at = this.#entries[value]! * 2
      let slot = hashHalves(this.#halves[at]!, this.#halves[at + 1]!) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = value + 1
    }
    this.#mask = mask
  }
}

function hashHalves(low: number, high: number): number {
  let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
