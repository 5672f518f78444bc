import type { Column } from '@timeskein/model'

/**
 * The columns of a batch while it grows. Fields are public and plain because the JSON parser writes into them in its
 * innermost loops; outside this folder and `json/` nothing touches them.
 *
 * A column lives as long as its builder. `take` hands its values to a batch and leaves the column empty.
 */

const FIRST_ENTRIES = 64
const FIRST_BYTES = 1024
/** Arrays of at least so many bytes are given away as they are; smaller ones are copied to their exact size. */
const GIVE_AWAY_BYTES = 64 * 1024

/** Text values, UTF-8, one after the other. */
export class StringColumn {
  readonly field: string
  count = 0
  rows: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES)
  /** `offsets[count]` is where the next value begins. */
  offsets: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ENTRIES + 1)
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BYTES)
  /** The same bytes, for writing four at a time. */
  view: DataView<ArrayBuffer> = new DataView(this.bytes.buffer)

  constructor(field: string) {
    this.field = field
  }

  /** Makes room for so many bytes after the last value. */
  reserve(sizeBytes: number): void {
    const used = this.offsets[this.count]!
    if (this.bytes.length - used < sizeBytes) this.#setBytes(growBytes(this.bytes, used, used + sizeBytes))
  }

  /** Ends the value whose bytes were written up to `end`. */
  close(row: number, end: number): void {
    if (this.count === this.rows.length) {
      this.rows = growWords(this.rows, this.count * 2)
      this.offsets = growWords(this.offsets, this.count * 2 + 1)
    }
    this.rows[this.count++] = row
    this.offsets[this.count] = end
  }

  append(row: number, source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start)
    const target = this.bytes
    let at = this.offsets[this.count]!
    if (end - start > 64) {
      target.set(source.subarray(start, end), at)
      at += end - start
    } else {
      for (let i = start; i < end; i++) target[at++] = source[i]!
    }
    this.close(row, at)
  }

  appendText(row: number, text: string): void {
    this.reserve(text.length * 3)
    const at = this.offsets[this.count]!
    const { written } = encoder.encodeInto(text, this.bytes.subarray(at))
    this.close(row, at + written)
  }

  /** Takes back the values of rows from `row` on. */
  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  take(): Column {
    const { count } = this
    const size = this.offsets[count]!
    const column: Column = {
      field: this.field,
      kind: 'string',
      rows: takeArray(this.rows, count),
      values: {
        kind: 'string',
        bytes: takeArray(this.bytes, size),
        offsets: takeArray(this.offsets, count + 1),
      },
    }
    if (isGivenAway(this.rows, count) || isGivenAway(this.offsets, count + 1)) {
      this.rows = new Uint32Array(planCapacity(count))
      this.offsets = new Uint32Array(planCapacity(count) + 1)
    }
    if (isGivenAway(this.bytes, size)) this.#setBytes(new Uint8Array(planCapacity(size)))
    this.count = 0
    this.offsets[0] = 0
    return column
  }

  #setBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
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

  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  /** The value of one entry. */
  valueAt(entry: number): bigint {
    return BigInt.asIntN(64, (BigInt(this.halves[entry * 2 + 1]!) << 32n) | BigInt(this.halves[entry * 2]!))
  }

  take(): Column {
    const { count } = this
    const halves = takeArray(this.halves, count * 2)
    const column: Column = {
      field: this.field,
      kind: 'integer',
      rows: takeArray(this.rows, count),
      values: { kind: 'integer', numbers: new BigInt64Array(halves.buffer, halves.byteOffset, count) },
    }
    if (isGivenAway(this.rows, count) || isGivenAway(this.halves, count * 2)) {
      this.rows = new Uint32Array(planCapacity(count))
      this.halves = new Uint32Array(planCapacity(count) * 2)
    }
    this.count = 0
    return column
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

  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  take(): Column {
    const { count } = this
    const column: Column = {
      field: this.field,
      kind: 'real',
      rows: this.rows.slice(0, count),
      values: { kind: 'real', numbers: this.numbers.slice(0, count) },
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

  truncate(row: number): void {
    while (this.count > 0 && this.rows[this.count - 1]! >= row) this.count--
  }

  take(): Column {
    const { count } = this
    const column: Column = {
      field: this.field,
      kind: 'boolean',
      rows: this.rows.slice(0, count),
      values: { kind: 'boolean', bits: this.bits.slice(0, count) },
    }
    this.count = 0
    return column
  }
}

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

function isGivenAway(array: Uint8Array | Uint32Array, length: number): boolean {
  return length * array.BYTES_PER_ELEMENT >= GIVE_AWAY_BYTES
}

/** Room for the next batch: what this one took and a quarter more. */
function planCapacity(used: number): number {
  return Math.ceil(used * 1.25) + FIRST_ENTRIES
}

function takeArray<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  array: T,
  length: number,
): T {
  // subarray and slice return the type they are called on.
  return (isGivenAway(array, length) ? array.subarray(0, length) : array.slice(0, length)) as T
}
