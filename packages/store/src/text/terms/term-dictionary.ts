import { HEAD_NUMBERS, TOKEN_END } from './packed-terms.ts'

/** Bytes that `readSectionSizes` needs. */
export const HEAD_SIZES_BYTES: number = HEAD_NUMBERS * 4

/** Sizes of the three sections of packed terms, in bytes. */
export interface TermSectionSizes {
  readonly head: number
  readonly dictionary: number
  readonly postings: number
}

/** Reads the sizes that the head begins with. */
export function readSectionSizes(bytes: Uint8Array): TermSectionSizes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [head, dictionary, postings] = [4, 8, 12].map((at) => view.getUint32(at, true))
  return { head: head!, dictionary: dictionary!, postings: postings! }
}

/** The head of packed terms (packed-terms.ts): in which blocks tokens are, and where blocks and postings are. */
export class TermHead {
  readonly sizes: TermSectionSizes
  readonly blockCount: number
  /** Bytes of the longest token. */
  readonly longestToken: number
  /** Where each block begins in the dictionary; the last element is its end. */
  readonly blockStarts: Uint32Array
  /** Where the postings of each block begin; the last element is their end. */
  readonly postingStarts: Uint32Array
  /** Where the first token of each block begins in `firstTokens`; the last element is their end. */
  readonly firstTokenStarts: Uint32Array
  readonly firstTokens: Buffer

  /** @param bytes - The whole head; kept. */
  constructor(bytes: Buffer) {
    this.sizes = readSectionSizes(bytes)
    this.blockCount = bytes.readUInt32LE(0)
    this.longestToken = bytes.readUInt32LE(16)
    const arrayBytes = (this.blockCount + 1) * 4
    // Copied, as a view of 32-bit numbers has to begin at a multiple of four.
    const copy = (at: number): Uint32Array =>
      new Uint32Array(new Uint8Array(bytes.subarray(at, at + arrayBytes)).buffer)
    this.blockStarts = copy(HEAD_SIZES_BYTES)
    this.postingStarts = copy(HEAD_SIZES_BYTES + arrayBytes)
    this.firstTokenStarts = copy(HEAD_SIZES_BYTES + 2 * arrayBytes)
    this.firstTokens = Buffer.from(bytes.subarray(HEAD_SIZES_BYTES + 3 * arrayBytes, this.sizes.head))
  }

  /** Memory that it takes, about. */
  get sizeBytes(): number {
    return this.blockCount * 12 + this.firstTokens.length + 200
  }

  /** The only block that a token can be in; -1 when it comes before all tokens. */
  findBlock(token: Uint8Array): number {
    let low = 0
    let high = this.blockCount
    while (low < high) {
      const middle = (low + high) >>> 1
      const start = this.firstTokenStarts[middle]!
      if (this.firstTokens.compare(token, 0, token.length, start, this.firstTokenStarts[middle + 1]!) <= 0) {
        low = middle + 1
      } else high = middle
    }
    return low - 1
  }
}

/** Where the tokens of a block stand, from `start` to `end` (exclusive), each with `TOKEN_END` behind it. */
export interface TokenRange {
  readonly start: number
  readonly end: number
}

/**
 * Finds the tokens of a block.
 *
 * @throws {RangeError} When the bytes are no block.
 */
export function findTokenRange(bytes: Uint8Array, start: number, end: number): TokenRange {
  const firstToken = start + 2
  const firstPair = firstToken + bytes[start]! + bytes[start + 1]! * 256
  if (!(firstPair <= end)) throw new RangeError('words of a segment: a block ends inside its tokens')
  return { start: firstToken, end: firstPair }
}

/** One block of a dictionary, taken apart. Token `i` is `bytes[tokenStarts[i]] … bytes[tokenStarts[i + 1] - 2]`. */
export interface TermBlock {
  readonly tokenCount: number
  readonly tokenStarts: Uint32Array
  /** First pair of each token; one more element than there are tokens. */
  readonly pairStarts: Uint32Array
  /** Field number of each pair. */
  readonly fields: readonly number[]
  /** Where each pair's postings begin among all postings; one more element than there are pairs. */
  readonly postingStarts: readonly number[]
}

/**
 * Takes a block apart.
 *
 * @param bytes - Where the block stands from `start` to `end` (exclusive); token places are counted in it.
 * @param postingsAt - Where the block's postings begin.
 * @throws {RangeError} When the bytes are no block.
 */
