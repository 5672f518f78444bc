import { QueryError } from '../query-error.ts'
import { type CodePointRange, DIGITS, invertRanges, WORD } from './code-points.ts'

/** A parsed Lucene regular expression. */
export type RegexpNode =
  | { readonly kind: 'union' | 'intersection' | 'sequence'; readonly of: readonly RegexpNode[] }
  | { readonly kind: 'complement'; readonly of: RegexpNode }
  /** `most` undefined: no upper end. */
  | {
      readonly kind: 'repeat'
      readonly of: RegexpNode
      readonly least: number
      readonly most: number | undefined
    }
  | { readonly kind: 'literal'; readonly text: string }
  /** One code point; ranges are inclusive. */
  | { readonly kind: 'class'; readonly ranges: readonly CodePointRange[]; readonly isNegated: boolean }
  | { readonly kind: 'any-string' }
  | { readonly kind: 'nothing' }
  /** A decimal number; `digits` 0: any number of leading zeros, else exactly so many digits. */
  | { readonly kind: 'interval'; readonly least: bigint; readonly most: bigint; readonly digits: number }

/** Groups within groups, and repetitions of repetitions (`a+*?`) in one expression, at most: no reader of a tree needs a deep stack. */
const MAX_NESTING = 200
/** RE2's own bound on a counted repetition; those inside of each other are multiplied. */
const MAX_REPEAT = 1000
/** States of an expression at most, its repetitions written out; RE2 takes three times as many. */
const MAX_STATES = 1_000_000

const SPACES: readonly CodePointRange[] = [
  [0x09, 0x0a],
  [0x0d, 0x0d],
  [0x20, 0x20],
]
const NAMED_CLASSES: ReadonlyMap<string, readonly CodePointRange[]> = new Map([
  ['d', DIGITS],
  ['D', invertRanges(DIGITS)],
  ['s', SPACES],
  ['S', invertRanges(SPACES)],
  ['w', WORD],
  ['W', invertRanges(WORD)],
])

/**
 * Parses a regular expression of Lucene 9 with all optional operators on, as OpenSearch reads it: `. ? + * {n,m} | ()
 * [] [^] \d \s \w`, `"literal"`, `~` not, `&` and, `@` any string, `#` nothing, `<1-9>` a number. There are no anchors
 * (`^` and `$` are characters), and an operator where an operand should be is a character (`*a`).
 *
 * @throws {QueryError} Where the expression has no meaning.
 */
export function parseLuceneRegexp(pattern: string): RegexpNode {
  return new RegexpParser(pattern).parse()
}

/** Why an expression cannot be asked, and where in it. */
export interface RegexpFault {
  /** What was expected and found; without an end mark. */
  readonly sentence: string
  /** 0-based, in UTF-16 units. */
  readonly offset: number
}

/** Looks whether `parseLuceneRegexp` would refuse an expression; for questions in which it is only a part. */
export function findRegexpFault(pattern: string): RegexpFault | undefined {
  try {
    parseLuceneRegexp(pattern)
    return undefined
  } catch (error) {
    if (error instanceof RegexpError) return error.fault
    throw error
  }
}

class RegexpError extends QueryError {
  readonly #fault: RegexpFault

  constructor(pattern: string, fault: RegexpFault) {
    super(
      `Cannot read the regular expression at column ${fault.offset + 1}: ${fault.sentence}.`,
      pattern,
      fault.offset + 1,
    )
    this.#fault = fault
  }

  get fault(): RegexpFault {
    return this.#fault
  }
}

