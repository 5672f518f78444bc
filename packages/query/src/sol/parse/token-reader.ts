import { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_QUERY_LENGTH } from '../../limits.ts'
import { QueryError } from '../../query-error.ts'

/** A piece of a program. */
export interface Token {
  readonly kind: 'name' | 'number' | 'timespan' | 'string' | 'parameter' | 'sign' | 'end'
  /** As written; of a string its content, of a parameter its name. */
  readonly text: string
  /** 0-based, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

const NAME = /@?[\p{L}_][\p{L}\p{N}_]*(?:\.@?[\p{L}_][\p{L}\p{N}_]*)*/uy
const NUMBER = /\d+(?:\.\d+)?[\p{L}\p{N}_]*/uy
const SIGN = /==|=~|!=|<=|>=|\.\.|[|;,()[\]{}:.=<>~!+\-*/]/y

/** Reads a program piece by piece, so that the first mistake is the one that is told. Linear in the length of the text. */
export class TokenReader {
  readonly text: string
  readonly #tokens: Token[] = []
  #at = 0
  #depth = 0
  #partCount = 0
  readonly #parameters = new Set<string>()

  constructor(text: string) {
    if (text.length > MAX_QUERY_LENGTH) {
      const sentence = `Cannot read the query: it has ${text.length} characters, at most ${MAX_QUERY_LENGTH} are read.`
      throw new QueryError(sentence, text.slice(0, 100), 0)
    }
    this.text = text
  }

  /** Names of the parameters that were read. */
  get parameters(): readonly string[] {
    return [...this.#parameters]
  }

  peek(ahead = 0): Token {
    while (this.#tokens.length <= this.#at + ahead)
      this.#tokens.push(this.#read(this.#tokens.at(-1)?.end ?? 0))
    return this.#tokens[this.#at + ahead]!
  }

  next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.#at++
    return token
  }

  /** Whether this sign or word stands next. */
  isNext(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return (token.kind === 'sign' || token.kind === 'name') && token.text === text
  }

  take(text: string): boolean {
    if (!this.isNext(text)) return false
    this.#at++
    return true
  }

  expect(text: string): Token {
    if (!this.isNext(text)) this.failAt(this.peek(), JSON.stringify(text))
    return this.next()
  }

  expectName(what: string): Token {
    const token = this.next()
    return token.kind === 'name' ? token : this.failAt(token, what)
  }

  /** A list of one or more, with commas between. */
  list<T>(read: () => T): T[] {
    const items = [read()]
    while (this.take(',')) items.push(read())
    return items
  }

  /** Reads what stands within something, which may not be too deep. */
  within<T>(read: () => T): T {
    if (++this.#depth > MAX_NESTING_DEPTH) {
      this.fail(`the query is nested more than ${MAX_NESTING_DEPTH} deep`, this.peek().start)
    }
    const value = read()
    this.#depth--
    return value
  }

  /** Parts of the tree that were made so far. */
  get partCount(): number {
    return this.#partCount
  }

  /** Counts parts of the tree that is made. */
  count(parts = 1): void {
    this.#partCount += parts
    if (this.#partCount > MAX_CLAUSES)
      this.fail(`the query has more than ${MAX_CLAUSES} parts`, this.peek().start)
  }

  failAt(token: Token, expected: string): never {
    const written = this.text.slice(token.start, Math.min(token.end, token.start + 40))
    const found = token.kind === 'end' ? 'the end of the query' : JSON.stringify(written)
    return this.fail(`${expected} was expected, found ${found}`, token.start)
  }

  fail(sentence: string, start: number): never {
    throw new QueryError(`Cannot read the query at column ${start + 1}: ${sentence}.`, this.text, start + 1)
  }

  #read(from: number): Token {
    const start = this.#skip(from)
    const char = this.text[start]
    if (char === undefined) return { kind: 'end', text: '', start, end: start }
    if (char === '"' || char === "'") return this.#readString(start, start)
    if (char === '@' && (this.text[start + 1] === '"' || this.text[start + 1] === "'")) {
      return this.#readString(start, start + 1)
    }
    if (char === '?') {
      const name = this.#match(NAME, start + 1)
      if (name === '') this.fail('the name of a parameter was expected after "?"', start + 1)
      this.#parameters.add(name)
      return { kind: 'parameter', text: name, start, end: start + 1 + name.length }
    }
    const name = this.#match(NAME, start)
    if (name !== '') return { kind: 'name', text: name, start, end: start + name.length }
    const number = this.#match(NUMBER, start)
    if (number !== '') return this.#readNumber(number, start)
    const sign = this.#match(SIGN, start)
    if (sign !== '') return { kind: 'sign', text: sign, start, end: start + sign.length }
    const found = String.fromCodePoint(this.text.codePointAt(start)!)
    return this.fail(`an operator, a name or a value was expected, found ${JSON.stringify(found)}`, start)
  }

  /** Past blanks and comments. */
  #skip(from: number): number {
    let at = from
    for (;;) {
      while (at < this.text.length && /\s/.test(this.text[at]!)) at++
      if (!this.text.startsWith('//', at)) return at
      const end = this.text.indexOf('\n', at)
      at = end < 0 ? this.text.length : end
    }
  }

  #readNumber(text: string, start: number): Token {
    const end = start + text.length
    if (/^[\d.]+$/.test(text)) return { kind: 'number', text, start, end }
    if (/^\d+(\.\d+)?[smhd]$/.test(text)) return { kind: 'timespan', text, start, end }
    return this.fail(
      `a number, or a timespan in s, m, h or d (30m, 7d), was expected, found ${JSON.stringify(text.slice(0, 40))}`,
      start,
    )
  }

  /** `\\`, `\"` and `\'` are escapes, and in a raw string (`@'…'`) nothing is; every other backslash stands for itself. */
  #readString(start: number, open: number): Token {
    const quote = this.text[open]!
    let text = ''
    for (let at = open + 1; at < this.text.length && this.text[at] !== '\n'; at++) {
      if (this.text[at] === quote) return { kind: 'string', text, start, end: at + 1 }
      const next = this.text[at + 1]
      if (start === open && this.text[at] === '\\' && (next === '\\' || next === '"' || next === "'")) at++
      text += this.text[at]
    }
    return this.fail(
      `a text is opened here and not closed on its line: ${JSON.stringify(quote)} expected`,
      start,
    )
  }

  #match(pattern: RegExp, at: number): string {
    pattern.lastIndex = at
    return pattern.exec(this.text)?.[0] ?? ''
  }
}
