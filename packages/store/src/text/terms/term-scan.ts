import { type LazyAutomaton, VERDICTS } from '../automata/lazy-automaton.ts'
import { TOKEN_END } from './packed-terms.ts'
import { readBlock, readToken, type TermBlock, type TermHead } from './term-dictionary.ts'

/** Which tokens of a dictionary are wanted: those that pass everything given. Texts are UTF-8. */
export interface TermScan {
  /** This one only; nothing else is looked at then. */
  readonly exact?: Buffer
  /** At or after this, by bytes. */
  readonly from?: Buffer
  /** Before this, by bytes. */
  readonly before?: Buffer
  /** Holding this. */
  readonly literal?: Buffer
  readonly accepts?: (token: string) => boolean
  /** Says the same as `accepts`, which is asked where this is unsure. */
  readonly automaton?: LazyAutomaton
  /** What `accepts` accepts has so many bytes at least. */
  readonly minBytes?: number
}

/** Which tokens are wanted: these, or all that a scan wants. */
export type WantedTerms = { readonly tokens: readonly Buffer[] } | TermScan

/** Told of a token that is wanted: token `token` of the block. */
export type TermFound = (block: TermBlock, token: number) => void

/**
 * Looks through blocks of a dictionary for the wanted tokens, in their order.
 *
 * @param bytes - The blocks from `firstBlock` to `endBlock` (exclusive).
 */
export function scanBlocks(
  head: TermHead,
  bytes: Buffer,
  firstBlock: number,
  endBlock: number,
  scan: TermScan,
  found: TermFound,
): void {
  const { exact, literal, automaton } = scan
  const blocks = new BlockWalk(head, bytes, firstBlock, endBlock, found)
  if (exact) blocks.lookForToken(exact)
  else if (literal && literal.length > 0) {
    blocks.lookFor(literal, (start, end) => isWanted(bytes, start, end, scan))
  } else if (automaton) {
    blocks.lookWith(automaton, (start, end, isSure) => isWanted(bytes, start, end, scan, isSure))
  } else blocks.lookAtAll((start, end) => isWanted(bytes, start, end, scan))
}

/** The blocks that can hold wanted tokens: from `first` to `end` (exclusive). */
export function findBlockRange(head: TermHead, scan: TermScan): { first: number; end: number } {
  if (scan.exact) {
    const block = head.findBlock(scan.exact)
    return { first: Math.max(0, block), end: block + 1 }
  }
  let first = scan.from ? Math.max(0, head.findBlock(scan.from)) : 0
  let end = scan.before ? head.findBlock(scan.before) + 1 : head.blockCount
  if (scan.automaton) {
    while (first < end && !mayHold(head, first, scan.automaton)) first++
    while (first < end && !mayHold(head, end - 1, scan.automaton)) end--
  }
  return { first, end: Math.max(first, end) }
}

/** Whether a block may hold an accepted token, as far as its first token and the next block's tell. */
function mayHold(
  { blockCount, firstTokens, firstTokenStarts }: TermHead,
  block: number,
  automaton: LazyAutomaton,
): boolean {
  const [start, end] = [firstTokenStarts[block]!, firstTokenStarts[block + 1]!]
  const nextEnd = block + 1 === blockCount ? end : firstTokenStarts[block + 2]!
  return automaton.mayAcceptBetween(firstTokens, start, end, end, nextEnd)
}

/**
 * Whether the token at `start`, which holds the literal if there is one, is wanted.
 *
 * @param isAccepted - The automaton accepts it, as is known already.
 */
function isWanted(
  bytes: Buffer,
  start: number,
  end: number,
  { from, before, accepts, automaton }: TermScan,
  isAccepted = false,
): boolean {
  if (from && bytes.compare(from, 0, from.length, start, end) < 0) return false
  if (before && bytes.compare(before, 0, before.length, start, end) >= 0) return false
  if (accepts === undefined || isAccepted) return true
  const verdict = automaton ? automaton.testToken(bytes, start) : VERDICTS.unsure
  return verdict === VERDICTS.unsure
    ? accepts(bytes.toString('utf8', start, end))
    : verdict === VERDICTS.accepted
}

/** Where a token stands among those from `start` to `end` (exclusive); -1 when it does not. */
function findToken(bytes: Buffer, exact: Buffer, start: number, end: number): number {
  const tokens = bytes.subarray(start, end)
  let at = tokens.indexOf(exact)
  while (at >= 0) {
    const begins = at === 0 || tokens[at - 1] === TOKEN_END
    if (begins && tokens[at + exact.length] === TOKEN_END) return start + at
    at = tokens.indexOf(exact, at + 1)
  }
  return -1
}

