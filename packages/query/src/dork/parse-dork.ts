import { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_QUERY_LENGTH } from '../limits.ts'
import { findTooManyWords } from '../phrase-words.ts'
import type { Query } from '../query.ts'
import { QueryError } from '../query-error.ts'
import { addressLeaves, readAddress } from './address-range.ts'
import { type NameField, nameEventField } from './field-names.ts'
import { isDate, isNumber, type RangeEnds, rangeLeaf, textLeaf } from './leaf.ts'
import { Scanner } from './scanner.ts'
import { compileSearchRegexp } from './search-regexp.ts'

/** How a dork query is read. */
export interface DorkOptions {
  /** `es-query-string`, Sekoia's older language, has also `+` before a term, and `~` and `^` after it, which change nothing. @default 'dork' */
  readonly language?: 'dork' | 'es-query-string'
  /** The store's name of a field. @default nameEventField */
  readonly nameField?: NameField
}

/**
 * Reads a query of Sekoia.io's dork language (Events Query Language; docs/query-sekoia.md says how it is read). A blank query and
 * `*` ask for every event. Linear in the length of the text.
 *
 * @throws {QueryError} With the column, what was expected there and what was found; or when a limit is passed.
 * @example parseDork('event.type:connection AND NOT destination.domain:evil*')
 */
export function parseDork(text: string, options: DorkOptions = {}): Query {
  if (text.length > MAX_QUERY_LENGTH) {
    const sentence = `Cannot read the query: it has ${text.length} characters, at most ${MAX_QUERY_LENGTH} are read.`
    throw new QueryError(sentence, text.slice(0, 100), 0)
  }
  return new Parser(text, options).parse()
}

interface Bound {
  readonly text: string
  readonly isIncluded: boolean
}

const TERM = 'a term, "NOT" or "("'
const VALUE = 'a value, "*", ">", ">=", "<", "<=", "[" or "("'

class Parser {
  readonly #scanner: Scanner
  readonly #isQueryString: boolean
  readonly #nameField: NameField
  #clauseCount = 0

  constructor(text: string, options: DorkOptions) {
    this.#scanner = new Scanner(text)
    this.#isQueryString = options.language === 'es-query-string'
    this.#nameField = options.nameField ?? nameEventField
  }

  parse(): Query {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    if (scanner.isAtEnd) return { kind: 'all' }
    const query = this.#readOr(undefined, 0)
    if (!scanner.isAtEnd) scanner.fail('")" closes a group that was never opened', scanner.at)
    return query
  }

  /** Up to the end or a `)`. With a field, the terms are values of it. */
  #readOr(field: string | undefined, depth: number): Query {
    const of = [this.#readAnd(field, depth)]
    for (let word = this.#scanner.peekKeyword(); word?.kind === 'OR'; word = this.#scanner.peekKeyword()) {
      this.#scanner.at = word.end
      of.push(this.#readAnd(field, depth))
    }
    return of.length === 1 ? of[0]! : { kind: 'or', of }
  }

  #readAnd(field: string | undefined, depth: number): Query {
    const scanner: Scanner = this.#scanner
    const of = [this.#readNot(field, depth)]
    for (;;) {
      scanner.skipBlanks()
      const word = scanner.peekKeyword()
      if (scanner.isAtEnd || scanner.peek() === ')' || word?.kind === 'OR') break
      if (word?.kind === 'AND') scanner.at = word.end
      of.push(this.#readNot(field, depth))
    }
    return of.length === 1 ? of[0]! : { kind: 'and', of }
  }

  #readNot(field: string | undefined, depth: number): Query {
    let isNegated = false
    for (;;) {
      this.#scanner.skipBlanks()
      const sign = this.#takeSign(field)
      if (sign === undefined) break
      if (sign === 'not') isNegated = !isNegated
    }
    const query = this.#readPrimary(field, depth)
    return isNegated ? { kind: 'not', of: query } : query
  }

  /** NOT and its signs, which touch their term; the `-` of a number in a group of values is no sign. */
  #takeSign(field: string | undefined): 'not' | 'plus' | undefined {
    const scanner: Scanner = this.#scanner
    const word = scanner.peekKeyword()
    if (word?.kind === 'NOT') {
      scanner.at = word.end
      return 'not'
    }
    const sign = scanner.peek()
    const next = scanner.peek(1)
    if (next === undefined || /[\s)]/.test(next)) return undefined
    if (sign === '-' && field !== undefined && /\d/.test(next)) return undefined
    if (sign !== '-' && sign !== '!' && !(sign === '+' && this.#isQueryString)) return undefined
    scanner.at++
    return sign === '+' ? 'plus' : 'not'
  }

  #readPrimary(field: string | undefined, depth: number): Query {
    const scanner: Scanner = this.#scanner
    const start = scanner.at
    if (scanner.peekKeyword() !== undefined)
      scanner.fail(`${TERM} was expected, found ${scanner.describe()}`, start)
    if (scanner.peek() === '(') return this.#readGroup(field, depth)
    if (field !== undefined) return this.#readValue(field, depth)
    if (scanner.text.startsWith('*:*', start)) {
      scanner.at += 3
      return this.#leaf({ kind: 'all' })
    }
    const named = scanner.takeField()
    if (named !== undefined) {
      scanner.skipBlanks()
      if (scanner.isAtEnd || scanner.peekKeyword() !== undefined || scanner.peek() === ')') {
        scanner.fail(
          `${VALUE} was expected after ${JSON.stringify(`${named}:`)}, found ${scanner.describe()}`,
          scanner.at,
        )
      }
      return this.#readValue(named, depth)
    }
    const found = scanner.peek()
    if (found === '[' || found === '<' || found === '>') {
      scanner.fail('a range or comparison needs a field before it, as in destination.port:>1024', start)
    }
    return this.#readLiteral(undefined, TERM)
  }

