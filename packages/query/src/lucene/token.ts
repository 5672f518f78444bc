import { MAX_QUERY_LENGTH } from '../limits.ts'
import { QueryError } from '../query-error.ts'

/** What a piece of a Lucene query string is; names follow the token names of Lucene's classic grammar. */
export type TokenKind =
  | 'and'
  | 'or'
  | 'not'
  | 'plus'
  | 'minus'
  /** `+`, `-` or `!` followed by a blank: a term, not an operator. */
  | 'bare-operator'
  | 'open'
  | 'close'
  | 'colon'
  | 'star'
  | 'boost'
  | 'number'
  | 'quoted'
  | 'term'
  | 'fuzzy'
  | 'prefix'
  | 'wildcard'
  | 'regexp'
  | 'range-open-inclusive'
  | 'range-open-exclusive'
  | 'range-to'
  | 'range-close-inclusive'
  | 'range-close-exclusive'
  | 'range-quoted'
  | 'range-text'
  /** Text no token begins with; `text` is the sentence that says so. Always the last token but `end`. */
  | 'invalid'
  | 'end'

/** One piece of a query string. */
export interface Token {
  readonly kind: TokenKind
  /** As written, escapes and quotes in place. */
  readonly text: string
  /** 0-based start, in UTF-16 units. */
  readonly start: number
}

/**
 * Cuts a query string into tokens, longest match first, as the token manager of Lucene 9's classic query parser does
 * (`QueryParser.jj`, lexical states DEFAULT, Boost and Range). Linear in the length of the text. Text that is no token ends
 * the list with an `invalid` token, so that the parser can report an earlier mistake first.
 *
 * @throws {QueryError} When the text is longer than `MAX_QUERY_LENGTH`.
 */
export function tokenize(text: string): Token[] {
  if (text.length > MAX_QUERY_LENGTH) {
    throw new QueryError(
      `Cannot read the query: it has ${text.length} characters, at most ${MAX_QUERY_LENGTH} are read.`,
      text.slice(0, 100),
      0,
    )
  }
  const tokens: Token[] = []
  let at = 0
  let state: State = 'default'
  while (at < text.length) {
    if (isSkipped(text, at, state)) {
      at++
      continue
    }
    const token =
      state === 'default'
        ? readDefault(text, at)
        : state === 'boost'
          ? readBoost(text, at)
          : readRange(text, at)
    tokens.push(token)
    if (token.kind === 'invalid') break
    at = token.start + token.text.length
    if (token.kind === 'boost') state = 'boost'
    else if (token.kind === 'range-open-inclusive' || token.kind === 'range-open-exclusive') state = 'range'
    else if (token.kind === 'number' || token.kind.startsWith('range-close')) state = 'default'
  }
  tokens.push({ kind: 'end', text: '', start: text.length })
  return tokens
}

type State = 'default' | 'boost' | 'range'

/** Blanks part tokens, but not a `^` from its number; in a range only a space always does. */
function isSkipped(text: string, at: number, state: State): boolean {
  if (state === 'boost' || !isBlank(text, at)) return false
  return state === 'default' || rangeTextEnd(text, at) <= at + 1
}

const BLANK = ' \t\n\r\u3000'
const NOT_IN_TERM = new Set(`${BLANK}+-!():^[]"{}~*?\\/`)

function readDefault(text: string, at: number): Token {
  const char = text[at]!
  switch (char) {
    case '(':
      return token('open', text, at, at + 1)
    case ')':
      return token('close', text, at, at + 1)
    case ':':
      return token('colon', text, at, at + 1)
    case '^':
      return token('boost', text, at, at + 1)
    case '[':
      return token('range-open-inclusive', text, at, at + 1)
    case '{':
      return token('range-open-exclusive', text, at, at + 1)
    case '+':
    case '-':
    case '!':
      if (isBlank(text, at + 1)) return token('bare-operator', text, at, at + 2)
      return token(char === '+' ? 'plus' : char === '-' ? 'minus' : 'not', text, at, at + 1)
    case '"':
      return readQuoted(text, at)
    case '/':
      return readRegexp(text, at)
    case '~':
      return token('fuzzy', text, at, fuzzyEnd(text, at + 1))
    case ']':
    case '}':
      return invalid(`"${char}" closes a range that was never opened`, at)
    default:
      return readTerm(text, at)
  }
}

