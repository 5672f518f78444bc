import type { Column, EventBatch } from '@timeskein/model'
import { ByteArena, growUint32, Scratch } from './byte-arena.ts'
import { FieldLines } from './field-lines.ts'
import { LineCache } from './line-cache.ts'
import { NumberCache } from './number-cache.ts'
import { type PackedTerms, TermPacker } from './packed-terms.ts'
import { sortTokens } from './sort-tokens.ts'
import { TokenScanner } from './token-scanner.ts'
import { FIRST_WORD, LENGTH, NOTE, TOKEN_RECORD, TokenTable } from './token-table.ts'

/** Numbers of a pair's record: its token, and what is at the places below. */
const PAIR_RECORD = 4
const FIELD = 1
const POSTINGS_START = 2
const POSTINGS_END = 3

/** The one token that stands for a number or boolean: its text in JavaScript (`-5`, `0.25`, `true`). */
export function valueToken(value: number | bigint | boolean): string {
  return String(value)
}

/**
 * Builds word indexes, one after the other, in memory that it keeps: a new one for each batch would keep the garbage
 * collector as busy as the builder.
 *
 * Pairs of a token and a field are numbered in the order of their coming, those of a field in a row.
 */
export class TermIndexBuilder {
  readonly #tokens = new TokenTable()
  readonly #scanner = new TokenScanner()
  readonly #lineCache = new LineCache()
  readonly #numberCache = new NumberCache()
  readonly #lines = new FieldLines()
  readonly #postings = new ByteArena(1 << 16)
  readonly #packer = new TermPacker()
  readonly #sorted = new Scratch()
  readonly #keys = new Scratch()
  readonly #perToken = new Scratch()
  readonly #order = new Scratch()
  #pairCount = 0
  /** Of each pair its token, field, and where its postings begin and end; together, as they are asked for together. */
  #pairs = new Uint32Array(1024 * PAIR_RECORD)
  #fieldNumber = 0
  #firstPair = 0

  /**
   * Builds the word index of one batch; row numbers are counted in it.
   *
   * Strings are tokenised as by `tokenizeText`; a number or boolean is one token, its `valueToken`. Takes time in
   * proportion to the distinct text in each column, as a line that repeats is tokenised once.
   *
   * @param batch - Not kept.
   */
  build(batch: EventBatch): PackedTerms {
    this.#clear()
    const byField = new Map<string, Column[]>()
    for (const column of batch.columns) {
      const columns = byField.get(column.field)
      if (columns) columns.push(column)
      else byField.set(column.field, [column])
    }
    for (const columns of byField.values()) this.#addField(columns)
    return { fields: [...byField.keys()], bytes: this.#pack() }
  }

  #clear(): void {
    this.#tokens.clear()
    this.#postings.length = 0
    this.#pairCount = 0
    this.#fieldNumber = 0
  }

