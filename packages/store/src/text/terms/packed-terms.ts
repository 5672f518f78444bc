/**
 * The word index of one segment as bytes: which rows hold which token in which field.
 *
 * Integers are little-endian; a varint is LEB128 (DWARF 5, section 7.6). Tokens are UTF-8, each of them once, ascending
 * by their bytes, in blocks of 64:
 *
 *     head        u32 blocks, u32 bytes of the head, u32 bytes of the dictionary, u32 bytes of the postings,
 *                 u32 bytes of the longest token; then three arrays of (blocks + 1) u32, the last element of each being the end: where each block
 *                 begins in the dictionary, where its postings begin, where its first token begins in what follows;
 *                 then the first tokens
 *     dictionary  blocks: u16 bytes of the tokens; the tokens, each followed by 0xff, which UTF-8 does not have;
 *                 then for each token one pair or more: varint field * 2 + (1 when another pair of the token follows),
 *                 varint bytes of its postings
 *     postings    of all pairs in their order (coding in postings.ts), row numbers counted in the segment
 *
 * A field is its number in `PackedTerms.fields`, where it may stand once for each of its views: the pairs of `words` have
 * the rows of a word, those of `whole` the rows whose value is the token but for its first byte, `WHOLE_MARK`; those of
 * `places` have, in place of rows, where the token stands in the rows of its pair of `words` (term-positions.ts).
 */
import { BatchSpace } from '@timeskein/model/events'
import { ByteArena, growUint32 } from '../byte-arena.ts'
import { appendRow } from './postings.ts'

/** Tokens of a block. */
export const BLOCK_TOKENS = 64
/** Stands behind each token of a block. */
export const TOKEN_END = 0xff
/** Numbers at the beginning of the head: blocks, and bytes of head, dictionary, postings and the longest token. */
export const HEAD_NUMBERS = 5

/** From this length on the engine's copy is faster than a loop. */
const LONG_COPY_BYTES = 48
const MAX_VARINT_BYTES = 5

/**
 * What is said of a field under one of its numbers: `words` of all values; `whole` values, only where there are few
 * different ones, and then all of them but the empty one; `places` of words in values.
 */
export type TermView = 'words' | 'whole' | 'places'

/** A field in one view. */
export interface TermField {
  readonly name: string
  readonly view: TermView
}

/** First byte of the tokens that stand for whole values; no word begins with it. */
export const WHOLE_MARK = 0x00

/** A word index with the names that its field numbers stand for. */
export interface PackedTerms {
  readonly fields: readonly TermField[]
  readonly bytes: Uint8Array
}

/** Packs a word index; tokens come ascending by their bytes, each once, the pairs of a token ascending by field. */
export class TermPacker {
  readonly #tokens = new ByteArena(4096)
  readonly #pairs = new ByteArena(1024)
  readonly #dictionary = new ByteArena(1 << 16)
  readonly #postings = new ByteArena(1 << 16)
  readonly #firstTokens = new ByteArena(1 << 12)
  #dictionaryStarts = new Uint32Array(64)
  #postingStarts = new Uint32Array(64)
  #firstTokenStarts = new Uint32Array(64)
  #blockCount = 0
  #tokensInBlock = 0
  #longestToken = 0
  /** Where the token's last pair begins in `#pairs`; -1: it has none yet. */
  #lastPair = -1

