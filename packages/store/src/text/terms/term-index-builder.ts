import type { BatchSpace, Column, EventBatch } from '@timeskein/model'
import { ByteArena, Float64Scratch, growUint32, Scratch } from '../byte-arena.ts'
import { FieldLines, type ListedLines } from '../field-lines.ts'
import { LineCache } from '../line-cache.ts'
import { NumberCache } from '../number-cache.ts'
import { writeDecimal } from '../number-cache-decimal.ts'
import { sortTokens } from '../tokens/sort-tokens.ts'
import { MAX_TOKEN_BYTES, TokenScanner } from '../tokens/token-scanner.ts'
import { FIRST_NOTE, LAST_NOTE, LENGTH, STAMP, TEXT, TokenTable } from '../tokens/token-table.ts'
import { type PackedTerms, type TermField, TermPacker, WHOLE_MARK } from './packed-terms.ts'
import { TermPlaces } from './term-places.ts'

/** Numbers of a pair's record: at the places below, its field, the token's next pair plus one, and its postings or row. */
const PAIR_RECORD = 4
const FIELD = 0
const NEXT_PAIR = 1
/** Its one row, if `POSTINGS_END` is 0. */
const POSTINGS_START = 2
const POSTINGS_END = 3
/** So many tokens are packed together. */
const GROUP = 256

/** Whole values are looked up by where there are no more different ones, */
const MAX_WHOLE_VALUES = 1024
/** and each of them comes so often on average. */
const MIN_ROWS_PER_WHOLE_VALUE = 16
/** Places are kept of tokens with so many rows at least, or so large a part of the batch: for others values are read. */
const MIN_PLACED_ROWS = 32
const MIN_PLACED_SHARE = 1 / 256

/** The one token that stands for a number or boolean: its text in JavaScript (`-5`, `0.25`, `true`). */
export function valueToken(value: number | bigint | boolean): string {
  return String(value)
}

/**
 * Builds word indexes, one after the other, in memory that it keeps: a new one for each batch would keep the garbage
 * collector as busy as the builder.
 *
 * Pairs of a token and a field are numbered in the order of their coming, those of a field in a row. A token notes its
 * first and last pair, each plus one; in between, each pair knows the next.
 */
export class TermIndexBuilder {
  readonly #tokens = new TokenTable()
  readonly #scanner = new TokenScanner()
  readonly #lineCache = new LineCache()
  readonly #numberCache = new NumberCache()
  readonly #lines = new FieldLines()
  readonly #places = new TermPlaces()
  readonly #postings = new ByteArena(1 << 16)
  readonly #packer = new TermPacker()
  readonly #sorted = new Scratch()
  readonly #keys = new Float64Scratch()
  readonly #firstPairs = new Uint32Array(GROUP)
  readonly #fetched = new Uint32Array(GROUP)
  #pairCount = 0
  #pairs = new Uint32Array(1024 * PAIR_RECORD)
  /** Number of the field's view that is being added. */
  #fieldNumber = 0
  #firstPair = 0
  /** Lines of the fields before this one. A token has the stamp of the line that it came in last: its number in the batch, plus one. */
  #firstLine = 0
  /** What the field's numbers stand for, so far. */
  #fields: TermField[] = []
  #rowCount = 0
  /** No row has two lines of the field. */
  #isOneLineEach = false
  /** Of the column being added: its first line; -1 before there is one. */
  #firstNewLine = -1
  /** Of the column being added: the row that a value was added of last. */
  #lastRow = -1
  /** Some line of the field has two tokens. */
  #hasSeveralTokens = false
  /** The line of the token that was settled last, and how many tokens of it stand before that. */
  #settledLine = -1
  #settledPlace = 0
  /** Where the places of pairs lie in `#postings`, by the number of the pair. */
  readonly #placesOfPairs = new Map<number, { readonly start: number; readonly end: number }>()

