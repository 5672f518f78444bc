import type { Column } from '@timeskein/model'
import type { FeedColumn } from '../row-feed.ts'

/** Letter of `tall.kind` and of wide columns for each kind of column. */
export const KIND_LETTERS = { string: 's', integer: 'i', real: 'r', boolean: 'b' } as const
const LONG = 'l'.charCodeAt(0)

/** Collects rows of the tall table over the columns of a batch. */
export class TallRows {
  readonly #firstSeq: number
  readonly #parts: {
    readonly field: number
    readonly column: Column
    readonly entries: Uint32Array | undefined
    readonly isLong: boolean
  }[] = []
  #count = 0

  /** @param firstSeq - Row number in the index of the batch's row 0. */
  constructor(firstSeq: number) {
    this.#firstSeq = firstSeq
  }

  get count(): number {
    return this.#count
  }

  /** Adds entries of a column, or all of them when undefined. `isLong`: only that they are there, not their text. */
  add(field: number, column: Column, entries: Uint32Array | undefined, isLong = false): void {
    const count = entries ? entries.length : column.rows.length
    if (count === 0) return
    this.#parts.push({ field, column, entries, isLong })
    this.#count += count
  }

  /** The rows as columns for the feed: `field`, `seq`, `kind`, `text`, `whole`, `number`. */
  toColumns(): FeedColumn[] {
    const fields = new Int32Array(this.#count)
    const seqs = new Uint32Array(this.#count)
    const kinds = new Uint8Array(this.#count)
    const text = new TextDraft(this.#parts)
    const whole = { rows: [] as number[], numbers: [] as bigint[] }
    const real = { rows: [] as number[], numbers: [] as number[] }
    let at = 0
    for (const { field, column, entries, isLong } of this.#parts) {
      const { rows, values } = column
      const kind = isLong ? LONG : KIND_LETTERS[values.kind].charCodeAt(0)
      const count = entries ? entries.length : rows.length
      for (let i = 0; i < count; i++, at++) {
        const entry = entries ? entries[i]! : i
        fields[at] = field
        seqs[at] = this.#firstSeq + rows[entry]!
        kinds[at] = kind
        if (isLong) continue
        if (values.kind === 'string')
          text.add(at, values.bytes, values.offsets[entry]!, values.offsets[entry + 1]!)
        else if (values.kind === 'real') {
          real.rows.push(at)
          real.numbers.push(values.numbers[entry]!)
        } else {
          whole.rows.push(at)
          whole.numbers.push(values.kind === 'integer' ? values.numbers[entry]! : BigInt(values.bits[entry]!))
        }
      }
    }
    const dense = undefined
    const kindOffsets = new Uint32Array(this.#count + 1)
    for (let i = 0; i <= this.#count; i++) kindOffsets[i] = i
    return [
      { name: 'field', type: 'INTEGER', rows: dense, numbers: fields },
      { name: 'seq', type: 'UINTEGER', rows: dense, numbers: seqs },
      { name: 'kind', type: 'VARCHAR', rows: dense, bytes: kinds, offsets: kindOffsets },
      { name: 'text', type: 'VARCHAR', ...text.finish() },
      {
        name: 'whole',
        type: 'BIGINT',
        rows: Uint32Array.from(whole.rows),
        numbers: BigInt64Array.from(whole.numbers),
      },
      {
        name: 'number',
        type: 'DOUBLE',
        rows: Uint32Array.from(real.rows),
        numbers: Float64Array.from(real.numbers),
      },
    ]
  }
}

/** Texts put one after the other; made large enough at the start. */
class TextDraft {
  readonly #rows: Uint32Array
  readonly #offsets: Uint32Array
  readonly #bytes: Uint8Array
  #count = 0

  constructor(
    parts: readonly {
      readonly column: Column
      readonly entries: Uint32Array | undefined
      readonly isLong: boolean
    }[],
  ) {
    let count = 0
    let sizeBytes = 0
    for (const { column, entries, isLong } of parts) {
      const { values } = column
      if (isLong || values.kind !== 'string') continue
      count += entries ? entries.length : column.rows.length
      if (!entries) sizeBytes += values.offsets[values.offsets.length - 1]! - values.offsets[0]!
      else for (const entry of entries) sizeBytes += values.offsets[entry + 1]! - values.offsets[entry]!
    }
    this.#rows = new Uint32Array(count)
    this.#offsets = new Uint32Array(count + 1)
    this.#bytes = new Uint8Array(sizeBytes)
  }

  add(row: number, bytes: Uint8Array, start: number, end: number): void {
    let to = this.#offsets[this.#count]!
    for (let from = start; from < end; from++) this.#bytes[to++] = bytes[from]!
    this.#rows[this.#count++] = row
    this.#offsets[this.#count] = to
  }

  finish(): { rows: Uint32Array; bytes: Uint8Array; offsets: Uint32Array } {
    return { rows: this.#rows, bytes: this.#bytes, offsets: this.#offsets }
  }
}
