import type { Column, EventBatch } from '@timeskein/model'
import { BatchSpace, sizeIn } from '@timeskein/model/events'
import { MAX_BATCH_BYTES, MAX_BATCH_COLUMNS, MAX_BATCH_ROWS } from './limits.ts'
import type { TextKernel } from './text-kernel.ts'
import {
  BooleanColumn,
  growBytes,
  growWords,
  IntegerColumn,
  RealColumn,
  StringColumn,
} from './value-columns.ts'

const FIRST_ROWS = 1024

/** A row's time, able to write itself into an array of 64-bit microseconds; `TimeReader` is one. */
export interface RowTime {
  /**
   * @param words - Low and high 32 bits of each row's microseconds since 1970.
   * @returns 0 to 999 nanoseconds more.
   */
  store(words: Int32Array, row: number): number
}

/** Settings of a builder; all may be left out. */
export interface BatchBuilderOptions {
  /** Rows at which a batch is full. @default MAX_BATCH_ROWS */
  readonly maxRows?: number
  /** Bytes of source text at which a batch is full. @default MAX_BATCH_BYTES */
  readonly maxBytes?: number
  /** Holds the text of the columns; of the one who calls, and emptied by `build`. @default none */
  readonly kernel?: TextKernel
  /** What batches are made in. @default memory of their own */
  readonly space?: BatchSpace
}

/**
 * Gathers rows into columns and hands them out as an `EventBatch`.
 *
 * A row's values are written into the columns first, under the number `row`; then the row is either kept by
 * `commitRow` or forgotten by `dropRow`. The builder is used again after `build`: its columns keep their room.
 */
export class BatchBuilder {
  /** Number of the row that is being written. */
  row = 0
  readonly #strings = new Map<string, StringColumn>()
  readonly #integers = new Map<string, IntegerColumn>()
  readonly #reals = new Map<string, RealColumn>()
  readonly #booleans = new Map<string, BooleanColumn>()
  readonly #maxRows: number
  readonly #maxBytes: number
  /** Holds the text of the columns, where there is one. */
  readonly kernel: TextKernel | undefined
  /** Times in microseconds, as pairs of 32-bit words. */
  #times: Int32Array<ArrayBuffer> = new Int32Array(FIRST_ROWS * 2)
  #nanos: Uint16Array<ArrayBuffer> | undefined
  #lines: Float64Array<ArrayBuffer> = new Float64Array(FIRST_ROWS)
  #sourceOffsets: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_ROWS + 1)
  #source: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #isSourceLent = false
  readonly #space: BatchSpace

  constructor(options: BatchBuilderOptions = {}) {
    this.#maxRows = options.maxRows ?? MAX_BATCH_ROWS
    this.#maxBytes = options.maxBytes ?? MAX_BATCH_BYTES
    this.kernel = options.kernel
    this.#space = options.space ?? new BatchSpace()
  }

  /** True when the batch should be built before the next row. */
  get isFull(): boolean {
    return (
      this.row >= this.#maxRows ||
      this.#sourceOffsets[this.row]! >= this.#maxBytes ||
      this.columnCount >= MAX_BATCH_COLUMNS
    )
  }

  /** True when most columns have come from rows long gone: a new builder should take over after `build`. */
  get isCrowded(): boolean {
    return this.columnCount >= MAX_BATCH_COLUMNS
  }

  /** Columns that exist, with or without values. */
  get columnCount(): number {
    return this.#strings.size + this.#integers.size + this.#reals.size + this.#booleans.size
  }

  stringColumn(field: string): StringColumn {
    return this.#strings.get(field) ?? addTo(this.#strings, new StringColumn(field, this.kernel))
  }

  integerColumn(field: string): IntegerColumn {
    return this.#integers.get(field) ?? addTo(this.#integers, new IntegerColumn(field))
  }

  realColumn(field: string): RealColumn {
    return this.#reals.get(field) ?? addTo(this.#reals, new RealColumn(field))
  }

  booleanColumn(field: string): BooleanColumn {
    return this.#booleans.get(field) ?? addTo(this.#booleans, new BooleanColumn(field))
  }

  /** The field's text column if any row has had one. */
  findStringColumn(field: string): StringColumn | undefined {
    return this.#strings.get(field)
  }

  findIntegerColumn(field: string): IntegerColumn | undefined {
    return this.#integers.get(field)
  }

