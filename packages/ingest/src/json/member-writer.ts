import { Buffer } from 'node:buffer'
import type { BatchBuilder } from '../batch/batch-builder.ts'
import { COPY_SLACK, ROW_BYTES, ROW_START, type TextKernel } from '../batch/text-kernel.ts'
import type { BooleanColumn, IntegerColumn, RealColumn, StringColumn } from '../batch/value-columns.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const TWO_TO_32 = 4_294_967_296
const MAX_SMALL = 0x7fffffff

const OWN_MEMORY_BYTES = 1024 * 1024
/** Bytes of JSON for one unit of a text, at most: `\u001f`. */
const MAX_UNIT_BYTES = 6
/** Bytes of JSON that a number, a word or what stands around a text has, at most. */
const MAX_SMALL_BYTES = 32
/** Texts from this length on are looked at by the kernel: below, calling it takes longer. */
const LONG_TEXT = 12
/** Room for the bytes of a text that the kernel looks at. */
const SCRATCH_BYTES = 64 * 1024
const MAX_UTF8_BYTES = 3
/** Names that are remembered, and their bytes; no log that means well has as many. */
const MAX_MEMBERS = 50_000
const MAX_MEMBER_BYTES: number = 4 * 1024 * 1024

/** What becomes of a unit of a text in JSON: it stands for itself, behind a backslash as that letter, or neither. */
const ITSELF = 1
const OTHERWISE = 0
const SPELLINGS = new Uint8Array(128)
SPELLINGS.fill(ITSELF, 0x20)
for (const [unit, letter] of ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt'])
  SPELLINGS[unit!.charCodeAt(0)] = letter!.charCodeAt(0)

/** A column that has values of the row being written. */
export type UsedColumn = StringColumn | IntegerColumn | RealColumn | BooleanColumn

/** A name that records have, and where its values go. */
class Member {
  readonly name: string
  /** `,"name":`, four bytes to a word, little-endian. */
  readonly words: Int32Array
  readonly size: number
  /** The name that came next when this one was last seen. */
  next: Member | undefined = undefined
  strings: StringColumn | undefined = undefined
  integers: IntegerColumn | undefined = undefined
  reals: RealColumn | undefined = undefined
  booleans: BooleanColumn | undefined = undefined

  constructor(name: string) {
    this.name = name
    const spelling = Buffer.from(`,${JSON.stringify(name)}:`)
    this.size = spelling.length
    const padded = new Uint8Array((spelling.length + 3) & ~3)
    padded.set(spelling)
    this.words = new Int32Array(padded.buffer)
  }
}

/**
 * Writes members of records to the columns of a builder and as JSON text, each value once: the text is what `JSON.stringify` makes, the
 * columns are what `JsonRowParser` makes of it.
 */
export class MemberWriter {
  /** Holds the texts from `start` up to `limit`; no `Buffer`, whose parts are dear. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly start: number
  readonly limit: number
  readonly #buffer: Buffer
  readonly #view: DataView
  readonly #kernel: TextKernel | undefined
  readonly #scratch: Uint8Array
  /** The text in the scratch, as UTF-8 of so many bytes; texts of one record are often the same. */
  #scratchText = ''
  #scratchSize = 0
  #used: UsedColumn[] | undefined
  #builder: BatchBuilder
  #members = new Map<string, Member>()
  #memberBytes = 0
  /** In front of a row's first member. */
  #first = new Member('')
  /** The member that was written last. */
  #last = this.#first

  /** @param kernel - Has room for one row's text; without one, there is memory of our own. */
  constructor(builder: BatchBuilder, kernel: TextKernel | undefined) {
    this.#builder = builder
    this.bytes = kernel?.bytes ?? new Uint8Array(OWN_MEMORY_BYTES)
    this.#buffer = Buffer.from(this.bytes.buffer)
    this.start = kernel ? ROW_START : 0
    const end = this.start + (kernel ? ROW_BYTES : OWN_MEMORY_BYTES)
    this.limit = end - SCRATCH_BYTES - COPY_SLACK
    this.#scratch = this.bytes.subarray(end - SCRATCH_BYTES, end - COPY_SLACK)
    this.#view = new DataView(this.bytes.buffer)
    this.#kernel = kernel
  }

  /** Goes on in a builder's row, which may be another one than before. */
  enter(builder: BatchBuilder): void {
    const isFull = this.#members.size >= MAX_MEMBERS || this.#memberBytes >= MAX_MEMBER_BYTES
    if (builder === this.#builder && !isFull) return
    this.#builder = builder
    this.#members = new Map()
    this.#memberBytes = 0
    this.#first = new Member('')
    this.#last = this.#first
  }

  /**
   * Writes the members of a record in their order; undefined ones are left out.
   *
   * @param start - Where their text goes in `bytes`: `,"a":1,"b":"x"`.
   * @returns Where it ended; -1 for values that only `JSON.stringify` writes (objects, numbers that are none), and where there is no room.
   *   What the row has in columns by then has to be dropped.
   */
  write(record: Readonly<Record<string, unknown>>, start: number): number {
    this.#used = undefined
    // Others have the memory between records.
    this.#scratchText = ''
    return this.#write(record, start, this.#first)
  }

  /**
   * As `write`, for more members of the same row.
   *
   * @param used - Takes the columns that are written to, some more than once.
   */
  writeMore(record: Readonly<Record<string, unknown>>, start: number, used: UsedColumn[]): number {
    this.#used = used
    return this.#write(record, start, this.#last)
  }

  #write(record: Readonly<Record<string, unknown>>, start: number, before: Member): number {
    const view = this.#view
    let at = start
    let previous = before
    for (const name in record) {
      const value = record[name]
      if (value === undefined) continue
      let member = previous.next
      if (member === undefined || member.name !== name) {
        member = this.#findMember(name)
        previous.next = member
      }
      previous = member
      const { words, size } = member
      if (at + size + MAX_SMALL_BYTES > this.limit) return -1
      for (let i = 0; i < words.length; i++) view.setInt32(at + i * 4, words[i]!, true)
      at += size
      at =
        typeof value === 'string' ? this.#writeText(member, value, at) : this.#writeValue(member, value, at)
      if (at < 0) return -1
    }
    this.#last = previous
    return at
  }

  #findMember(name: string): Member {
    let member = this.#members.get(name)
    if (member === undefined) {
      member = new Member(name)
      this.#members.set(name, member)
      this.#memberBytes += member.size
    }
    return member
  }

  #writeValue(member: Member, value: unknown, at: number): number {
    if (typeof value === 'string') return this.#writeText(member, value, at)
    if (typeof value === 'number') return this.#writeNumber(member, value, at)
    if (typeof value === 'boolean') {
      member.booleans ??= this.#builder.booleanColumn(member.name)
      member.booleans.append(this.#builder.row, value ? 1 : 0)
      this.#used?.push(member.booleans)
      return at + this.#buffer.write(value ? 'true' : 'false', at, 'latin1')
    }
    if (value === null) return at + this.#buffer.write('null', at, 'latin1')
    return Array.isArray(value) ? this.#writeList(member, value, at) : -1
  }

  #writeList(member: Member, values: readonly unknown[], start: number): number {
    const { bytes } = this
    let at = start
    bytes[at++] = OPEN_BRACKET
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (at + MAX_SMALL_BYTES > this.limit || Array.isArray(value)) return -1
      if (i > 0) bytes[at++] = COMMA
      at = this.#writeValue(member, value, at)
      if (at < 0) return -1
    }
    bytes[at++] = CLOSE_BRACKET
    return at
  }

  #writeNumber(member: Member, value: number, start: number): number {
    if (!Number.isFinite(value) || Object.is(value, -0)) return -1
    const { row } = this.#builder
    if (Number.isSafeInteger(value)) {
      member.integers ??= this.#builder.integerColumn(member.name)
      member.integers.append(row, value >>> 0, Math.floor(value / TWO_TO_32) >>> 0)
      this.#used?.push(member.integers)
      if (value >= 0 && value <= MAX_SMALL) return this.#writeDigits(value, start)
    } else {
      // Whole numbers of so many digits may go to either column.
      if (Number.isInteger(value)) return -1
      member.reals ??= this.#builder.realColumn(member.name)
      member.reals.append(row, value)
      this.#used?.push(member.reals)
    }
    return start + this.#buffer.write(String(value), start, 'latin1')
  }

  #writeDigits(value: number, start: number): number {
    const { bytes } = this
    let end = start + 1
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) end++
    for (let at = end - 1, rest = value; at >= start; at--) {
      const tens = (rest / 10) | 0
      bytes[at] = ZERO + rest - tens * 10
      rest = tens
    }
    return end
  }

  #writeText(member: Member, text: string, start: number): number {
    member.strings ??= this.#builder.stringColumn(member.name)
    const column = member.strings
    const { length } = text
    if (start + length * MAX_UNIT_BYTES + MAX_SMALL_BYTES > this.limit) return -1
    if (length >= LONG_TEXT && this.#kernel) return this.#writeLongText(this.#kernel, column, text, start)
    const used = column.offsets[column.count]!
    if (column.capacity - used < length) column.reserve(length)
    const { bytes } = this
    const target = column.bytes
    let to = column.base + used
    let at = start
    bytes[at++] = QUOTE
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return this.#writeWideText(column, text, start)
      const spelling = SPELLINGS[unit]!
      target[to++] = unit
      if (spelling === ITSELF) bytes[at++] = unit
      else if (spelling === OTHERWISE) at += this.#buffer.write(`\\u00${toHex(unit)}`, at, 'latin1')
      else {
        bytes[at++] = BACKSLASH
        bytes[at++] = spelling
      }
    }
    bytes[at++] = QUOTE
    column.close(this.#builder.row, to)
    this.#used?.push(column)
    return at
  }

  /** As `#writeText`; where the kernel cannot, otherwise. */
  #writeLongText(kernel: TextKernel, column: StringColumn, text: string, start: number): number {
    const { length } = text
    const scratch = this.#scratch
    if (text !== this.#scratchText) {
      if (length * MAX_UTF8_BYTES > scratch.length) return this.#writeWideText(column, text, start)
      this.#scratchText = text
      this.#scratchSize = encoder.encodeInto(text, scratch).written
    }
    const written = this.#scratchSize
    if (written !== length && !text.isWellFormed()) return this.#writeWideText(column, text, start)
    if (column.capacity - column.offsets[column.count]! < written + COPY_SLACK)
      column.reserve(written + COPY_SLACK)
    if (!column.isInKernel) return this.#writeWideText(column, text, start)
    const { bytes } = this
    const to = column.base + column.offsets[column.count]!
    bytes[start] = QUOTE
    const end = kernel.writeCell(scratch.byteOffset, written, to, 0, 0, start + 1)
    bytes[end] = QUOTE
    column.close(this.#builder.row, to + written)
    this.#used?.push(column)
    return end + 1
  }

  #writeWideText(column: StringColumn, text: string, at: number): number {
    column.appendText(this.#builder.row, text)
    this.#used?.push(column)
    return at + this.#buffer.write(JSON.stringify(text), at, 'utf8')
  }
}

const encoder = new TextEncoder()

function toHex(unit: number): string {
  return unit.toString(16).padStart(2, '0')
}
