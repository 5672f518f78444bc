import type { BatchSpace, Column, EventBatch } from '@timeskein/model'
import { ByteArena } from '../byte-arena.ts'
import { FieldLines, type ListedLines } from '../field-lines.ts'
import { LineCache } from '../line-cache.ts'
import { NumberCache } from '../number-cache.ts'
import { writeDecimal } from '../number-cache-decimal.ts'
import { PAIR_FIELD, PAIR_WORDS } from '../tokens/kernel/word-layout.ts'
import { MAX_TOKEN_BYTES } from '../tokens/token-scanner.ts'
import { TokenTable } from '../tokens/token-table.ts'
import { type PackedTerms, type TermField, WHOLE_MARK } from './packed-terms.ts'
import { TermPlaces } from './term-places.ts'
import { HAS_PLACES, type PlacesOfPairs, POSTINGS_END, POSTINGS_START, TokenPacker } from './token-packer.ts'

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
 */
export class TermIndexBuilder {
  readonly #tokens: TokenTable
  readonly #lineCache = new LineCache()
  readonly #numberCache = new NumberCache()
  readonly #lines = new FieldLines()
  readonly #places = new TermPlaces()
  readonly #postings = new ByteArena(1 << 16)
  readonly #packer = new TokenPacker()
  /** What the field's numbers stand for, so far. */
  #fields: TermField[] = []
  #rowCount = 0
  /** No row has two lines of the field. */
  #isOneLineEach = false
  /** Of the column being added: its first line; -1 before there is one. */
  #firstNewLine = -1
  /** Of the column being added: the row that a value was added of last. */
  #lastRow = -1
  readonly #placesOfPairs: PlacesOfPairs = new Map()