  /**
   * Builds the word index of one batch; row numbers are counted in it.
   *
   * Strings are tokenised as by `tokenizeText`; a number or boolean is one token, its `valueToken`. Takes time in
   * proportion to the distinct text in each column, as a line that repeats is tokenised once.
   *
   * @param batch - Not kept.
   * @param space - What the index is put into. @default memory of its own
   */
  build(batch: EventBatch, space?: BatchSpace): PackedTerms {
    this.#clear()
    const byField = new Map<string, Column[]>()
    for (const column of batch.columns) {
      const columns = byField.get(column.field)
      if (columns) columns.push(column)
      else byField.set(column.field, [column])
    }
    this.#rowCount = batch.rowCount
    for (const [name, columns] of byField) this.#addField(name, columns)
    return { fields: this.#fields, bytes: this.#pack(space) }
  }

  #clear(): void {
    this.#tokens.clear()
    this.#postings.length = 0
    this.#pairCount = 0
    this.#firstLine = 0
    this.#fields = []
    this.#placesOfPairs.clear()
  }

  /** Adds all columns of one field. */
  #addField(name: string, columns: readonly Column[]): void {
    this.#firstPair = this.#pairCount
    this.#lines.clear()
    this.#beginView(name, 'words')
    this.#isOneLineEach = columns.length === 1
    this.#hasSeveralTokens = false
    this.#settledLine = -1
    for (const column of columns) {
      switch (column.values.kind) {
        case 'string': {
          const { bytes, offsets } = column.values
          const firstLine = this.#addStrings(column.rows, bytes, offsets)
          if (this.#hasFewValues(column.rows.length)) this.#addWholeValues(name, bytes, firstLine)
          break
        }
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
    this.#settle()
    const first = this.#firstPair
    const count = this.#pairCount - first
    const listed = this.#lines.encode(count, this.#postings, (term, start, end) => {
      const record = (first + term) * PAIR_RECORD
      this.#pairs[record + POSTINGS_START] = start
      this.#pairs[record + POSTINGS_END] = end
    })
    if (this.#isOneLineEach && this.#hasSeveralTokens) this.#addPlaces(name, count, listed)
    this.#firstLine += this.#lines.lineCount
  }

  /** What is added from here on belongs to a view of a field. */
  #beginView(name: string, view: TermField['view']): void {
    this.#fieldNumber = this.#fields.length
    this.#fields.push({ name, view })
  }