export function readBlock(bytes: Uint8Array, start: number, end: number, postingsAt: number): TermBlock {
  const { start: firstToken, end: firstPair } = findTokenRange(bytes, start, end)
  const starts = [firstToken]
  for (let at = firstToken; at < firstPair; at++) if (bytes[at] === TOKEN_END) starts.push(at + 1)
  const tokenCount = starts.length - 1
  const pairStarts = new Uint32Array(tokenCount + 1)
  const fields: number[] = []
  const postingStarts = [postingsAt]
  const pairs = new PairReader(bytes, firstPair, end, postingsAt)
  for (let token = 0; token < tokenCount; token++) {
    do {
      pairs.next()
      fields.push(pairs.field)
      postingStarts.push(pairs.postingsAt)
    } while (pairs.hasMore)
    pairStarts[token + 1] = fields.length
  }
  return { tokenCount, tokenStarts: Uint32Array.from(starts), pairStarts, fields, postingStarts }
}

/**
 * As `readBlock`, of one token: a block that has no other. A question for a word wants one of the sixty-four.
 *
 * @param tokenStart - Where the token is, which ends at `tokenEnd` (exclusive, before its end mark).
 */
export function readToken(
  bytes: Uint8Array,
  start: number,
  end: number,
  postingsAt: number,
  [tokenStart, tokenEnd]: readonly [number, number],
): TermBlock {
  const firstToken = start + 2
  const pairs = new PairReader(bytes, firstToken + bytes[start]! + bytes[start + 1]! * 256, end, postingsAt)
  for (let at = firstToken; at < tokenStart; at++) {
    if (bytes[at] !== TOKEN_END) continue
    do pairs.next()
    while (pairs.hasMore)
  }
  const fields: number[] = []
  const postingStarts = [pairs.postingsAt]
  do {
    pairs.next()
    fields.push(pairs.field)
    postingStarts.push(pairs.postingsAt)
  } while (pairs.hasMore)
  return {
    tokenCount: 1,
    tokenStarts: Uint32Array.of(tokenStart, tokenEnd + 1),
    pairStarts: Uint32Array.of(0, fields.length),
    fields,
    postingStarts,
  }
}

/** Goes through the pairs of field and posting list of a block, token by token. */
class PairReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number
  field = 0
  /** The token has another pair behind this one. */
  hasMore = false
  /** Where the pair's postings end; before the first one: where those of the block begin. */
  postingsAt: number

  constructor(bytes: Uint8Array, start: number, end: number, postingsAt: number) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.postingsAt = postingsAt
  }

  next(): void {
    const field = this.#readVarint()
    this.hasMore = field % 2 === 1
    this.field = Math.floor(field / 2)
    this.postingsAt += this.#readVarint()
  }

  #readVarint(): number {
    const bytes = this.#bytes
    let value = 0
    let scale = 1
    for (;;) {
      if (this.#at >= this.#end) throw new RangeError('words of a segment: a block ends inside a number')
      const byte = bytes[this.#at++]!
      if (byte < 0x80) return value + byte * scale
      value += (byte & 0x7f) * scale
      scale *= 128
    }
  }
}

/** One token of packed terms with its fields and posting lists; valid until the next one is asked for. */
export interface TermVisit {
  /** UTF-8, without its end mark. */
  readonly token: Buffer
  readonly fields: readonly number[]
  readonly postings: readonly Uint8Array[]
}

/** All tokens of packed terms, ascending by their bytes. */
export function* listTerms(packed: Buffer): Generator<TermVisit, void, undefined> {
  const { head: headBytes, dictionary } = readSectionSizes(packed)
  const head = new TermHead(packed.subarray(0, headBytes))
  const postingsAt = headBytes + dictionary
  for (let number = 0; number < head.blockCount; number++) {
    const block = readBlock(
      packed,
      headBytes + head.blockStarts[number]!,
      headBytes + head.blockStarts[number + 1]!,
      postingsAt + head.postingStarts[number]!,
    )
    for (let token = 0; token < block.tokenCount; token++) {
      const [first, end] = [block.pairStarts[token]!, block.pairStarts[token + 1]!]
      const postings: Uint8Array[] = []
      for (let pair = first; pair < end; pair++) {
        postings.push(packed.subarray(block.postingStarts[pair]!, block.postingStarts[pair + 1]!))
      }
      yield {
        token: packed.subarray(block.tokenStarts[token]!, block.tokenStarts[token + 1]! - 1),
        fields: block.fields.slice(first, end),
        postings,
      }
    }
  }
}