  findBooleanColumn(field: string): BooleanColumn | undefined {
    return this.#booleans.get(field)
  }

  findRealColumn(field: string): RealColumn | undefined {
    return this.#reals.get(field)
  }

  /** Makes room for so many bytes of source text, so that rows of a known stretch never move. */
  reserveSource(sizeBytes: number): void {
    const used = this.#sourceOffsets[this.row]!
    if (this.#source.length - used >= sizeBytes) return
    this.#source = growBytes(this.#source, used, used + sizeBytes)
  }

  /**
   * Lends a buffer for the source text of the rows up to the next batch, in place of one of its own. What stands in it is
   * overwritten. Does nothing when rows have been kept since the last batch. `build` and `returnSource` let go of it.
   */
  lendSource(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.row > 0) return
    this.#source = bytes
    this.#isSourceLent = true
  }

  /** Lets go of a buffer that was lent, which holds no row that is not in a batch. */
  returnSource(): void {
    if (!this.#isSourceLent) return
    this.#source = new Uint8Array(0)
    this.#isSourceLent = false
  }

  /**
   * Keeps the row: its time, its line and its source text.
   *
   * @param source - Holds the row's JSON text from `start` to `end` (exclusive); copied.
   */
  commitRow(time: RowTime, line: number, source: Uint8Array, start: number, end: number): void {
    const { row } = this
    const sizeBytes = end - start
    this.reserveSource(sizeBytes)
    this.#source.set(source.subarray(start, end), this.#sourceOffsets[row]!)
    if (row === this.#lines.length) this.#growRows()
    const nanos = time.store(this.#times, row)
    this.#lines[row] = line
    if (nanos !== 0) this.#nanos ??= new Uint16Array(this.#lines.length)
    if (this.#nanos) this.#nanos[row] = nanos
    this.#sourceOffsets[row + 1] = this.#sourceOffsets[row]! + sizeBytes
    this.row = row + 1
  }

  /** Forgets the values of the row that is being written. */
  dropRow(): void {
    const { row } = this
    for (const column of this.#strings.values()) column.truncate(row)
    for (const column of this.#integers.values()) column.truncate(row)
    for (const column of this.#reals.values()) column.truncate(row)
    for (const column of this.#booleans.values()) column.truncate(row)
  }

  /** Hands out the rows gathered so far; the builder is empty afterwards. */
  build(): EventBatch {
    const { row } = this
    const kinds = [this.#strings, this.#integers, this.#reals, this.#booleans]
    const filled = kinds.flatMap((kind) => [...kind.values()].filter((column) => column.count > 0))
    const space = this.#space
    const sourceSize = this.#sourceOffsets[row]!
    const perRow = sizeIn(row * 8) * 2 + sizeIn(row * 2) + sizeIn((row + 1) * 4)
    space.reserve(filled.reduce((size, column) => size + column.sizeBytes, perRow + sizeIn(sourceSize)))
    const columns = filled.map((column): Column => column.take(space))
    for (const column of this.#strings.values()) column.release()
    this.kernel?.release()
    const times = space.copyWords(this.#times.subarray(0, row * 2))
    const batch: EventBatch = {
      rowCount: row,
      timesUs: new BigInt64Array(times.buffer, times.byteOffset, row),
      nanos: this.#nanos && space.copyShorts(this.#nanos.subarray(0, row)),
      columns,
      source: {
        bytes: space.copyBytes(this.#source.subarray(0, sourceSize)),
        offsets: space.copyWords(this.#sourceOffsets.subarray(0, row + 1)),
      },
      lines: space.copyDoubles(this.#lines.subarray(0, row)),
    }
    if (this.#source.length > this.#maxBytes * 2) this.#source = new Uint8Array(0)
    this.returnSource()
    this.#nanos = undefined
    this.row = 0
    return batch
  }

  #growRows(): void {
    const length = this.#lines.length * 2
    this.#sourceOffsets = growWords(this.#sourceOffsets, length + 1)
    const lines = new Float64Array(length)
    lines.set(this.#lines)
    this.#lines = lines
    const times = new Int32Array(length * 2)
    times.set(this.#times)
    this.#times = times
    if (!this.#nanos) return
    const nanos = new Uint16Array(length)
    nanos.set(this.#nanos)
    this.#nanos = nanos
  }
}

function addTo<C extends { readonly field: string }>(columns: Map<string, C>, column: C): C {
  columns.set(column.field, column)
  return column
}