  /** Begins a token. */
  addToken(bytes: Uint8Array, start: number, end: number): void {
    if (this.#tokensInBlock === BLOCK_TOKENS) this.#endBlock()
    if (this.#tokensInBlock === 0) this.#beginBlock(bytes, start, end)
    this.#tokensInBlock++
    if (end - start > this.#longestToken) this.#longestToken = end - start
    append(this.#tokens, bytes, start, end)
    this.#tokens.reserve(1)
    this.#tokens.bytes[this.#tokens.length++] = TOKEN_END
    this.#lastPair = -1
  }

  /** Adds to the token a field with its rows, given as a posting list. */
  addPostings(field: number, bytes: Uint8Array, start: number, end: number): void {
    append(this.#postings, bytes, start, end)
    this.#addPair(field, end - start)
  }

  /** Adds to the token a field with one row. */
  addRow(field: number, row: number): void {
    const start = this.#postings.length
    appendRow(this.#postings, row)
    this.#addPair(field, this.#postings.length - start)
  }

  #addPair(field: number, postingBytes: number): void {
    const pairs = this.#pairs
    if (this.#lastPair >= 0) pairs.bytes[this.#lastPair]! |= 1
    this.#lastPair = pairs.length
    pairs.reserve(2 * MAX_VARINT_BYTES)
    const at = writeVarint(pairs.bytes, pairs.length, field * 2)
    pairs.length = writeVarint(pairs.bytes, at, postingBytes)
  }

  /** The packed terms; the packer is empty again then. */
  finish(space: BatchSpace = new BatchSpace()): Uint8Array {
    this.#endBlock()
    const count = this.#blockCount
    const arrays = [this.#dictionaryStarts, this.#postingStarts, this.#firstTokenStarts]
    const sections = [this.#dictionary, this.#postings, this.#firstTokens]
    const headBytes = (HEAD_NUMBERS + arrays.length * (count + 1)) * 4 + this.#firstTokens.length
    const bytes = space.takeBytes(headBytes + this.#dictionary.length + this.#postings.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, headBytes)
    const numbers = [count, headBytes, this.#dictionary.length, this.#postings.length, this.#longestToken]
    for (const [i, number] of numbers.entries()) view.setUint32(i * 4, number, true)
    let at = HEAD_NUMBERS * 4
    for (const [i, starts] of arrays.entries()) {
      for (let block = 0; block < count; block++, at += 4) view.setUint32(at, starts[block]!, true)
      view.setUint32(at, sections[i]!.length, true)
      at += 4
    }
    bytes.set(this.#firstTokens.bytes.subarray(0, this.#firstTokens.length), at)
    bytes.set(this.#dictionary.bytes.subarray(0, this.#dictionary.length), headBytes)
    bytes.set(this.#postings.bytes.subarray(0, this.#postings.length), headBytes + this.#dictionary.length)
    this.#clear()
    return bytes
  }

  #clear(): void {
    for (const arena of [this.#dictionary, this.#postings, this.#firstTokens]) arena.length = 0
    this.#blockCount = 0
    this.#longestToken = 0
  }

  #beginBlock(bytes: Uint8Array, start: number, end: number): void {
    const block = this.#blockCount++
    if (block === this.#dictionaryStarts.length) {
      this.#dictionaryStarts = growUint32(this.#dictionaryStarts, block + 1)
      this.#postingStarts = growUint32(this.#postingStarts, block + 1)
      this.#firstTokenStarts = growUint32(this.#firstTokenStarts, block + 1)
    }
    this.#dictionaryStarts[block] = this.#dictionary.length
    this.#postingStarts[block] = this.#postings.length
    this.#firstTokenStarts[block] = this.#firstTokens.length
    append(this.#firstTokens, bytes, start, end)
  }

  #endBlock(): void {
    const tokenBytes = this.#tokens.length
    const dictionary = this.#dictionary
    if (this.#tokensInBlock === 0) return
    dictionary.reserve(2)
    dictionary.bytes[dictionary.length++] = tokenBytes & 0xff
    dictionary.bytes[dictionary.length++] = tokenBytes >>> 8
    append(dictionary, this.#tokens.bytes, 0, tokenBytes)
    append(dictionary, this.#pairs.bytes, 0, this.#pairs.length)
    this.#tokens.length = 0
    this.#pairs.length = 0
    this.#tokensInBlock = 0
  }
}

function append(arena: ByteArena, source: Uint8Array, start: number, end: number): void {
  arena.reserve(end - start)
  const target = arena.bytes
  let at = arena.length
  if (end - start > LONG_COPY_BYTES) {
    target.set(source.subarray(start, end), at)
    at += end - start
  } else {
    for (let i = start; i < end; i++) target[at++] = source[i]!
  }
  arena.length = at
}

function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  while (value >= 0x80) {
    bytes[at++] = (value & 0x7f) | 0x80
    value >>>= 7
  }
  bytes[at++] = value
  return at
}