class RegexpParser {
  readonly #pattern: string
  #at = 0
  #depth = 0
  #stacked = 0

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  parse(): RegexpNode {
    if (this.#pattern === '') return { kind: 'literal', text: '' }
    const node = this.#parseUnion()
    if (this.#at < this.#pattern.length) throw this.#error('the end of the expression expected')
    const states = countStates(node)
    if (states > MAX_STATES) {
      throw this.#fault(
        `at most ${MAX_STATES} states expected, its repetitions written out, found ${Math.ceil(states)}`,
        0,
      )
    }
    return node
  }

  #parseUnion(): RegexpNode {
    if (++this.#depth > MAX_NESTING) throw this.#error(`at most ${MAX_NESTING} nested groups expected`)
    const of = [this.#parseIntersection()]
    while (this.#take('|')) of.push(this.#parseIntersection())
    this.#depth--
    return of.length === 1 ? of[0]! : { kind: 'union', of }
  }

  #parseIntersection(): RegexpNode {
    const of = [this.#parseSequence()]
    while (this.#take('&')) of.push(this.#parseSequence())
    return of.length === 1 ? of[0]! : { kind: 'intersection', of }
  }

  #parseSequence(): RegexpNode {
    const start = this.#at
    const of = [this.#parseRepeat()]
    if (this.#at < this.#pattern.length && !this.#peeks(')|&')) this.#refuseLogic(of[0]!, start)
    while (this.#at < this.#pattern.length && !this.#peeks(')|&')) {
      const partStart = this.#at
      const part = this.#parseRepeat()
      this.#refuseLogic(part, partStart)
      of.push(part)
    }
    return of.length === 1 ? of[0]! : { kind: 'sequence', of: joinLiterals(of) }
  }

  #parseRepeat(): RegexpNode {
    const start = this.#at
    let node = this.#parseComplement()
    for (let repeats = 0; ; repeats++) {
      if (!this.#peeks('?*+{')) return node
      if (repeats === 0) this.#refuseLogic(node, start)
      else if (++this.#stacked > MAX_NESTING)
        throw this.#error(`at most ${MAX_NESTING} repetitions of repetitions expected`)
      if (this.#take('?')) node = { kind: 'repeat', of: node, least: 0, most: 1 }
      else if (this.#take('*')) node = { kind: 'repeat', of: node, least: 0, most: undefined }
      else if (this.#take('+')) node = { kind: 'repeat', of: node, least: 1, most: undefined }
      else node = this.#parseBounds(node)
    }
  }

  #parseBounds(of: RegexpNode): RegexpNode {
    const start = this.#at++
    const least = this.#parseInteger()
    if (least === undefined) throw this.#error('an integer expected')
    const most = this.#take(',') ? this.#parseInteger() : least
    if (!this.#take('}')) throw this.#error("'}' expected")
    const node: RegexpNode = { kind: 'repeat', of, least, most }
    const count = Math.max(least, most ?? 0)
    const product = count > 1 ? countRepetitions(node) : count
    if (count > MAX_REPEAT)
      throw this.#fault(`at most ${MAX_REPEAT} repetitions expected, found ${count}`, start)
    if (product > MAX_REPEAT) {
      throw this.#fault(
        `at most ${MAX_REPEAT} repetitions expected, with those inside multiplied, found ${product}`,
        start,
      )
    }
    return node
  }

  #parseInteger(): number | undefined {
    const digits = /^\d{1,9}/.exec(this.#pattern.slice(this.#at, this.#at + 9))?.[0]
    if (digits === undefined) return undefined
    this.#at += digits.length
    return Number(digits)
  }

  #parseComplement(): RegexpNode {
    let negations = 0
    while (this.#take('~')) negations++
    const node = this.#take('[') ? this.#parseClass() : this.#parseSimple()
    return negations % 2 === 0 ? node : { kind: 'complement', of: node }
  }

  #parseClass(): RegexpNode {
    const isNegated = this.#take('^')
    const ranges = [...this.#parseClassPart()]
    while (this.#at < this.#pattern.length && !this.#peeks(']')) ranges.push(...this.#parseClassPart())
    if (!this.#take(']')) throw this.#error("']' expected")
    return { kind: 'class', ranges, isNegated }
  }

  #parseClassPart(): readonly CodePointRange[] {
    const named = this.#parseNamedClass()
    if (named) return named
    const first = this.#parseCharacter()
    if (!this.#take('-')) return [[first, first]]
    const last = this.#parseCharacter()
    if (last < first) throw this.#error('a range from a lower to a higher character expected')
    return [[first, last]]
  }

  #parseNamedClass(): readonly CodePointRange[] | undefined {
    if (!this.#peeks('\\')) return undefined
    const name = this.#pattern[this.#at + 1] ?? ''
    const ranges = NAMED_CLASSES.get(name)
    if (ranges) this.#at += 2
    else if (/[a-zA-Z]/.test(name)) throw this.#error('one of \\d \\D \\s \\S \\w \\W expected')
    return ranges
  }

  #parseSimple(): RegexpNode {
    if (this.#take('.')) return { kind: 'class', ranges: [], isNegated: true }
    if (this.#take('#')) return { kind: 'nothing' }
    if (this.#take('@')) return { kind: 'any-string' }
    if (this.#take('"')) {
      const end = this.#pattern.indexOf('"', this.#at)
      if (end < 0) throw this.#error("'\"' expected")
      const text = this.#pattern.slice(this.#at, end)
      this.#at = end + 1
      return { kind: 'literal', text }
    }
    if (this.#take('(')) {
      if (this.#take(')')) return { kind: 'literal', text: '' }
      const node = this.#parseUnion()
      if (!this.#take(')')) throw this.#error("')' expected")
      return node
    }
    if (this.#take('<')) return this.#parseInterval()
    const ranges = this.#parseNamedClass()
    if (ranges) return { kind: 'class', ranges, isNegated: false }
    return { kind: 'literal', text: String.fromCodePoint(this.#parseCharacter()) }
  }

  #parseInterval(): RegexpNode {
    const end = this.#pattern.indexOf('>', this.#at)
    if (end < 0) throw this.#error("'>' expected")
    const found = /^(\d+)-(\d+)$/.exec(this.#pattern.slice(this.#at, end))
    if (!found) throw this.#error('an interval of numbers (<1-99>) expected')
    this.#at = end + 1
    const [low, high] = [found[1]!, found[2]!]
    const digits = low.length === high.length ? low.length : 0
    const [a, b] = [BigInt(low), BigInt(high)]
    return { kind: 'interval', least: a < b ? a : b, most: a < b ? b : a, digits }
  }

  #parseCharacter(): number {
    this.#take('\\')
    const codePoint = this.#pattern.codePointAt(this.#at)
    if (codePoint === undefined) throw this.#error('a character expected')
    this.#at += codePoint > 0xffff ? 2 : 1
    return codePoint
  }

  #peeks(characters: string): boolean {
    return this.#at < this.#pattern.length && characters.includes(this.#pattern[this.#at]!)
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false
    this.#at++
    return true
  }

  // Answered by logic on whole texts, not by an automaton.
  #refuseLogic(node: RegexpNode, start: number): void {
    if (hasLogic(node)) {
      throw this.#fault(
        '~ and & are not supported inside a larger sequence or repetition, found one of them',
        start,
      )
    }
  }

  #error(expected: string): RegexpError {
    const found =
      this.#at < this.#pattern.length ? `'${this.#pattern[this.#at]}'` : 'the end of the expression'
    return this.#fault(`${expected}, found ${found}`, this.#at)
  }

  #fault(sentence: string, offset: number): RegexpError {
    return new RegexpError(this.#pattern, { sentence, offset })
  }
}

/** Whether an expression has `~` or `&`. */
export function hasLogic(node: RegexpNode): boolean {
  switch (node.kind) {
    case 'complement':
    case 'intersection':
      return true
    case 'union':
    case 'sequence':
      return node.of.some(hasLogic)
    case 'repeat':
      return hasLogic(node.of)
    default:
      return false
  }
}

/** The greatest product of counted repetitions that stand in each other. */
function countRepetitions(node: RegexpNode): number {
  switch (node.kind) {
    case 'union':
    case 'intersection':
    case 'sequence':
      return node.of.reduce((most, part) => Math.max(most, countRepetitions(part)), 1)
    case 'complement':
      return countRepetitions(node.of)
    case 'repeat':
      return Math.max(1, node.most ?? node.least) * countRepetitions(node.of)
    default:
      return 1
  }
}

function countStates(node: RegexpNode): number {
  switch (node.kind) {
    case 'literal':
      return node.text.length
    case 'union':
    case 'intersection':
    case 'sequence':
      return node.of.reduce((sum, part) => sum + countStates(part), 1)
    case 'complement':
      return countStates(node.of) + 1
    case 'repeat':
      return Math.max(1, node.most ?? node.least + 1) * (countStates(node.of) + 1) + 2
    case 'interval': {
      // A choice for each digit of each length.
      const length = node.most.toString().length
      return 2 * length * length + 1
    }
    default:
      return 1
  }
}

function joinLiterals(nodes: readonly RegexpNode[]): RegexpNode[] {
  const joined: RegexpNode[] = []
  for (const node of nodes) {
    const before = joined.at(-1)
    if (node.kind === 'literal' && before?.kind === 'literal') {
      joined[joined.length - 1] = { kind: 'literal', text: before.text + node.text }
    } else {
      joined.push(node)
    }
  }
  return joined
}
