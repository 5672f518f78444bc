import { QueryError } from '@timeskein/query'

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

/** First and last code point. */
export type CodePointRange = readonly [first: number, last: number]

const MAX_CODE_POINT = 0x10ffff
const MAX_NESTING = 200

const DIGITS: readonly CodePointRange[] = [[0x30, 0x39]]
const SPACES: readonly CodePointRange[] = [
  [0x09, 0x0a],
  [0x0d, 0x0d],
  [0x20, 0x20],
]
const WORD: readonly CodePointRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
const NAMED_CLASSES: ReadonlyMap<string, readonly CodePointRange[]> = new Map([
  ['d', DIGITS],
  ['D', invert(DIGITS)],
  ['s', SPACES],
  ['S', invert(SPACES)],
  ['w', WORD],
  ['W', invert(WORD)],
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

class RegexpParser {
  readonly #pattern: string
  #at = 0
  #depth = 0

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  parse(): RegexpNode {
    if (this.#pattern === '') return { kind: 'literal', text: '' }
    const node = this.#parseUnion()
    if (this.#at < this.#pattern.length) throw this.#error('the end of the expression expected')
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
    const of = [this.#parseRepeat()]
    while (this.#at < this.#pattern.length && !this.#peeks(')|&')) of.push(this.#parseRepeat())
    return of.length === 1 ? of[0]! : { kind: 'sequence', of: joinLiterals(of) }
  }

  #parseRepeat(): RegexpNode {
    let node = this.#parseComplement()
    for (;;) {
      if (this.#take('?')) node = { kind: 'repeat', of: node, least: 0, most: 1 }
      else if (this.#take('*')) node = { kind: 'repeat', of: node, least: 0, most: undefined }
      else if (this.#take('+')) node = { kind: 'repeat', of: node, least: 1, most: undefined }
      else if (this.#take('{')) node = this.#parseBounds(node)
      else return node
    }
  }

  #parseBounds(of: RegexpNode): RegexpNode {
    const least = this.#parseInteger()
    if (least === undefined) throw this.#error('an integer expected')
    const most = this.#take(',') ? this.#parseInteger() : least
    if (!this.#take('}')) throw this.#error("'}' expected")
    return { kind: 'repeat', of, least, most }
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

  #error(expected: string): QueryError {
    const found = this.#at < this.#pattern.length ? `'${this.#pattern[this.#at]}'` : 'its end'
    return new QueryError(
      `regular expression /${this.#pattern}/: ${expected} at column ${this.#at + 1}, found ${found}`,
      this.#pattern,
      this.#at + 1,
    )
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

function invert(ranges: readonly CodePointRange[]): CodePointRange[] {
  const inverted: CodePointRange[] = []
  let next = 0
  for (const [first, last] of ranges) {
    if (first > next) inverted.push([next, first - 1])
    next = last + 1
  }
  inverted.push([next, MAX_CODE_POINT])
  return inverted
}