  #readGroup(field: string | undefined, depth: number): Query {
    const scanner: Scanner = this.#scanner
    const start = scanner.at++
    if (depth >= MAX_NESTING_DEPTH)
      scanner.fail(`groups are nested more than ${MAX_NESTING_DEPTH} deep`, start)
    const query = this.#readOr(field, depth + 1)
    if (scanner.peek() !== ')') {
      scanner.fail(`the "(" of column ${start + 1} is never closed: ")" expected, the query ends`, scanner.at)
    }
    scanner.at++
    this.#skipSuffix()
    return query
  }

  #readValue(name: string, depth: number): Query {
    const scanner: Scanner = this.#scanner
    const char = scanner.peek()
    if (char === '(') return this.#readGroup(name, depth)
    if (char === '[' || char === '{') return this.#readRange(this.#nameField(name))
    if (char === '>' || char === '<') return this.#readComparison(this.#nameField(name))
    if (char === '=' || char === '!' || char === '~') {
      scanner.fail(
        `${VALUE} was expected after ":", found ${JSON.stringify(char)} (a value that begins with it needs quotes)`,
        scanner.at,
      )
    }
    return this.#readLiteral(name, VALUE)
  }

  #readLiteral(name: string | undefined, expected: string): Query {
    const scanner: Scanner = this.#scanner
    const literal = scanner.takeLiteral(expected)
    const field = name === undefined ? undefined : this.#nameField(name)
    if (literal.kind === 'regexp') {
      const regexp = compileSearchRegexp(literal.source)
      if ('sentence' in regexp) {
        scanner.fail(`in the regular expression, ${regexp.sentence}`, literal.start + 1 + regexp.offset)
      }
      this.#skipSuffix()
      return this.#leaf({
        kind: 'regexp',
        field,
        pattern: regexp.pattern,
        caseInsensitive: false,
        anyType: true,
      })
    }
    const word = literal.kind === 'word' && this.#isQueryString ? withoutSuffix(literal) : literal
    if (literal.kind === 'phrase') this.#skipSuffix()
    if (name === undefined && literal.kind === 'phrase' && literal.text === '') {
      scanner.fail('text was expected between the quotes, found none', literal.start)
    }
    if (name === undefined && /^(?:[=!<>&|~^+-]+$|==|=~)/.test(literal.text) && literal.kind === 'word') {
      scanner.fail(
        `a term was expected, as in source.ip:"10.0.0.1", found ${JSON.stringify(literal.text)}, which is no operator of this language`,
        literal.start,
      )
    }
    const tooMany = findTooManyWords(field, literal.text)
    if (tooMany !== undefined) scanner.fail(tooMany, literal.start)
    if (name === '_exists_') return this.#leaf({ kind: 'exists', field: this.#nameField(word.text) })
    return this.#leaf(textLeaf(field, word))
  }

  #readComparison(field: string): Query {
    const scanner: Scanner = this.#scanner
    const isLess = scanner.peek() === '<'
    scanner.at++
    const isEqual = scanner.peek() === '='
    if (isEqual) scanner.at++
    scanner.skipBlanks()
    const bound = this.#readBound('to compare with')
    if (bound === undefined)
      scanner.fail('a number, an address or a date to compare with was expected, found "*"', scanner.at - 1)
    const end = { text: bound.text, isIncluded: isEqual }
    return this.#between(field, isLess ? undefined : end, isLess ? end : undefined, bound.start)
  }

  #readRange(field: string): Query {
    const scanner: Scanner = this.#scanner
    const start = scanner.at
    const isLowIncluded = scanner.text[scanner.at++] === '['
    scanner.skipBlanks()
    const low = this.#readBound('for the lower end of the range')
    scanner.skipBlanks()
    if (!/^TO([\s\]}]|$)/.test(scanner.text.slice(scanner.at, scanner.at + 3))) {
      scanner.fail(`"TO" was expected, found ${scanner.describe()}`, scanner.at)
    }
    scanner.at += 2
    scanner.skipBlanks()
    const high = this.#readBound('for the upper end of the range')
    scanner.skipBlanks()
    const close = scanner.peek()
    if (close !== ']' && close !== '}')
      scanner.fail(`"]" or "}" was expected, found ${scanner.describe()}`, scanner.at)
    scanner.at++
    this.#skipSuffix()
    if (low === undefined && high === undefined) return this.#leaf({ kind: 'exists', field })
    return this.#between(
      field,
      low && { text: low.text, isIncluded: isLowIncluded },
      high && { text: high.text, isIncluded: close === ']' },
      low?.start ?? high?.start ?? start,
    )
  }

  /** Undefined for an open end. */
  #readBound(what: string): { readonly text: string; readonly start: number } | undefined {
    const scanner: Scanner = this.#scanner
    const start = scanner.at
    const bound = scanner.takeBound()
    if (bound?.text === '*' && !bound.isQuoted) return undefined
    const isReadable =
      bound !== undefined && (isNumber(bound.text) || isDate(bound.text) || readAddress(bound.text))
    if (isReadable) return bound
    const found = bound === undefined ? scanner.describe() : JSON.stringify(bound.text)
    return scanner.fail(`a number, an address or a date ${what} was expected, found ${found}`, start)
  }

  #between(field: string, low: Bound | undefined, high: Bound | undefined, start: number): Query {
    const one = low ?? high!
    const other = high ?? one
    const address = readAddress(one.text)
    if (kindOf(one.text) !== kindOf(other.text)) {
      const kinds = `${kindOf(one.text)} and ${kindOf(other.text)}`
      this.#scanner.fail(`two ends of one kind were expected, found ${kinds}`, start)
    }
    if (address !== undefined) {
      const [first, last] = [readAddress(low?.text ?? '')?.value, readAddress(high?.text ?? '')?.value]
      const from = first === undefined ? 0n : low!.isIncluded ? first : first + 1n
      const until =
        last === undefined ? (1n << BigInt(address.bits)) - 1n : high!.isIncluded ? last : last - 1n
      const of = addressLeaves(field, address.bits, from, until).map((leaf) => this.#leaf(leaf))
      return of.length === 1 ? of[0]! : of.length === 0 ? this.#leaf({ kind: 'none' }) : { kind: 'or', of }
    }
    const ends: RangeEnds = {
      ...(low && { [low.isIncluded ? 'gte' : 'gt']: low.text }),
      ...(high && { [high.isIncluded ? 'lte' : 'lt']: high.text }),
    }
    return this.#leaf(rangeLeaf(field, ends, isNumber(one.text)))
  }

  /** `~2` and `^1.5` after a term of `es-query-string`. */
  #skipSuffix(): void {
    const scanner: Scanner = this.#scanner
    const suffix = /(?:[~^][\d.]*)+/y
    suffix.lastIndex = scanner.at
    const found = suffix.exec(scanner.text)?.[0]
    if (found === undefined) return
    if (!this.#isQueryString)
      scanner.fail(`a blank, ")" or the end was expected, found ${JSON.stringify(found)}`, scanner.at)
    scanner.at += found.length
  }

  #leaf(query: Query): Query {
    if (++this.#clauseCount > MAX_CLAUSES) {
      this.#scanner.fail(`the query has more than ${MAX_CLAUSES} clauses`, this.#scanner.at)
    }
    return query
  }
}

function kindOf(text: string): string {
  if (isNumber(text)) return 'a number'
  const address = readAddress(text)
  return address === undefined ? 'a date' : address.bits === 32 ? 'an IPv4 address' : 'an IPv6 address'
}

/** A word without the distance and weight at its end. */
function withoutSuffix<T extends { readonly text: string; readonly pattern: string }>(word: T): T {
  let end = word.text.length
  for (let at = end - 1; at > 0 && /[~^\d.]/.test(word.text[at]!); at--) {
    if (word.text[at] === '~' || word.text[at] === '^') end = at
  }
  const cut = word.text.length - end
  return { ...word, text: word.text.slice(0, end), pattern: word.pattern.slice(0, word.pattern.length - cut) }
}
