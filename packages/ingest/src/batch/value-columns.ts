import type { BatchSpace, Column } from '@timeskein/model'
import { sizeIn } from '@timeskein/model/events'
import type { TextKernel } from './text-kernel.ts'

/**
 * The columns of a batch while it grows. Fields are public and plain because the JSON parser writes into them in its
 * innermost loops; outside this folder and `json/` nothing touches them.
 *
 * A column lives as long as its builder, with its memory. `take` copies its values into a batch's space and leaves the
 * column empty.
 */

const FIRST_ENTRIES = 64
const FIRST_BYTES = 256
/** Bytes up to which a loop is quicker than a call. */
const COPIED_BY_HAND = 16

/** Text values, UTF-8, one after the other, in the memory of a kernel where there is one and it has room. */
export class StringColumn {
  readonly field: string
  count = 0
  rows: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES)
  /** `offsets[count]` is where the next value begins, counted from `base`. */
  offsets: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES + 1)
  bytes: Uint8Array<ArrayBuffer>
  /** Where in `bytes` the column's text begins. */
  base = 0
  /** Bytes from `base` on that are the column's. */
  capacity = 0
  isInKernel: boolean
  /** The same bytes, for writing four at a time. */
  view: DataView<ArrayBuffer>
  readonly #kernel: TextKernel | undefined
  /** Text of the last batch: the next one will need about as much. */
  #sizeHint = 0

  constructor(field: string, kernel?: TextKernel) {
    this.field = field
    this.#kernel = kernel
    this.isInKernel = kernel !== undefined
    this.bytes = kernel?.bytes ?? NO_BYTES
    this.view = kernel?.view ?? NO_VIEW
  }

  /** Makes room for so many bytes after the last value. */
  reserve(sizeBytes: number): void {
    const used = this.offsets[this.count]!
    if (this.capacity - used < sizeBytes) this.#grow(used, used + sizeBytes)
  }

  /** Ends the value whose bytes were written up to `end`, an offset of `bytes`. */
  close(row: number, end: number): void {
    if (this.count === this.rows.length) {
      this.rows = growWords(this.rows, this.count * 2)
      this.offsets = growWords(this.offsets, this.count * 2 + 1)
    }
    this.rows[this.count++] = row
    this.offsets[this.count] = end - this.base
  }

  append(row: number, source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start)
    const target = this.bytes
    let at = this.base + this.offsets[this.count]!
    if (end - start > 64) {
      target.set(source.subarray(start, end), at)
      at += end - start
    } else {
      for (let i = start; i < end; i++) target[at++] = source[i]!
    }
    this.close(row, at)
  }

  /** Gives a row the values of the row before it, unless it has them. */
  repeat(row: number): void {
    const { count } = this
    let first = count
    while (first > 0 && this.rows[first - 1] === row - 1) first--
    for (let entry = first; entry < count; entry++) {
      const size = this.offsets[entry + 1]! - this.offsets[entry]!
      this.reserve(size)
      const { bytes } = this
      const from = this.base + this.offsets[entry]!
      const to = this.base + this.offsets[this.count]!
      if (size > COPIED_BY_HAND) bytes.copyWithin(to, from, from + size)
      else for (let i = 0; i < size; i++) bytes[to + i] = bytes[from + i]!
      this.close(row, to + size)
    }
  }

  appendText(row: number, text: string): void {
    this.reserve(text.length * 3)
    const at = this.base + this.offsets[this.count]!
    const { written } = encoder.encodeInto(text, this.bytes.subarray(at))
    this.close(row, at + written)
  }

  /** Takes back the values of rows from `row` on. */
  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  get sizeBytes(): number {
    return sizeIn(this.count * 4) + sizeIn((this.count + 1) * 4) + sizeIn(this.offsets[this.count]!)
  }

  take(space: BatchSpace): Column {
    const { count, base } = this
    const size = this.offsets[count]!
    const column: Column = {
      field: this.field,
      kind: 'string',
      rows: space.copyWords(this.rows.subarray(0, count)),
      values: {
        kind: 'string',
        bytes: space.copyBytes(this.bytes.subarray(base, base + size)),
        offsets: space.copyWords(this.offsets.subarray(0, count + 1)),
      },
    }
    this.#sizeHint = planCapacity(size)
    this.release()
    return column
  }

  /** Forgets all values; what the column had in a kernel's memory is no longer its own. */
  release(): void {
    this.count = 0
    this.offsets[0] = 0
    if (!this.#kernel) return
    this.isInKernel = true
    this.bytes = this.#kernel.bytes
    this.view = this.#kernel.view
    this.base = 0
    this.capacity = 0
  }

  #grow(used: number, needed: number): void {
    const size = Math.max(this.capacity * 2, needed, this.#sizeHint, FIRST_BYTES)
    const start = this.isInKernel ? this.#kernel?.allocate(size) : undefined
    if (start !== undefined) {
      this.bytes.copyWithin(start, this.base, this.base + used)
      this.base = start
    } else {
      const grown = new Uint8Array(size)
      grown.set(this.bytes.subarray(this.base, this.base + used))
      this.bytes = grown
      this.view = new DataView(grown.buffer)
      this.base = 0
      this.isInKernel = false
    }
    this.capacity = size
  }
}