type TestToken = (start: number, end: number) => boolean

/** Goes through blocks in their order, each being taken apart when a token of it is wanted. */
class BlockWalk {
  readonly #head: TermHead
  readonly #bytes: Buffer
  readonly #first: number
  readonly #end: number
  readonly #found: TermFound
  readonly #base: number

  constructor(head: TermHead, bytes: Buffer, first: number, end: number, found: TermFound) {
    this.#head = head
    this.#bytes = bytes
    this.#first = first
    this.#end = end
    this.#found = found
    this.#base = head.blockStarts[first] ?? 0
  }

  /** The token that is this text. */
  lookForToken(exact: Buffer): void {
    const bytes = this.#bytes
    for (let number = this.#first; number < this.#end; number++) {
      const [start, end] = [this.#startOf(number), this.#startOf(number + 1)]
      const at = findToken(bytes, exact, start + 2, this.#tokensEnd(number))
      if (at < 0) continue
      const place = [at, at + exact.length] as const
      this.#found(readToken(bytes, start, end, this.#head.postingStarts[number]!, place), 0)
    }
  }

  /** Tokens that hold a text and pass. */
  lookFor(literal: Buffer, passes: TestToken): void {
    const bytes = this.#bytes
    let number = this.#first
    let at = bytes.indexOf(literal)
    while (at >= 0) {
      while (this.#startOf(number + 1) <= at) number++
      const block = this.#read(number)
      const { tokenStarts, tokenCount } = block
      const tokensEnd = tokenStarts[tokenCount]!
      let token = 0
      let next = Math.max(at, tokenStarts[0]!)
      while (at >= 0 && at < tokensEnd) {
        while (token < tokenCount && tokenStarts[token + 1]! <= at) token++
        if (at < tokenStarts[0]!) next = at + 1
        else {
          if (passes(tokenStarts[token]!, tokenStarts[token + 1]! - 1)) this.#found(block, token)
          next = tokenStarts[token + 1]!
        }
        at = bytes.indexOf(literal, next)
      }
      // What looks like the text behind the tokens of a block are numbers.
      if (at >= 0 && at < this.#startOf(number + 1)) at = bytes.indexOf(literal, this.#startOf(number + 1))
    }
  }

  /** All tokens that pass. */
  lookAtAll(passes: TestToken): void {
    const bytes = this.#bytes
    for (let number = this.#first; number < this.#end; number++) {
      const tokensEnd = this.#tokensEnd(number)
      let block: TermBlock | undefined
      let tokenStart = this.#startOf(number) + 2
      for (let token = 0; tokenStart < tokensEnd; token++) {
        let tokenEnd = tokenStart
        while (bytes[tokenEnd] !== TOKEN_END) tokenEnd++
        if (passes(tokenStart, tokenEnd)) {
          block ??= this.#read(number)
          this.#found(block, token)
        }
        tokenStart = tokenEnd + 1
      }
    }
  }

  /**
   * All tokens that pass.
   *
   * @param passes - Asked of tokens that the automaton accepts, or (`isSure` false) does not know.
   */
  lookWith(automaton: LazyAutomaton, passes: (start: number, end: number, isSure: boolean) => boolean): void {
    const bytes = this.#bytes
    for (let number = this.#first; number < this.#end; number++) {
      if (!mayHold(this.#head, number, automaton)) continue
      const tokensEnd = this.#tokensEnd(number)
      let block: TermBlock | undefined
      let start = this.#startOf(number) + 2
      for (let token = 0; start < tokensEnd; token++) {
        const verdict = automaton.testToken(bytes, start)
        let end = automaton.stoppedAt - 1
        while (bytes[end] !== TOKEN_END) end++
        if (verdict >= VERDICTS.accepted && passes(start, end, verdict === VERDICTS.accepted)) {
          block ??= this.#read(number)
          this.#found(block, token)
        }
        start = end + 1
      }
    }
  }

  /** Where a block's tokens end; there stands the end of a token. */
  #tokensEnd(number: number): number {
    const bytes = this.#bytes
    const start = this.#startOf(number)
    const tokensEnd = start + 2 + bytes[start]! + bytes[start + 1]! * 256
    if (tokensEnd <= this.#startOf(number + 1) && bytes[tokensEnd - 1] === TOKEN_END) return tokensEnd
    throw new RangeError('words of a segment: a block whose tokens end inside it expected')
  }

  #read(number: number): TermBlock {
    return readBlock(
      this.#bytes,
      this.#startOf(number),
      this.#startOf(number + 1),
      this.#head.postingStarts[number]!,
    )
  }

  #startOf(number: number): number {
    return this.#head.blockStarts[number]! - this.#base
  }
}
