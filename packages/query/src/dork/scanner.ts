import { QueryError } from '../query-error.ts'
import { type LiteralText, plainText } from './leaf.ts'

/** A literal as it stands in the query. */
export type Literal =
  | ({ readonly kind: 'word' | 'phrase'; readonly start: number } & LiteralText)
  /** `source` is what stands between the slashes. */
  | { readonly kind: 'regexp'; readonly source: string; readonly start: number }

/** A word of the language; `end` is the place after it. */
export interface Keyword {
  readonly kind: 'AND' | 'OR' | 'NOT'
  readonly end: number
}

const BLANK = /\s*/y
const KEYWORD = /(AND|OR|NOT|&&|\|\|)(?=[\s()"]|$)/y
const BARE_END = /[^\s()[\]{}"]*/y
const IN_FIELD = /^[\p{L}_@][\p{L}\p{N}_.@-]*$/u
const WORD = /(?:\\[\s\S]|[^\s()"[\]:\\])*\\?/y

/** Reads a dork query from left to right, each character a bounded number of times. */
export class Scanner {
  readonly text: string
  /** 0-based place of the next character. */
  at = 0
  /** False after `\"` was looked for and there was none any more. */
  #hasEscapedQuotes = true

  constructor(text: string) {
    this.text = text
  }

  skipBlanks(): void {
    this.at += this.#match(BLANK).length
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  peek(ahead = 0): string | undefined {
    return this.text[this.at + ahead]
  }

  peekKeyword(): Keyword | undefined {
    const word = this.#match(KEYWORD)
    if (word === '') return undefined
    const kind = word === '&&' ? 'AND' : word === '||' ? 'OR' : (word as Keyword['kind'])
    return { kind, end: this.at + word.length }
  }

  /** A field's name with its colon, if one stands here. */
  takeField(): string | undefined {
    const start = this.at
    if (this.peek() === '"' || this.peek() === '/') return undefined
    const end = this.#wordEnd(start)
    if (this.text[end] !== ':' || end === start) return undefined
    const written = this.text.slice(start, end)
    const plain = written.replaceAll(/\\./gsu, '_')
    if (!IN_FIELD.test(plain)) {
      this.fail(
        `a field name (letters, digits, "_", ".", "-", "@") was expected before ":", found ${JSON.stringify(written)}`,
        start,
      )
    }
    this.at = end + 1
    return written.replaceAll(/\\(.)/gsu, '$1')
  }

  takeLiteral(expected: string): Literal {
    const start = this.at
    const literal = this.#readLiteral(expected)
    const next = this.peek()
    if (next !== undefined && next !== ')' && !/[\s~^]/.test(next)) {
      const advice =
        next === '"' || next === ':' ? ` (write \\${next}, or put the whole value in quotes)` : ''
      this.fail(
        `a blank, ")" or the end was expected after ${JSON.stringify(this.text.slice(start, Math.min(this.at, start + 40)))}, found ${this.describe()}${advice}`,
        this.at,
      )
    }
    return literal
  }

  /** An end of a range or comparison, which may hold colons; undefined for none. */
  takeBound(): { readonly text: string; readonly start: number; readonly isQuoted: boolean } | undefined {
    const start = this.at
    if (this.peek() === '"') return { text: this.#readPhrase('"', 1).text, start, isQuoted: true }
    const text = this.#match(BARE_END)
    this.at += text.length
    return text === '' ? undefined : { text, start, isQuoted: false }
  }

  /** What stands at the place, for a message. */
  describe(): string {
    if (this.isAtEnd) return 'the end of the query'
    const word = (this.peek() !== ':' && this.#match(BARE_END)) || this.peek()!
    return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}…` : word)
  }

  fail(sentence: string, start: number): never {
    throw new QueryError(`Cannot read the query at column ${start + 1}: ${sentence}.`, this.text, start + 1)
  }

  #readLiteral(expected: string): Literal {
    const start = this.at
    const char = this.peek()
    if (char === '"') return { kind: 'phrase', start, ...this.#readPhrase('"', 1) }
    // A shell hands the backslashes of an escaped quote on: `'source.ip: \"1.2.3.4\"'` in Sekoia's own example.
    if (char === '\\' && this.peek(1) === '"' && this.#hasEscapedQuotes) {
      this.#hasEscapedQuotes = this.text.includes('\\"', start + 2)
      if (this.#hasEscapedQuotes) return { kind: 'phrase', start, ...this.#readPhrase('\\"', 2) }
    }
    if (char === '/') return this.#readRegexp()
    const end = this.#wordEnd(start)
    if (end === start) this.fail(`${expected} was expected, found ${this.describe()}`, start)
    this.at = end
    return { kind: 'word', start, ...readWord(this.text.slice(start, end)) }
  }

  /** Between quotes only `\"` and `\\` are escapes; a path keeps its backslashes. */
  #readPhrase(quote: '"' | '\\"', from: number): LiteralText {
    const start = this.at
    let text = ''
    for (let at = start + from; at < this.text.length; at++) {
      if (this.text.startsWith(quote, at)) {
        this.at = at + quote.length
        return plainText(text)
      }
      const next = this.text[at + 1]
      if (this.text[at] === '\\' && (next === '"' || next === '\\')) at++
      text += this.text[at]
    }
    return this.fail("a quote is opened here and never closed: '\"' expected, the query ends", start)
  }

  #readRegexp(): Literal {
    const start = this.at
    for (let at = start + 1; at < this.text.length; at++) {
      if (this.text[at] === '\\') at++
      else if (this.text[at] === '/') {
        this.at = at + 1
        return { kind: 'regexp', source: this.text.slice(start + 1, at), start }
      }
    }
    return this.fail(
      'a regular expression is opened by "/" here and never closed (write \\/ for a slash, or put the value in quotes)',
      start,
    )
  }

  #wordEnd(start: number): number {
    WORD.lastIndex = start
    return start + (WORD.exec(this.text)?.[0].length ?? 0)
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    return pattern.exec(this.text)?.[0] ?? ''
  }
}

/** `\` takes a sign's meaning away; before a letter, a digit or nothing it is a backslash, so that paths can be written plainly. */
function readWord(written: string): LiteralText {
  let text = ''
  let pattern = ''
  let hasWildcards = false
  for (let at = 0; at < written.length; at++) {
    let char = written[at]!
    const isWildcard = char === '*' || char === '?'
    if (char === '\\' && at + 1 < written.length && !/[\p{L}\p{N}]/u.test(written[at + 1]!))
      char = written[++at]!
    hasWildcards ||= isWildcard
    text += char
    pattern += !isWildcard && /[*?\\]/.test(char) ? `\\${char}` : char
  }
  return { text, pattern, hasWildcards }
}