/** Signed 64-bit integers, written as two 32-bit halves so that no bigint is made. */
export class IntegerColumn {
  readonly field: string
  count = 0
  rows: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES)
  /** Low and high half of each value in turn (little-endian, as every platform Node runs on). */
  halves: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES * 2)

  constructor(field: string) {
    this.field = field
  }

  append(row: number, low: number, high: number): void {
    const { count } = this
    if (count === this.rows.length) {
      this.rows = growWords(this.rows, count * 2)
      this.halves = growWords(this.halves, count * 4)
    }
    this.rows[count] = row
    this.halves[count * 2] = low
    this.halves[count * 2 + 1] = high
    this.count = count + 1
  }

  /** As of `StringColumn`. */
  repeat(row: number): void {
    const { count } = this
    let first = count
    while (first > 0 && this.rows[first - 1] === row - 1) first--
    for (let entry = first; entry < count; entry++)
      this.append(row, this.halves[entry * 2]!, this.halves[entry * 2 + 1]!)
  }

  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  /** The value of one entry. */
  valueAt(entry: number): bigint {
    return BigInt.asIntN(64, (BigInt(this.halves[entry * 2 + 1]!) << 32n) | BigInt(this.halves[entry * 2]!))
  }

  get sizeBytes(): number {
    return sizeIn(this.count * 4) + this.count * 8
  }

  take(space: BatchSpace): Column {
    const { count } = this
    const rows = space.copyWords(this.rows.subarray(0, count))
    const halves = space.copyWords(this.halves.subarray(0, count * 2))
    this.count = 0
    return {
      field: this.field,
      kind: 'integer',
      rows,
      values: { kind: 'integer', numbers: new BigInt64Array(halves.buffer, halves.byteOffset, count) },
    }
  }
}

/** IEEE doubles. */
export class RealColumn {
  readonly field: string
  count = 0
  rows: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES)
  numbers: Float64Array<ArrayBuffer> = new Float64Array(FIRST_ENTRIES)

  constructor(field: string) {
    this.field = field
  }

  append(row: number, value: number): void {
    const { count } = this
    if (count === this.rows.length) {
      this.rows = growWords(this.rows, count * 2)
      const numbers = new Float64Array(count * 2)
      numbers.set(this.numbers)
      this.numbers = numbers
    }
    this.rows[count] = row
    this.numbers[count] = value
    this.count = count + 1
  }

  /** As of `StringColumn`. */
  repeat(row: number): void {
    const { count } = this
    let first = count
    while (first > 0 && this.rows[first - 1] === row - 1) first--
    for (let entry = first; entry < count; entry++) this.append(row, this.numbers[entry]!)
  }

  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  get sizeBytes(): number {
    return sizeIn(this.count * 4) + this.count * 8
  }

  take(space: BatchSpace): Column {
    const { count } = this
    const column: Column = {
      field: this.field,
      kind: 'real',
      rows: space.copyWords(this.rows.subarray(0, count)),
      values: { kind: 'real', numbers: space.copyDoubles(this.numbers.subarray(0, count)) },
    }
    this.count = 0
    return column
  }
}

/** True and false. */
export class BooleanColumn {
  readonly field: string
  count = 0
  rows: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES)
  bits: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_ENTRIES)

  constructor(field: string) {
    this.field = field
  }

  append(row: number, value: 0 | 1): void {
    const { count } = this
    if (count === this.rows.length) {
      this.rows = growWords(this.rows, count * 2)
      this.bits = growBytes(this.bits, count, count * 2)
    }
    this.rows[count] = row
    this.bits[count] = value
    this.count = count + 1
  }

  /** As of `StringColumn`. */
  repeat(row: number): void {
    const { count } = this
    let first = count
    while (first > 0 && this.rows[first - 1] === row - 1) first--
    // What stands in `bits` is 0 or 1.
    for (let entry = first; entry < count; entry++) this.append(row, this.bits[entry] as 0 | 1)
  }

  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  get sizeBytes(): number {
    return sizeIn(this.count * 4) + sizeIn(this.count)
  }

  take(space: BatchSpace): Column {
    const { count } = this
    const column: Column = {
      field: this.field,
      kind: 'boolean',
      rows: space.copyWords(this.rows.subarray(0, count)),
      values: { kind: 'boolean', bits: space.copyBytes(this.bits.subarray(0, count)) },
    }
    this.count = 0
    return column
  }
}

const NO_BYTES = new Uint8Array(0)
const NO_VIEW = new DataView(NO_BYTES.buffer)

/** A longer copy: twice the length, or what is needed if that is more. */
export function growBytes(
  bytes: Uint8Array<ArrayBuffer>,
  used: number,
  needed: number,
): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(bytes.length * 2, needed))
  grown.set(bytes.subarray(0, used))
  return grown
}

/** A copy of the given length. */
export function growWords(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(length)
  grown.set(words)
  return grown
}

const encoder = new TextEncoder()

/** Room for the next batch: what this one took and a quarter more. */
function planCapacity(used: number): number {
  return Math.ceil(used * 1.25) + FIRST_ENTRIES
}