  /** Whether the lines of the column added last are its values, and few. */
  #hasFewValues(entryCount: number): boolean {
    const { isWorthwhile, count } = this.#lineCache
    return (
      this.#isOneLineEach &&
      isWorthwhile &&
      count <= MAX_WHOLE_VALUES &&
      count * MIN_ROWS_PER_WHOLE_VALUE <= entryCount
    )
  }

  /** Adds the values of the column added last, each a line, as tokens of their own; not if one is too long. */
  #addWholeValues(name: string, bytes: Uint8Array, firstLine: number): void {
    const cache = this.#lineCache
    for (let line = 0; line < cache.count; line++)
      if (cache.endOf(line) - cache.startOf(line) >= MAX_TOKEN_BYTES) return
    this.#settle()
    this.#settledLine = -1
    this.#beginView(name, 'whole')
    const table = this.#tokens
    for (let line = 0; line < cache.count; line++) {
      if (table.isFull) this.#settle()
      const start = cache.startOf(line)
      const length = cache.endOf(line) - start
      table.candidates[table.candidateAt] = WHOLE_MARK
      for (let i = 0; i < length; i++) table.candidates[table.candidateAt + 1 + i] = bytes[start + i]!
      table.propose(length + 1, firstLine + line)
    }
  }

  /** Adds where frequent tokens of the field's words stand in its values. */
  #addPlaces(name: string, pairCount: number, listed: ListedLines): void {
    const first = this.#firstPair
    const words = this.#pairs[first * PAIR_RECORD + FIELD]!
    const minRows = Math.max(MIN_PLACED_ROWS, this.#rowCount * MIN_PLACED_SHARE)
    const arena = this.#postings
    const known = this.#placesOfPairs.size
    this.#places.list(listed, pairCount)
    for (let term = 0; term < pairCount; term++) {
      const record = (first + term) * PAIR_RECORD
      if (this.#pairs[record + FIELD] !== words) break
      if (countRows(listed, term) < minRows) continue
      const start = arena.length
      this.#places.append(arena, term, listed, {
        start: this.#pairs[record + POSTINGS_START]!,
        end: this.#pairs[record + POSTINGS_END]!,
      })
      this.#placesOfPairs.set(first + term, { start, end: arena.length })
    }
    if (this.#placesOfPairs.size > known) this.#beginView(name, 'places')
  }

  #pack(space: BatchSpace | undefined): Uint8Array {
    const { count } = this.#tokens
    const sorted = this.#sorted.take(count)
    sortTokens(this.#tokens, sorted, this.#keys.take(count))
    for (let start = 0; start < count; start += GROUP) {
      this.#packTokens(sorted, start, Math.min(start + GROUP, count))
    }
    return this.#packer.finish(space)
  }

  /** Packs some tokens. All of them are looked at first, then their first pairs: together they are fetched faster. */
  #packTokens(tokens: Uint32Array, start: number, end: number): void {
    this.#fetchPairs(tokens, start, end)
    for (let i = start; i < end; i++) this.#packToken(tokens[i]!, this.#firstPairs[i - start]!)
  }

  #fetchPairs(tokens: Uint32Array, start: number, end: number): void {
    const { words } = this.#tokens
    const firstPairs = this.#firstPairs
    for (let i = start; i < end; i++) firstPairs[i - start] = words[tokens[i]! + FIRST_NOTE]!
    for (let i = 0; i < end - start; i++) this.#fetched[i] = this.#pairs[(firstPairs[i]! - 1) * PAIR_RECORD]!
  }

  #packToken(token: number, firstPair: number): void {
    const { words, bytes } = this.#tokens
    const pairs = this.#pairs
    const postings = this.#postings.bytes
    const packer = this.#packer
    const textStart = (token + TEXT) * 4
    packer.addToken(bytes, textStart, textStart + words[token + LENGTH]!)
    for (let pair = firstPair; pair !== 0; ) {
      const record = (pair - 1) * PAIR_RECORD
      const field = pairs[record + FIELD]!
      const postingsStart = pairs[record + POSTINGS_START]!
      const postingsEnd = pairs[record + POSTINGS_END]!
      if (postingsEnd === 0) packer.addRow(field, postingsStart)
      else packer.addPostings(field, postings, postingsStart, postingsEnd)
      const places = this.#placesOfPairs.get(pair - 1)
      if (places) packer.addPostings(this.#placesField(field), postings, places.start, places.end)
      pair = pairs[record + NEXT_PAIR]!
    }
  }

  /** The number of `places` of a field whose words have a number: the view that was begun last of that field. */
  #placesField(words: number): number {
    let field = words
    while (this.#fields[field]!.view !== 'places') field++
    return field
  }

  /** Adds the values of a column; gives the number of the first new line. */
  #addStrings(rows: Uint32Array, bytes: Uint8Array, offsets: Uint32Array): number {
    const cache = this.#lineCache
    cache.start(bytes)
    this.#firstNewLine = -1
    this.#lastRow = -1
    const entry = this.#addThroughCache(rows, bytes, offsets)
    this.#addOneByOne(rows, bytes, offsets, entry)
    return this.#firstNewLine
  }

  /** Adds values as long as many of their lines are known; gives the first entry that was not added. */
  #addThroughCache(rows: Uint32Array, bytes: Uint8Array, offsets: Uint32Array): number {
    const cache = this.#lineCache
    let entry = 0
    for (; entry < rows.length && cache.isWorthwhile; entry++)
      this.#addKnownLines(bytes, offsets[entry]!, offsets[entry + 1]!, rows[entry]!)
    return entry
  }

  /** Adds values from an entry on, each as a new line. */
  #addOneByOne(rows: Uint32Array, bytes: Uint8Array, offsets: Uint32Array, first: number): void {
    for (let entry = first; entry < rows.length; entry++) {
      const row = rows[entry]!
      if (row === this.#lastRow) this.#isOneLineEach = false
      this.#lastRow = row
      this.#lines.see(this.#addLine(bytes, offsets[entry]!, offsets[entry + 1]!), row)
    }
  }

  /**
   * Adds the lines of a value, each new one once for the column. Apart from the loop over values: as a loop inside of it this was left by
   * way of the interpreter after each value.
   */
  #addKnownLines(bytes: Uint8Array, from: number, end: number, row: number): void {
    const cache = this.#lineCache
    for (let start = from; start < end; start = cache.lineEnd + 1) {
      const known = cache.count
      const number = cache.find(start, end)
      if (row === this.#lastRow || cache.lineEnd !== end) this.#isOneLineEach = false
      this.#lastRow = row
      if (number === known) {
        const line = this.#addLine(bytes, start, cache.lineEnd)
        if (this.#firstNewLine < 0) this.#firstNewLine = line
      }
      this.#lines.see(this.#firstNewLine + number, row)
    }
  }

  #addLine(bytes: Uint8Array, start: number, end: number): number {
    const line = this.#lines.addLine()
    const scanner = this.#scanner
    const table = this.#tokens
    scanner.start(bytes, start, end)
    for (;;) {
      if (table.isFull) this.#settle()
      const length = scanner.next(table.candidates, table.candidateAt)
      if (length === 0) return line
      table.propose(length, line)
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
        const line = this.#addNumberLine(numbers, entry)
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
    const line = this.#lines.addLine()
    const table = this.#tokens
    if (table.isFull) this.#settle()
    const ascii = valueToken(value)
    for (let i = 0; i < ascii.length; i++) table.candidates[table.candidateAt + i] = ascii.charCodeAt(i)
    table.propose(ascii.length, line)
    return line
  }

  /** The same as `#addValueLine`, without a string where the number is a whole one of 53 bits. */
  #addNumberLine(numbers: BigInt64Array | Float64Array, entry: number): number {
    const whole = this.#numberCache.wholeNumber(entry)
    if (whole === undefined) return this.#addValueLine(numbers[entry]!)
    const table = this.#tokens
    if (table.isFull) this.#settle()
    const line = this.#lines.addLine()
    table.propose(writeDecimal(whole, table.candidates, table.candidateAt), line)
    return line
  }

  /** Notes the tokens that were proposed in their lines. */
  #settle(): void {
    const count = this.#tokens.settle()
    const { words, found, tags } = this.#tokens
    const stampBase = this.#firstLine + 1
    for (let i = 0; i < count; i++) {
      const token = found[i]!
      const line = tags[i]!
      if (line !== this.#settledLine) {
        this.#settledLine = line
        this.#settledPlace = 0
      } else {
        this.#settledPlace++
        this.#hasSeveralTokens = true
      }
      let pair = words[token + LAST_NOTE]!
      if (words[token + STAMP] === stampBase + line) {
        this.#places.repeat(pair - 1 - this.#firstPair)
        continue
      }
      words[token + STAMP] = stampBase + line
      if (pair <= this.#firstPair) pair = this.#addPair(token, pair)
      const term = pair - 1 - this.#firstPair
      this.#places.note(this.#lines.addTerm(line, term), term, this.#settledPlace)
    }
  }

  /** Makes a pair of a token, with its last pair, and the current field; both pairs plus one. */
  #addPair(token: number, last: number): number {
    const record = this.#pairCount * PAIR_RECORD
    const pair = ++this.#pairCount
    if (record === this.#pairs.length) this.#pairs = growUint32(this.#pairs, record + PAIR_RECORD)
    this.#pairs[record + FIELD] = this.#fieldNumber
    this.#pairs[record + NEXT_PAIR] = 0
    if (last === 0) this.#tokens.words[token + FIRST_NOTE] = pair
    else this.#pairs[(last - 1) * PAIR_RECORD + NEXT_PAIR] = pair
    this.#tokens.words[token + LAST_NOTE] = pair
    return pair
  }
}

/** Rows of all lines of a term. */
function countRows({ lines, lineEnds, rowCounts }: ListedLines, term: number): number {
  let count = 0
  for (let i = term === 0 ? 0 : lineEnds[term - 1]!; i < lineEnds[term]!; i++) count += rowCounts[lines[i]!]!
  return count
}
