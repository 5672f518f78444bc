import { MAX_CLAUSES, MAX_NESTING_DEPTH } from '../limits.ts'
import { findTooManyWords } from '../phrase-words.ts'
import type { Query } from '../query.ts'
import { QueryError } from '../query-error.ts'
import { Clauses, type Conjunction, type Modifier } from './clauses.ts'
import { resolveEscapes } from './escape.ts'
import {
  fuzzyLeaf,
  isWholeField,
  type LeafContext,
  phraseLeaf,
  prefixLeaf,
  regexpLeaf,
  wildcardLeaf,
  wordLeaf,
} from './leaf.ts'
import { findRegexpFault } from './regexp.ts'
import { type Token, type TokenKind, tokenize } from './token.ts'

/** How a query string is read. */
export interface LuceneOptions {
  /** How clauses without AND or OR between them join; Timesketch uses `and`. @default 'and' */
  readonly defaultOperator?: 'and' | 'or'
  /** Fields that a clause without one asks, any of them. @default every field */
  readonly defaultFields?: readonly string[]
  /** Slop of phrases that give none. @default 0 */
  readonly phraseSlop?: number
  /** Zone of dates without one, put on every range. @default UTC */
  readonly timeZone?: string
  /** False: a pattern that begins with `*` or `?` is refused, `*` alone taken out. @default true */
  readonly allowLeadingWildcard?: boolean
  /** How many of the optional clauses of the outermost level must match, given their number. */
  readonly minimumShouldMatch?: (optional: number) => number
}

/**
 * Reads a Lucene query string as OpenSearch 2.19's `query_string` does (Lucene 9 classic grammar, `split_on_whitespace` off,
 * `analyze_wildcard` off). Boosts are read and have no effect. A blank query asks for every event.
 *
 * @throws {QueryError} With the column of what OpenSearch would refuse too, or when a limit is passed.
 * @example parseLucene('user:admin AND NOT message:"logged out"')
 */
export function parseLucene(text: string, options: LuceneOptions = {}): Query {
  if (text.trim() === '') return { kind: 'all' }
  return new Parser(text, options).parse()
}

/** An open group. */
interface Group {
  readonly clauses: Clauses
  readonly field: string | undefined
  /** How the group itself joins the level around it. */
  readonly conjunction: Conjunction
  readonly modifier: Modifier
  readonly start: number
  isEmpty: boolean
}