  /** Adds all columns of one field. */
  #addField(columns: readonly Column[]): void {
    this.#firstPair = this.#pairCount
    this.#lines.clear()
    for (const column of columns) {
      switch (column.values.kind) {
        case 'string':
          this.#addStrings(column.rows, column.values.bytes, column.values.offsets)
          break
        case 'integer':
        case 'real':
          this.#addNumbers(column.rows, column.values.numbers)
          break
        case 'boolean':
          this.#addBooleans(column.rows, column.values.bits)
          break
        default:
          column.values satisfies never
      }
    }
    const first = this.#firstPair
    this.#lines.encode(this.#pairCount - first, this.#postings, (term, start, end) => {
      const record = (first + term) * PAIR_RECORD
      this.#pairs[record + POSTINGS_START] = start
      this.#pairs[record + POSTINGS_END] = end
    })
    this.#fieldNumber++
  }

  #pack(): Uint8Array<ArrayBuffer> {
    const { records, bytes } = this.#tokens
    const pairs = this.#pairs
    const postings = this.#postings.bytes
    const packer = this.#packer
    const order = this.#orderPairs()
    let last = -1
    for (let i = 0; i < this.#pairCount; i++) {
      const record = order[i]! * PAIR_RECORD
      const token = pairs[record]!
      if (token !== last) {
        const start = records[token * TOKEN_RECORD + FIRST_WORD]! * 4
        packer.addToken(bytes, start, start + records[token * TOKEN_RECORD + LENGTH]!)
        last = token
      }
      const start = pairs[record + POSTINGS_START]!
      packer.addPostings(pairs[record + FIELD]!, postings, start, pairs[record + POSTINGS_END]!)
    }
    return packer.finish()
  }

  #addStrings(rows: Uint32Array, bytes: Uint8Array, offsets: Uint32Array): void {
    const cache = this.#lineCache
    const lines = this.#lines
    cache.start(bytes)
    let firstLine = -1
    let entry = 0
    for (; entry < rows.length && cache.isWorthwhile; entry++) {
      const row = rows[entry]!
      const end = offsets[entry + 1]!
      for (let start = offsets[entry]!; start < end; start = cache.lineEnd + 1) {
        const known = cache.count
        const number = cache.find(start, end)
        if (number === known) {
          const line = this.#addLine(bytes, start, cache.lineEnd)
          if (firstLine < 0) firstLine = line
        }
        lines.see(firstLine + number, row)
      }
    }
    for (; entry < rows.length; entry++) {
      lines.see(this.#addLine(bytes, offsets[entry]!, offsets[entry + 1]!), rows[entry]!)
    }
  }

  #addLine(bytes: Uint8Array, start: number, end: number): number {
    const line = this.#lines.beginLine()
    const scanner = this.#scanner
    const table = this.#tokens
    scanner.start(bytes, start, end)
    for (;;) {
      const length = scanner.next(table.bytes, table.tail)
      if (length === 0) return line
      this.#lines.addTerm(this.#termOf(table.intern(length)))
    }
  }

  #addNumbers(rows: Uint32Array, numbers: BigInt64Array | Float64Array): void {
    const cache = this.#numberCache
    const lines = this.#lines
    cache.start(numbers)
    let firstLine = -1
    for (let entry = 0; entry < rows.length; entry++) {
      const known = cache.count
      const number = cache.find(entry)
      if (number === known) {
        const line = this.#addValueLine(numbers[entry]!)
        if (firstLine < 0) firstLine = line
      }
      lines.see(firstLine + number, rows[entry]!)
    }
  }

  #addBooleans(rows: Uint32Array, bits: Uint8Array): void {
    const valueLines = [-1, -1]
    for (let entry = 0; entry < rows.length; entry++) {
      const bit = bits[entry] === 0 ? 0 : 1
      if (valueLines[bit]! < 0) valueLines[bit] = this.#addValueLine(bit === 1)
      this.#lines.see(valueLines[bit]!, rows[entry]!)
    }
  }

  #addValueLine(value: number | bigint | boolean): number {
    const line = this.#lines.beginLine()
    const ascii = valueToken(value)
    const table = this.#tokens
    for (let i = 0; i < ascii.length; i++) table.bytes[table.tail + i] = ascii.charCodeAt(i)
    this.#lines.addTerm(this.#termOf(table.intern(ascii.length)))
    return line
  }

  /** The number in the current field of the pair that this field makes with a token. */
  #termOf(token: number): number {
    const { records } = this.#tokens
    const note = token * TOKEN_RECORD + NOTE
    const known = records[note]! - 1
    if (known >= this.#firstPair) return known - this.#firstPair
    const pair = this.#pairCount++
    records[note] = pair + 1
    const record = pair * PAIR_RECORD
    if (record === this.#pairs.length) this.#pairs = growUint32(this.#pairs, record + PAIR_RECORD)
    this.#pairs[record] = token
    this.#pairs[record + FIELD] = this.#fieldNumber
    return pair - this.#firstPair
  }

  /** Pairs by token bytes, then by field: as pairs of later fields have higher numbers, a stable counting sort. */
  #orderPairs(): Uint32Array {
    const tokenCount = this.#tokens.count
    const sorted = this.#sorted.take(tokenCount)
    sortTokens(this.#tokens, sorted, this.#keys.take(tokenCount))
    const perToken = this.#perToken.takeZeros(tokenCount)
    const pairs = this.#pairs
    for (let pair = 0; pair < this.#pairCount; pair++) perToken[pairs[pair * PAIR_RECORD]!]!++
    let at = 0
    for (let i = 0; i < tokenCount; i++) {
      const count = perToken[sorted[i]!]!
      perToken[sorted[i]!] = at
      at += count
    }
    const order = this.#order.take(this.#pairCount)
    for (let pair = 0; pair < this.#pairCount; pair++) order[perToken[pairs[pair * PAIR_RECORD]!]!++] = pair
    return order
  }
}
