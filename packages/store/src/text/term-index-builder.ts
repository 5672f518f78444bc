import type { Column, EventBatch } from '@timeskein/model'
import { ByteArena, growUint32 } from './byte-arena.ts'
import { LineCache } from './line-cache.ts'
import { NumberCache } from './number-cache.ts'
import { appendPostings } from './postings.ts'
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
  readonly #lines = new LineCache()
  readonly #postings = new ByteArena(1 << 16)
  /** Last pair made with each token, plus one. */
  #pairOfToken = new Uint32Array(1024)
  #pairCount = 0
  #pairTokens = new Uint32Array(1024)
  #pairFields = new Uint32Array(1024)
  #counts = new Uint32Array(1024)
  /** Last row that each pair was seen in, plus one. */
  #lastRows = new Uint32Array(1024)
  #postingStarts = new Uint32Array(1024)
  /** What was seen in the current field, in the order of entries: a pair in a row. */
  #seenPairs = new Uint32Array(4096)
  #seenRows = new Uint32Array(4096)
  #seenCount = 0
  /** Pairs of the cached lines, one line after the other. */
  #linePairs = new Uint32Array(1024)
  #lineStarts = new Uint32Array(1024)
  /** Line in which each pair was noted last, by its stamp. */
  #stamps = new Uint32Array(1024)
  #stamp = 0
  readonly #numbers = new NumberCache()
  #numberPairs = new Uint32Array(1024)
  /** Row lists of the current field, one pair after the other. */
  #lists = new Uint32Array(0)
  #fieldNumber = 0
  #firstPair = 0

  /** Adds all columns of one field. */
  addField(columns: readonly Column[]): void {
    this.#firstPair = this.#pairCount
    this.#seenCount = 0
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
    this.#encodeField(columns.length > 1)
    this.#fieldNumber++
  }

  finish(rowCount: number, fields: readonly string[]): TermIndex {
    const pairCount = this.#pairCount
    const order = this.#orderPairs()
    const table = this.#tokens
    let tokenBytes = 0
    for (let i = 0; i < pairCount; i++) tokenBytes += table.lengths[this.#pairTokens[i]!]!
    const tokens = { bytes: new Uint8Array(tokenBytes), offsets: new Uint32Array(pairCount + 1) }
    const postings = {
      bytes: new Uint8Array(this.#postings.length),
      offsets: new Uint32Array(pairCount + 1),
    }
    const fieldNumbers = new Uint32Array(pairCount)
    const counts = new Uint32Array(pairCount)
    let tokenAt = 0
    let postingAt = 0
    for (let i = 0; i < pairCount; i++) {
      const pair = order[i]!
      const token = this.#pairTokens[pair]!
      fieldNumbers[i] = this.#pairFields[pair]!
      counts[i] = this.#counts[pair]!
      tokens.offsets[i] = tokenAt
      const start = table.wordStarts[token]! * 4
      tokenAt = copyBytes(table.bytes, start, start + table.lengths[token]!, tokens.bytes, tokenAt)
      postings.offsets[i] = postingAt
      const end = pair + 1 < pairCount ? this.#postingStarts[pair + 1]! : this.#postings.length
      postingAt = copyBytes(this.#postings.bytes, this.#postingStarts[pair]!, end, postings.bytes, postingAt)
    }
    tokens.offsets[pairCount] = tokenAt
    postings.offsets[pairCount] = postingAt
    return { rowCount, fields, tokens, fieldNumbers, counts, postings }
  }

  #addStrings(rows: Uint32Array, bytes: Uint8Array, offsets: Uint32Array): void {
    const lines = this.#lines
    lines.start(bytes)
    let entry = 0
    for (; entry < rows.length && lines.isWorthwhile; entry++) {
      const row = rows[entry]!
      const end = offsets[entry + 1]!
      for (let start = offsets[entry]!; start < end; start = lines.lineEnd + 1) {
        const known = lines.count
        const line = lines.find(start, end)
        if (line === known) this.#tokenizeLine(line, bytes, start, lines.lineEnd)
        const pairsEnd = this.#lineStarts[line + 1]!
        for (let i = this.#lineStarts[line]!; i < pairsEnd; i++) this.#see(this.#linePairs[i]!, row)
      }
    }
    for (; entry < rows.length; entry++) {
      this.#tokenizeEntry(rows[entry]!, bytes, offsets[entry]!, offsets[entry + 1]!)
    }
  }

  /** Notes the distinct pairs of a cached line; lines come in the order of their numbers. */
  #tokenizeLine(line: number, bytes: Uint8Array, start: number, end: number): void {
    const stamp = ++this.#stamp
    let at = this.#lineStarts[line]!
    const scanner = this.#scanner
    const table = this.#tokens
    scanner.start(bytes, start, end)
    for (;;) {
      const length = scanner.next(table.bytes, table.tail)
      if (length === 0) break
      const pair = this.#pairOf(table.intern(length))
      if (this.#stamps[pair] === stamp) continue
      this.#stamps[pair] = stamp
      if (at === this.#linePairs.length) this.#linePairs = growUint32(this.#linePairs, at + 1)
      this.#linePairs[at++] = pair
    }
    if (line + 1 === this.#lineStarts.length) this.#lineStarts = growUint32(this.#lineStarts, line + 2)
    this.#lineStarts[line + 1] = at
  }

  #tokenizeEntry(row: number, bytes: Uint8Array, start: number, end: number): void {
    const scanner = this.#scanner
    const table = this.#tokens
    scanner.start(bytes, start, end)
    for (;;) {
      const length = scanner.next(table.bytes, table.tail)
      if (length === 0) return
      this.#see(this.#pairOf(table.intern(length)), row)
    }
  }

  #addNumbers(rows: Uint32Array, numbers: BigInt64Array | Float64Array): void {
    const cache = this.#numbers
    cache.start(numbers)
    for (let entry = 0; entry < rows.length; entry++) {
      const known = cache.count
      const value = cache.find(entry)
      if (value === known) {
        if (value === this.#numberPairs.length) this.#numberPairs = growUint32(this.#numberPairs, value + 1)
        this.#numberPairs[value] = this.#pairOfText(valueToken(numbers[entry]!))
      }
      this.#see(this.#numberPairs[value]!, rows[entry]!)
    }
  }

  #addBooleans(rows: Uint32Array, bits: Uint8Array): void {
    for (let entry = 0; entry < rows.length; entry++) {
      this.#see(this.#pairOfText(valueToken(bits[entry] !== 0)), rows[entry]!)
    }
  }

  #pairOfText(ascii: string): number {
    const table = this.#tokens
    for (let i = 0; i < ascii.length; i++) table.bytes[table.tail + i] = ascii.charCodeAt(i)
    return this.#pairOf(table.intern(ascii.length))
  }

  #pairOf(token: number): number {
    if (token >= this.#pairOfToken.length) this.#pairOfToken = growUint32(this.#pairOfToken, token + 1)
    const known = this.#pairOfToken[token]! - 1
    if (known >= this.#firstPair) return known
    const pair = this.#pairCount++
    this.#pairOfToken[token] = pair + 1
    if (pair === this.#pairTokens.length) this.#growPairs(pair + 1)
    this.#pairTokens[pair] = token
    this.#pairFields[pair] = this.#fieldNumber
    return pair
  }

  #see(pair: number, row: number): void {
    if (this.#lastRows[pair] === row + 1) return
    this.#lastRows[pair] = row + 1
    this.#counts[pair]!++
    const at = this.#seenCount++
    if (at === this.#seenPairs.length) {
      this.#seenPairs = growUint32(this.#seenPairs, at + 1)
      this.#seenRows = growUint32(this.#seenRows, at + 1)
    }
    this.#seenPairs[at] = pair
    this.#seenRows[at] = row
  }

  /**
   * Brings what was seen into one row list per pair (counting sort) and encodes the lists.
   *
   * @param mayRepeat - Whether rows were seen in more than one sweep, so that lists need not ascend.
   */
  #encodeField(mayRepeat: boolean): void {
    const first = this.#firstPair
    const pairs = this.#pairCount - first
    const ends = new Uint32Array(pairs)
    let at = 0
    for (let i = 0; i < pairs; i++) {
      ends[i] = at
      at += this.#counts[first + i]!
    }
    if (this.#lists.length < at) this.#lists = new Uint32Array(at + (at >>> 1))
    const lists = this.#lists
    const seenPairs = this.#seenPairs
    const seenRows = this.#seenRows
    for (let i = 0; i < this.#seenCount; i++) lists[ends[seenPairs[i]! - first]!++] = seenRows[i]!
    let start = 0
    for (let i = 0; i < pairs; i++) {
      let end = ends[i]!
      const listEnd = end
      if (mayRepeat) {
        end = sortDistinct(lists, start, end)
        this.#counts[first + i] = end - start
      }
      this.#postingStarts[first + i] = this.#postings.length
      appendPostings(this.#postings, lists, start, end)
      start = listEnd
    }
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
    this.#lastRows = growUint32(this.#lastRows, length)
    this.#postingStarts = growUint32(this.#postingStarts, length)
    this.#stamps = growUint32(this.#stamps, length)
  }
}

/** Sorts `rows[start] … rows[end - 1]` and drops repeats; gives the new end. */
function sortDistinct(rows: Uint32Array, start: number, end: number): number {
  rows.subarray(start, end).sort()
  let at = start
  for (let i = start; i < end; i++) if (i === start || rows[i] !== rows[i - 1]) rows[at++] = rows[i]!
  return at
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
