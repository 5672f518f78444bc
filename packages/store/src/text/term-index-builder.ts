import type { Column, EventBatch } from '@timeskein/model'
import { ByteArena, growUint32 } from './byte-arena.ts'
import { FieldLines } from './field-lines.ts'
import { LineCache } from './line-cache.ts'
import { NumberCache } from './number-cache.ts'
import { sortTokens } from './sort-tokens.ts'
import { TokenScanner } from './token-scanner.ts'
import { TokenTable } from './token-table.ts'

/** From this length on the engine's copy is faster than a loop. */
const LONG_COPY_BYTES = 48

/**
 * Which rows of a batch hold which token in which field.
 *
 * Columnar: entry `i` of every part is one (token, field) pair; pairs ascend by the bytes of the token, then by field
 * number, and none comes twice.
 */
export interface TermIndex {
  /** Rows of the batch; postings are below it. */
  readonly rowCount: number
  /** Field names by field number. */
  readonly fields: readonly string[]
  /** UTF-8 of the tokens, pair `i` being `bytes[offsets[i]] … bytes[offsets[i + 1]]` (end exclusive). */
  readonly tokens: {
    readonly bytes: Uint8Array<ArrayBuffer>
    readonly offsets: Uint32Array<ArrayBuffer>
  }
  readonly fieldNumbers: Uint32Array<ArrayBuffer>
  /** How many rows each pair has. */
  readonly counts: Uint32Array<ArrayBuffer>
  /** Posting lists (format in postings.ts), row numbers counted in the batch; places as in `tokens`. */
  readonly postings: {
    readonly bytes: Uint8Array<ArrayBuffer>
    readonly offsets: Uint32Array<ArrayBuffer>
  }
}

/**
 * Builds the text index of one batch.
 *
 * Strings are tokenised as by `tokenizeText`; a number or boolean is one token, its `valueToken`. Pure; takes time in
 * proportion to the distinct text in each column, as a line that repeats is tokenised once.
 *
 * @param batch - Not kept.
 */
export function buildTermIndex(batch: EventBatch): TermIndex {
  const byField = new Map<string, Column[]>()
  for (const column of batch.columns) {
    const columns = byField.get(column.field)
    if (columns) columns.push(column)
    else byField.set(column.field, [column])
  }
  const builder = new TermIndexBuilder()
  for (const columns of byField.values()) builder.addField(columns)
  return builder.finish(batch.rowCount, [...byField.keys()])
}

/** The one token that stands for a number or boolean: its text in JavaScript (`-5`, `0.25`, `true`). */
export function valueToken(value: number | bigint | boolean): string {
  return String(value)
}

/** The buffers of an index, for a transfer list. */
export function listTermIndexBuffers(index: TermIndex): ArrayBuffer[] {
  return [
    index.tokens.bytes.buffer,
    index.tokens.offsets.buffer,
    index.fieldNumbers.buffer,
    index.counts.buffer,
    index.postings.bytes.buffer,
    index.postings.offsets.buffer,
  ]
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
  #counts = new Uint32Array(1024)
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
    this.#lines.encode(this.#pairCount - first, this.#postings, (term, start, end, rowCount) => {
      this.#postingStarts[first + term] = start
      this.#postingEnds[first + term] = end
      this.#counts[first + term] = rowCount
    })
    this.#fieldNumber++
  }

  finish(rowCount: number, fields: readonly string[]): TermIndex {
    const pairCount = this.#pairCount
    const order = this.#orderPairs()
    const table = this.#tokens
    let tokenBytes = 0
    let postingBytes = 0
    for (let pair = 0; pair < pairCount; pair++) {
      tokenBytes += table.lengths[this.#pairTokens[pair]!]!
      postingBytes += this.#postingEnds[pair]! - this.#postingStarts[pair]!
    }
    const tokens = { bytes: new Uint8Array(tokenBytes), offsets: new Uint32Array(pairCount + 1) }
    const postings = { bytes: new Uint8Array(postingBytes), offsets: new Uint32Array(pairCount + 1) }
    const fieldNumbers = new Uint32Array(pairCount)
    const counts = new Uint32Array(pairCount)
    let tokenAt = 0
    let postingAt = 0
    for (let i = 0; i < pairCount; i++) {
      const pair = order[i]!
      const token = this.#pairTokens[pair]!
      fieldNumbers[i] = this.#pairFields[pair]!
      counts[i] = this.#counts[pair]!
      const start = table.wordStarts[token]! * 4
      tokenAt = copyBytes(table.bytes, start, start + table.lengths[token]!, tokens.bytes, tokenAt)
      tokens.offsets[i + 1] = tokenAt
      postingAt = copyBytes(
        this.#postings.bytes,
        this.#postingStarts[pair]!,
        this.#postingEnds[pair]!,
        postings.bytes,
        postingAt,
      )
      postings.offsets[i + 1] = postingAt
    }
    return { rowCount, fields, tokens, fieldNumbers, counts, postings }
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
    this.#counts = growUint32(this.#counts, length)
    this.#postingStarts = growUint32(this.#postingStarts, length)
    this.#postingEnds = growUint32(this.#postingEnds, length)
  }
}

/** Appends `source[start] … source[end - 1]` to `target` at `at`; gives the end. */
function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start > LONG_COPY_BYTES) {
    target.set(source.subarray(start, end), at)
    return at + end - start
  }
  for (let i = start; i < end; i++) target[at++] = source[i]!
  return at
}