  /** @param tokens - Where words are found and counted. */
  constructor(tokens: TokenTable = new TokenTable()) {
    this.#tokens = tokens
  }

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
    const bytes = this.#packer.pack(
      {
        table: this.#tokens,
        postings: this.#postings,
        placesOfPairs: this.#placesOfPairs,
        fields: this.#fields,
      },
      space,
    )
    return { fields: this.#fields, bytes }
  }

  #clear(): void {
    this.#tokens.clear()
    this.#postings.length = 0
    this.#fields = []
    this.#placesOfPairs.clear()
  }

  /** Adds all columns of one field. */
  #addField(name: string, columns: readonly Column[]): void {
    const table = this.#tokens
    this.#lines.clear()
    table.beginField()
    this.#beginView(name, 'words')
    this.#isOneLineEach = columns.length === 1
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
    table.settle()
    const { firstPair, pairs } = table
    const count = table.pairCount - firstPair
    const listed = this.#lines.encode(table.comings, count, this.#postings, (term, start, end) => {
      const record = (firstPair + term) * PAIR_WORDS
      pairs[record + POSTINGS_START] = start
      pairs[record + POSTINGS_END] = end
    })
    if (this.#isOneLineEach && table.hasSeveralTokens) this.#addPlaces(name, count, listed)
  }

  /** What is added from here on belongs to a view of a field. */
  #beginView(name: string, view: TermField['view']): void {
    this.#tokens.beginView(this.#fields.length)
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
    const table = this.#tokens
    table.settle()
    this.#beginView(name, 'whole')
    for (let line = 0; line < cache.count; line++) {
      const value = bytes.subarray(cache.startOf(line), cache.endOf(line))
      const write = (out: Uint8Array, at: number) => {
        out[at] = WHOLE_MARK
        out.set(value, at + 1)
        return value.length + 1
      }
      table.addToken(write, firstLine + line)
    }
  }

  /** Adds where frequent tokens of the field's words stand in its values. */
  #addPlaces(name: string, pairCount: number, listed: ListedLines): void {
    const { firstPair, pairs } = this.#tokens
    const words = pairs[firstPair * PAIR_WORDS + PAIR_FIELD]!
    const minRows = Math.max(MIN_PLACED_ROWS, this.#rowCount * MIN_PLACED_SHARE)
    const arena = this.#postings
    const known = this.#placesOfPairs.size
    for (let term = 0; term < pairCount; term++) {
      const record = (firstPair + term) * PAIR_WORDS
      if (pairs[record + PAIR_FIELD] !== words) break
      if (pairs[record + POSTINGS_END] === 0 || countRows(listed, term) < minRows) continue
      const start = arena.length
      this.#places.append(arena, term, listed, {
        start: pairs[record + POSTINGS_START]!,
        end: pairs[record + POSTINGS_END]!,
      })
      pairs[record + PAIR_FIELD] = words | HAS_PLACES
      this.#placesOfPairs.set(firstPair + term, { start, end: arena.length })
    }
    if (this.#placesOfPairs.size > known) this.#beginView(name, 'places')
  }

  /** Adds the values of a column; gives the number of the first new line. */
  #addStrings(rows: Uint32Array, bytes: Uint8Array, offsets: Uint32Array): number {
    this.#lineCache.start(bytes)
    this.#tokens.beginText(bytes)
    this.#firstNewLine = -1
    this.#lastRow = -1
    const entry = this.#addThroughCache(rows, offsets)
    this.#addOneByOne(rows, offsets, entry)
    return this.#firstNewLine
  }

  /** Adds values as long as many of their lines are known; gives the first entry that was not added. */
  #addThroughCache(rows: Uint32Array, offsets: Uint32Array): number {
    const cache = this.#lineCache
    let entry = 0
    for (; entry < rows.length && cache.isWorthwhile; entry++)
      this.#addKnownLines(offsets[entry]!, offsets[entry + 1]!, rows[entry]!)
    return entry
  }

  /** Adds values from an entry on, each as a new line. */
  #addOneByOne(rows: Uint32Array, offsets: Uint32Array, first: number): void {
    for (let entry = first; entry < rows.length; entry++) {
      const row = rows[entry]!
      if (row === this.#lastRow) this.#isOneLineEach = false
      this.#lastRow = row
      this.#lines.see(this.#addLine(offsets[entry]!, offsets[entry + 1]!), row)
    }
  }

  /**
   * Adds the lines of a value, each new one once for the column. Apart from the loop over values: as a loop inside of it this was left by
   * way of the interpreter after each value.
   */
  #addKnownLines(from: number, end: number, row: number): void {
    const cache = this.#lineCache
    for (let start = from; start < end; start = cache.lineEnd + 1) {
      const known = cache.count
      const number = cache.find(start, end)
      if (row === this.#lastRow || cache.lineEnd !== end) this.#isOneLineEach = false
      this.#lastRow = row
      if (number === known) {
        const line = this.#addLine(start, cache.lineEnd)
        if (this.#firstNewLine < 0) this.#firstNewLine = line
      }
      this.#lines.see(this.#firstNewLine + number, row)
    }
  }

  #addLine(start: number, end: number): number {
    const line = this.#lines.addLine()
    this.#tokens.addText(start, end, line)
    return line
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
    const ascii = valueToken(value)
    const write = (out: Uint8Array, at: number) => {
      for (let i = 0; i < ascii.length; i++) out[at + i] = ascii.charCodeAt(i)
      return ascii.length
    }
    this.#tokens.addToken(write, line)
    return line
  }

  /** The same as `#addValueLine`, without a string where the number is a whole one of 53 bits. */
  #addNumberLine(numbers: BigInt64Array | Float64Array, entry: number): number {
    const whole = this.#numberCache.wholeNumber(entry)
    if (whole === undefined) return this.#addValueLine(numbers[entry]!)
    const line = this.#lines.addLine()
    this.#tokens.addToken((out, at) => writeDecimal(whole, out, at), line)
    return line
  }
}

/** Rows of all lines of a term. */
function countRows({ lines, lineEnds, rowCounts }: ListedLines, term: number): number {
  let count = 0
  for (let i = term === 0 ? 0 : lineEnds[term - 1]!; i < lineEnds[term]!; i++) count += rowCounts[lines[i]!]!
  return count
}
