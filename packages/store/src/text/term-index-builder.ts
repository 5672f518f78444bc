import type { Column, EventBatch } from '@timeskein/model'
import { ByteArena, growUint32 } from './byte-arena.ts'
import { FieldLines } from './field-lines.ts'
import { LineCache } from './line-cache.ts'
import { NumberCache } from './number-cache.ts'
import { type PackedTerms, TermPacker } from './packed-terms.ts'
import { sortTokens } from './sort-tokens.ts'
import { TokenScanner } from './token-scanner.ts'
import { TokenTable } from './token-table.ts'

/**
 * Builds the word index of one batch; row numbers are counted in it.
 *
 * Strings are tokenised as by `tokenizeText`; a number or boolean is one token, its `valueToken`. Pure; takes time in
 * proportion to the distinct text in each column, as a line that repeats is tokenised once.
 *
 * @param batch - Not kept.
 */
export function buildTermIndex(batch: EventBatch): PackedTerms {
  const byField = new Map<string, Column[]>()
  for (const column of batch.columns) {
    const columns = byField.get(column.field)
    if (columns) columns.push(column)
    else byField.set(column.field, [column])
  }
  const builder = new TermIndexBuilder()
  for (const columns of byField.values()) builder.addField(columns)
  return { fields: [...byField.keys()], bytes: builder.finish() }
}

/** The one token that stands for a number or boolean: its text in JavaScript (`-5`, `0.25`, `true`). */
export function valueToken(value: number | bigint | boolean): string {
  return String(value)
}

/** Owns the growing parts of one index: pairs are numbered in the order of their coming, those of a field in a row. */
class TermIndexBuilder {
  readonly #tokens = new TokenTable()
  readonly #scanner = new TokenScanner()
  readonly #lineCache = new LineCache()
  readonly #numberCache = new NumberCache()
  readonly #lines = new FieldLines()
  readonly #postings = new ByteArena(1 << 16)
  /** Last pair made with each token, plus one. */
  #pairOfToken = new Uint32Array(1024)
  #pairCount = 0
  #pairTokens = new Uint32Array(1024)
  #pairFields = new Uint32Array(1024)
  #postingStarts = new Uint32Array(1024)
  #postingEnds = new Uint32Array(1024)
  #fieldNumber = 0
  #firstPair = 0

  /** Adds all columns of one field. */
  addField(columns: readonly Column[]): void {
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
      this.#postingStarts[first + term] = start
      this.#postingEnds[first + term] = end
    })
    this.#fieldNumber++
  }

  finish(): Uint8Array<ArrayBuffer> {
    const order = this.#orderPairs()
    const table = this.#tokens
    const packer = new TermPacker()
    let last = -1
    for (const pair of order) {
      const token = this.#pairTokens[pair]!
      if (token !== last) {
        const start = table.wordStarts[token]! * 4
        packer.addToken(table.bytes, start, start + table.lengths[token]!)
        last = token
      }
      packer.addPostings(
        this.#pairFields[pair]!,
        this.#postings.bytes,
        this.#postingStarts[pair]!,
        this.#postingEnds[pair]!,
      )
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
    if (token >= this.#pairOfToken.length) this.#pairOfToken = growUint32(this.#pairOfToken, token + 1)
    const known = this.#pairOfToken[token]! - 1
    if (known >= this.#firstPair) return known - this.#firstPair
    const pair = this.#pairCount++
    this.#pairOfToken[token] = pair + 1
    if (pair === this.#pairTokens.length) this.#growPairs(pair + 1)
    this.#pairTokens[pair] = token
    this.#pairFields[pair] = this.#fieldNumber
    return pair - this.#firstPair
  }

  /** Pairs by token bytes, then by field: as pairs of later fields have higher numbers, a stable counting sort. */
  #orderPairs(): Uint32Array {
    const sorted = sortTokens(this.#tokens)
    const perToken = new Uint32Array(this.#tokens.count)
    for (let pair = 0; pair < this.#pairCount; pair++) perToken[this.#pairTokens[pair]!]!++
    let at = 0
    for (let i = 0; i < sorted.length; i++) {
      const count = perToken[sorted[i]!]!
      perToken[sorted[i]!] = at
      at += count
    }
    const order = new Uint32Array(this.#pairCount)
    for (let pair = 0; pair < this.#pairCount; pair++) order[perToken[this.#pairTokens[pair]!]!++] = pair
    return order
  }

  #growPairs(length: number): void {
    this.#pairTokens = growUint32(this.#pairTokens, length)
    this.#pairFields = growUint32(this.#pairFields, length)
    this.#postingStarts = growUint32(this.#postingStarts, length)
    this.#postingEnds = growUint32(this.#postingEnds, length)
  }
}
