import { Buffer } from 'node:buffer'
import { COPY_SLACK, ROW_START, type TextKernel } from '../../batch/text-kernel.ts'

/** Rows up to this size are written into the kernel's memory, where there is one. */
const ROOM_BYTES: number = 3 * 1024 * 1024
/** Bytes that one UTF-16 unit becomes at most. */
const MAX_UNIT_BYTES = 3
/** Up to so many bytes a loop is quicker than a call. */
const SHORT_BYTES = 24

const ZERO = 0x30
/** Numbers are written in halves that 32 bits hold. */
const HALF_DIGITS = 8
const HALF = 100_000_000
const MAX_DIGITS = 16

/** The text of one row at a time, UTF-8: in the kernel's memory, or in memory of its own where it is longer. */
export class RowText {
  readonly #home: Buffer
  readonly #homeStart: number
  /** Holds the text from `start` to `end` (exclusive). Another one after any call that adds to it. */
  memory: Buffer
  start: number
  end: number
  #limit: number

  constructor(kernel: TextKernel | undefined) {
    this.#home = kernel ? Buffer.from(kernel.bytes.buffer) : Buffer.alloc(ROOM_BYTES + COPY_SLACK)
    this.#homeStart = kernel ? ROW_START : 0
    this.memory = this.#home
    this.start = this.#homeStart
    this.end = this.start
    this.#limit = this.start + ROOM_BYTES
  }

  /** Bytes that the row has. */
  get size(): number {
    return this.end - this.start
  }

  /** Takes back what was added since the row had so many bytes. */
  cut(sizeBytes: number): void {
    this.end = this.start + sizeBytes
  }

  /** Begins a new row. */
  begin(): void {
    this.memory = this.#home
    this.start = this.#homeStart
    this.end = this.start
    this.#limit = this.start + ROOM_BYTES
  }

  /** Adds bytes. */
  put(bytes: Uint8Array): void {
    const { length } = bytes
    if (this.#limit - this.end < length) this.#grow(length)
    const { memory } = this
    let at = this.end
    if (length > SHORT_BYTES) {
      memory.set(bytes, at)
      at += length
    } else for (let i = 0; i < length; i++) memory[at++] = bytes[i]!
    this.end = at
  }

  /** Adds a part of another buffer. */
  putPart(source: Buffer, start: number, end: number): void {
    const length = end - start
    if (this.#limit - this.end < length) this.#grow(length)
    const { memory } = this
    let at = this.end
    if (length > SHORT_BYTES) {
      source.copy(memory, at, start, end)
      at += length
    } else for (let i = start; i < end; i++) memory[at++] = source[i]!
    this.end = at
  }

  /** Adds a text; halves of surrogate pairs become U+FFFD. */
  write(text: string): void {
    const most = text.length * MAX_UNIT_BYTES
    if (this.#limit - this.end < most) this.#grow(most)
    this.end += this.memory.write(text, this.end)
  }

  /** Adds a whole number that is not negative and that a double holds. */
  putInteger(value: number): void {
    if (this.#limit - this.end < MAX_DIGITS) this.#grow(MAX_DIGITS)
    const high = Math.floor(value / HALF)
    if (high > 0) {
      this.end = this.#putDigits(high, countDigits(high))
      this.end = this.#putDigits(value - high * HALF, HALF_DIGITS)
    } else this.end = this.#putDigits(value, countDigits(value))
  }

  #putDigits(value: number, count: number): number {
    const { memory, end } = this
    for (let at = end + count - 1, rest = value; at >= end; at--) {
      const tens = (rest / 10) | 0
      memory[at] = ZERO + rest - tens * 10
      rest = tens
    }
    return end + count
  }

  /** Adds a byte. */
  putByte(byte: number): void {
    if (this.end === this.#limit) this.#grow(1)
    this.memory[this.end++] = byte
  }

  /** A copy of the text. */
  copy(): Uint8Array {
    return Buffer.from(this.memory.subarray(this.start, this.end))
  }

  toString(): string {
    return this.memory.toString('utf8', this.start, this.end)
  }

  #grow(needed: number): void {
    const used = this.end - this.start
    const memory = Buffer.allocUnsafeSlow(Math.max(used + needed, used * 2) + COPY_SLACK)
    this.memory.copy(memory, 0, this.start, this.end)
    this.memory = memory
    this.start = 0
    this.end = used
    this.#limit = memory.length - COPY_SLACK
  }
}

function countDigits(value: number): number {
  let count = 1
  for (let rest = value; rest > 9; rest = (rest / 10) | 0) count++
  return count
}