const CLAUSE_KINDS = 'a term, a phrase, a range or "("'

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  readonly #context: LeafContext
  readonly #options: LuceneOptions
  #at = 0
  #clauseCount = 0

  constructor(text: string, options: LuceneOptions) {
    this.#text = text
    this.#tokens = tokenize(text)
    this.#options = options
    this.#context = {
      defaultOperator: options.defaultOperator ?? 'and',
      defaultFields: options.defaultFields,
    }
  }

  parse(): Query {
    const groups: Group[] = [this.#openGroup(undefined, 'none', 'none', 0)]
    for (;;) {
      const group = groups.at(-1)!
      const token = this.#peek()
      if (!group.isEmpty && token.kind === 'end') {
        if (groups.length === 1) return this.#close(group)
        this.#fail(
          `the "(" of column ${group.start + 1} is never closed: ")" expected, the query ends`,
          token.start,
        )
      }
      if (!group.isEmpty && token.kind === 'close') {
        if (groups.length === 1) this.#fail('")" closes a group that was never opened', token.start)
        this.#at++
        groups.pop()
        this.#readBoost()
        this.#add(groups.at(-1)!, group.conjunction, group.modifier, group.clauses.build())
        continue
      }
      if (token.kind === 'term' && this.#isRun()) {
        this.#readRun(group)
        continue
      }
      const conjunction = group.isEmpty ? 'none' : this.#readConjunction()
      const modifier = this.#readModifier()
      const field = this.#readField() ?? group.field
      if (this.#peek().kind === 'open') {
        if (groups.length > MAX_NESTING_DEPTH) {
          this.#fail(`groups are nested more than ${MAX_NESTING_DEPTH} deep`, this.#peek().start)
        }
        groups.push(this.#openGroup(field, conjunction, modifier, this.#peek().start))
        this.#at++
        continue
      }
      this.#add(group, conjunction, modifier, this.#readLeaf(field))
    }
  }

  #openGroup(field: string | undefined, conjunction: Conjunction, modifier: Modifier, start: number): Group {
    const clauses = new Clauses(this.#context.defaultOperator)
    return { clauses, field, conjunction, modifier, start, isEmpty: true }
  }

  #close(group: Group): Query {
    return group.clauses.build(this.#options.minimumShouldMatch) ?? { kind: 'none' }
  }

  #add(group: Group, conjunction: Conjunction, modifier: Modifier, query: Query | undefined): void {
    if (++this.#clauseCount > MAX_CLAUSES) {
      this.#fail(`the query has more than ${MAX_CLAUSES} clauses`, this.#peek().start)
    }
    group.isEmpty = false
    group.clauses.add(conjunction, modifier, query)
  }

  /** A run is two terms or more with nothing between them, none of them a field name nor touched by an operator. */
  #isRun(): boolean {
    return this.#peek(1).kind === 'term' && !ENDS_RUN.has(this.#peek(2).kind)
  }

  #readRun(group: Group): void {
    const first = this.#next()
    const words = [this.#resolve(first)]
    this.#refuseComparison(group.field, words[0]!, first)
    while (this.#peek().kind === 'term' && !ENDS_RUN.has(this.#peek(1).kind)) {
      words.push(this.#resolve(this.#next()))
    }
    const texts = this.#isSplit(group.field, words) ? words : [words.join(' ')]
    for (const text of texts) this.#add(group, 'none', 'none', wordLeaf(group.field, text, this.#context))
  }

  /** Whether the words of a run count one by one: ids, comparisons, and where matching clauses are counted. */
  #isSplit(given: string | undefined, words: readonly string[]): boolean {
    const { defaultFields } = this.#context
    const field = given ?? (defaultFields?.length === 1 ? defaultFields[0] : undefined)
    if (field === undefined || isWholeField(field)) return false
    if (field === '_id' || this.#options.minimumShouldMatch !== undefined) return true
    return words.some((word) => /^[<>]/.test(word))
  }

  #readConjunction(): Conjunction {
    const { kind } = this.#peek()
    if (kind !== 'and' && kind !== 'or') return 'none'
    this.#at++
    return kind
  }

  #readModifier(): Modifier {
    const { kind } = this.#peek()
    if (kind !== 'plus' && kind !== 'minus' && kind !== 'not') return 'none'
    this.#at++
    return kind === 'plus' ? 'required' : 'prohibited'
  }

  #readField(): string | undefined {
    const token = this.#peek()
    if ((token.kind !== 'term' && token.kind !== 'star') || this.#peek(1).kind !== 'colon') return undefined
    this.#at += 2
    return this.#resolve(token)
  }

  #readLeaf(field: string | undefined): Query | undefined {
    const token = this.#next()
    switch (token.kind) {
      case 'range-open-inclusive':
      case 'range-open-exclusive':
        return this.#readRange(field, token)
      case 'quoted': {
        const suffix = this.#readSuffix()
        const text = this.#resolve(token, 1, -1)
        const tooMany = findTooManyWords(field, text)
        if (tooMany !== undefined) this.#fail(tooMany, token.start)
        return phraseLeaf(field, text, this.#slopOf(suffix), this.#context)
      }
      case 'term':
      case 'star':
      case 'prefix':
      case 'wildcard':
      case 'regexp':
      case 'bare-operator': {
        const suffix = this.#readSuffix()
        return this.#makeTerm(field, token, suffix)
      }
      default:
        return this.#failAt(token)
    }
  }

  #makeTerm(field: string | undefined, token: Token, fuzzy: Token | undefined): Query | undefined {
    const text = token.kind === 'bare-operator' ? token.text[0]! : this.#resolve(token)
    // Patterns have no distance, but one that cannot be read is a mistake there too.
    const distance = fuzzy && this.#distanceOf(fuzzy)
    if (
      token.kind === 'wildcard' &&
      this.#options.allowLeadingWildcard === false &&
      /^[*?]/.test(token.text)
    ) {
      this.#fail('a pattern that begins with "*" or "?" is not allowed here', token.start)
    }
    if (token.kind === 'star' || token.kind === 'wildcard')
      return wildcardLeaf(field, token.text, this.#context)
    if (token.kind === 'prefix') return prefixLeaf(field, text.slice(0, -1), this.#context)
    if (token.kind === 'regexp') {
      const pattern = token.text.slice(1, -1)
      const fault = findRegexpFault(pattern)
      if (fault) this.#fail(`in the regular expression, ${fault.sentence}`, token.start + 1 + fault.offset)
      return regexpLeaf(field, pattern, this.#context)
    }
    if (distance !== undefined) return fuzzyLeaf(field, text, distance, this.#context)
    this.#refuseComparison(field, text, token)
    return this.#inZone(wordLeaf(field, text, this.#context))
  }

  /** OpenSearch would compare all fields with it, the texts among them: the answer is nearly every event. */
  #refuseComparison(field: string | undefined, text: string, token: Token): void {
    if (!/^[<>]./su.test(text) || !this.#isEveryField(field)) return
    this.#fail(
      `a comparison needs a field before it, as in size:>5; text that begins with "${text[0]}" needs quotes`,
      token.start,
    )
  }

  #isEveryField(field: string | undefined): boolean {
    return field === '*' || (field === undefined && this.#context.defaultFields === undefined)
  }

  #readRange(field: string | undefined, open: Token): Query {
    if (field === undefined || field === '*') {
      this.#fail('a range needs a field before it, as in size:[1 TO 5]', open.start)
    }
    const from = this.#readRangeEnd('the lower end of the range')
    const to = this.#next()
    if (to.kind !== 'range-to') this.#failAt(to, '"TO"')
    const until = this.#readRangeEnd('the upper end of the range')
    const close = this.#next()
    if (close.kind !== 'range-close-inclusive' && close.kind !== 'range-close-exclusive') {
      this.#failAt(close, '"]" or "}"')
    }
    this.#readBoost()
    if (from === undefined && until === undefined) return { kind: 'exists', field }
    const lower =
      from === undefined ? {} : open.kind === 'range-open-inclusive' ? { gte: from } : { gt: from }
    const upper =
      until === undefined ? {} : close.kind === 'range-close-inclusive' ? { lte: until } : { lt: until }
    return this.#inZone({ kind: 'range', field, ...lower, ...upper })
  }

  /** Undefined for an open end. */
  #readRangeEnd(what: string): string | undefined {
    const token = this.#next()
    if (token.kind === 'range-quoted') return this.#resolve(token, 1, -1)
    if (token.kind !== 'range-text' && token.kind !== 'range-to') return this.#failAt(token, what)
    return token.text === '*' ? undefined : this.#resolve(token)
  }

  /** `^2`, `~1`, `^2~1` or `~1^2`. */
  #readSuffix(): Token | undefined {
    const hadBoost = this.#readBoost()
    const fuzzy = this.#peek().kind === 'fuzzy' ? this.#next() : undefined
    if (fuzzy !== undefined && !hadBoost) this.#readBoost()
    return fuzzy
  }

  #readBoost(): boolean {
    if (this.#peek().kind !== 'boost') return false
    this.#at++
    const number = this.#next()
    if (number.kind !== 'number') this.#failAt(number, 'a number after "^"')
    return true
  }

  /** Fuzziness after `~` as OpenSearch reads it: none or AUTO, else a number whose whole part counts, at most 2. */
  #distanceOf(token: Token): 0 | 1 | 2 | 'auto' {
    const text = token.text.slice(1)
    if (text === '' || text.toUpperCase() === 'AUTO') return 'auto'
    const value = readNumber(text)
    if (value === undefined || value < 0) {
      this.#fail(
        `after "~" a number of edits (0, 1, 2) or AUTO was expected, found ${JSON.stringify(text)}`,
        token.start,
      )
    }
    return Math.min(2, Math.trunc(value)) as 0 | 1 | 2
  }

  /** Slop as Lucene reads it: none, or a number whose whole part counts. */
  #slopOf(token: Token | undefined): number {
    const text = token?.text.slice(1) ?? ''
    if (token === undefined || text === '') return this.#options.phraseSlop ?? 0
    const value = readNumber(text)
    if (value === undefined) {
      this.#fail(
        `after the "~" of a phrase a number of moves was expected, found ${JSON.stringify(text)}`,
        token.start,
      )
    }
    if (value <= -1) this.#fail('the slop after a phrase must not be negative', token.start)
    return Math.min(2 ** 31 - 1, Math.trunc(Math.abs(value)))
  }

  #inZone<T extends Query | undefined>(query: T): T {
    const { timeZone } = this.#options
    if (query === undefined || query.kind !== 'range' || timeZone === undefined) return query
    return { ...query, timeZone }
  }

  #resolve(token: Token, from = 0, to?: number): string {
    const text = resolveEscapes(token.text.slice(from, to))
    if (typeof text === 'string') return text
    return this.#fail(text.sentence, token.start + from + text.offset)
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!
  }

  #next(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#at++
    return token
  }

  #failAt(token: Token, expected: string = CLAUSE_KINDS): never {
    if (token.kind === 'invalid') this.#fail(token.text, token.start)
    const found = token.kind === 'end' ? 'the end of the query' : JSON.stringify(token.text)
    this.#fail(`${expected} was expected, found ${found}`, token.start)
  }

  #fail(sentence: string, start: number): never {
    throw new QueryError(`Cannot read the query at column ${start + 1}: ${sentence}.`, this.#text, start + 1)
  }
}

const ENDS_RUN: ReadonlySet<TokenKind> = new Set(['colon', 'star', 'fuzzy', 'boost', 'and', 'or'])

/** A number as Java's `Float.parseFloat` takes it, hexadecimal left out. */
function readNumber(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?$/.test(text)) return undefined
  return Number(text.replace(/[fFdD]$/, ''))
}