/** TERM, PREFIXTERM, WILDTERM, STAR and the words that are operators: whichever is longest. */
function readTerm(text: string, start: number): Token {
  let at = start
  let stars = 0
  let marks = 0
  let lastMark = -1
  for (;;) {
    const char = text[at]
    if (char === undefined) break
    if (char === '\\') {
      if (at + 1 >= text.length) break
      at += 2
    } else if (char === '*' || char === '?') {
      if (char === '*') stars++
      else marks++
      lastMark = at++
    } else if (!NOT_IN_TERM.has(char) || (at > start && (char === '-' || char === '+'))) at++
    else break
  }
  if (at === start) return invalid('a "\\" at the very end escapes nothing', start)
  if (stars + marks === 0) return token(operatorOf(text, start, at) ?? 'term', text, start, at)
  if (stars === 1 && marks === 0 && lastMark === at - 1) {
    return token(at === start + 1 ? 'star' : 'prefix', text, start, at)
  }
  return token('wildcard', text, start, at)
}

function operatorOf(text: string, start: number, end: number): TokenKind | undefined {
  if (end - start > 3) return undefined
  switch (text.slice(start, end)) {
    case 'AND':
    case '&&':
      return 'and'
    case 'OR':
    case '||':
      return 'or'
    case 'NOT':
      return 'not'
    default:
      return undefined
  }
}

function readQuoted(text: string, start: number): Token {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return token('quoted', text, start, at + 1)
  }
  return invalid('a quote is opened here and never closed', start)
}

/** `/` … `/`, where `\/` may stand inside or, when no other slash follows, be the end: longest match, as Lucene's. */
function readRegexp(text: string, start: number): Token {
  const end = lastPossibleEnd(text, start, '/', start + 1)
  if (end > 0) return token('regexp', text, start, end)
  return invalid('a regular expression is opened by "/" here and never closed (write \\/ for a slash)', start)
}

function lastPossibleEnd(text: string, start: number, mark: string, from: number): number {
  let end = -1
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    end = at + 1
    if (text[at - 1] !== '\\' || at - 1 === start) break
  }
  return end
}

/** `~`, then a number with anything a term may hold after it, or only that. */
function fuzzyEnd(text: string, from: number): number {
  let at = from
  while (isDigit(text[at])) at++
  if (at > from && text[at] === '.' && isDigit(text[at + 1])) at++
  for (;;) {
    const char = text[at]
    if (char === '\\' && at + 1 < text.length) at += 2
    else if (char !== undefined && (!NOT_IN_TERM.has(char) || char === '-' || char === '+')) at++
    else return at
  }
}

function readBoost(text: string, start: number): Token {
  let at = start
  while (isDigit(text[at])) at++
  if (at === start) return invalid(`after "^" a number was expected, found ${describe(text, start)}`, start)
  if (text[at] === '.' && isDigit(text[at + 1])) {
    at++
    while (isDigit(text[at])) at++
  }
  return token('number', text, start, at)
}

function readRange(text: string, start: number): Token {
  const char = text[start]
  if (char === ']') return token('range-close-inclusive', text, start, start + 1)
  if (char === '}') return token('range-close-exclusive', text, start, start + 1)
  const textEnd = rangeTextEnd(text, start)
  if (char === '"') {
    const quotedEnd = lastPossibleEnd(text, start, '"', start + 2)
    if (quotedEnd >= textEnd) return token('range-quoted', text, start, quotedEnd)
  }
  const isTo = textEnd === start + 2 && text.startsWith('TO', start)
  return token(isTo ? 'range-to' : 'range-text', text, start, textEnd)
}

function rangeTextEnd(text: string, start: number): number {
  let at = start
  while (at < text.length && text[at] !== ' ' && text[at] !== ']' && text[at] !== '}') at++
  return at
}

function token(kind: TokenKind, text: string, start: number, end: number): Token {
  return { kind, text: text.slice(start, end), start }
}

function invalid(sentence: string, start: number): Token {
  return { kind: 'invalid', text: sentence, start }
}

function isBlank(text: string, at: number): boolean {
  const char = text[at]
  return char !== undefined && BLANK.includes(char)
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9'
}

function describe(text: string, at: number): string {
  return at >= text.length ? 'the end of the query' : JSON.stringify(text[at])
}
