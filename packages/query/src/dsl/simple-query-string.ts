import { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_QUERY_LENGTH } from '../limits.ts'
import { escapeWildcard } from '../lucene/escape.ts'
import { isWholeField } from '../lucene/leaf.ts'
import { findTooManyWords } from '../phrase-words.ts'
import type { Query } from '../query.ts'
import { QueryError } from '../query-error.ts'

/** What stands on one level: the tree so far, and the signs that wait for the next part. */
interface Level {
  top: Query | undefined
  previous: 'and' | 'or' | undefined
  next: 'and' | 'or' | undefined
  isNegated: boolean
}

/**
 * Reads OpenSearch's `simple_query_string` language: `+` and, `|` or, `-` not, `"…"` phrases, `word*`, `~N`, groups. Like
 * Lucene's `SimpleQueryParser` it evaluates from left to right and reads any text: what makes no sense is passed over.
 *
 * @param fields - Asked one by one, any may match; undefined means every field.
 * @throws {QueryError} Only when a limit is passed.
 */
export function parseSimpleQueryString(
  text: string,
  fields: readonly (string | undefined)[],
  defaultOperator: 'and' | 'or',
): Query {
  if (text.length > MAX_QUERY_LENGTH) refuse(text, `it has more than ${MAX_QUERY_LENGTH} characters`)
  const levels: Level[] = [newLevel()]
  let parts = 0
  let turns = 0
  const lastClosing = text.lastIndexOf(')')
  const add = (part: Query | undefined) => {
    if (++parts * fields.length > MAX_CLAUSES) refuse(text, `it has more than ${MAX_CLAUSES} clauses`)
    if (addPart(levels.at(-1)!, part, defaultOperator) && ++turns > MAX_NESTING_DEPTH) {
      refuse(text, `it changes between "+" and "|" more than ${MAX_NESTING_DEPTH} times`)
    }
  }
  for (const { kind, value, suffix, start } of scan(text)) {
    const level = levels.at(-1)!
    if (kind === 'and' || kind === 'or') {
      if (level.top !== undefined) level.next ??= kind
    } else if (kind === 'not') level.isNegated = !level.isNegated
    else if (kind === 'open') {
      if (levels.length > MAX_NESTING_DEPTH)
        refuse(text, `groups are nested more than ${MAX_NESTING_DEPTH} deep`)
      if (start < lastClosing) levels.push(newLevel())
    } else if (kind === 'close') {
      if (levels.length > 1) add(levels.pop()!.top)
    } else {
      const tooMany = kind === 'phrase' ? findTooManyWords(undefined, value) : undefined
      if (tooMany !== undefined) refuse(text, tooMany)
      add(makePart(kind, value, suffix, fields, defaultOperator))
    }
  }
  while (levels.length > 1) add(levels.pop()!.top)
  return levels[0]!.top ?? { kind: 'none' }
}

function newLevel(): Level {
  return { top: undefined, previous: undefined, next: undefined, isNegated: false }
}

/** @returns True when the tree grew a level deeper. */
function addPart(level: Level, part: Query | undefined, defaultOperator: 'and' | 'or'): boolean {
  let isDeeper = false
  if (part !== undefined) {
    const signed: Query = level.isNegated ? { kind: 'not', of: part } : part
    if (level.top === undefined) level.top = signed
    else {
      const operator = level.next ?? defaultOperator
      if (level.previous === operator && level.top.kind === operator) {
        // The list was made by this level, two lines below, and nothing else holds it yet.
        ;(level.top.of as Query[]).push(signed)
      } else {
        level.top = { kind: operator, of: [level.top, signed] }
        isDeeper = true
      }
      level.previous = operator
    }
    level.next = undefined
  }
  level.isNegated = false
  return isDeeper
}

interface Piece {
  readonly kind: 'and' | 'or' | 'not' | 'open' | 'close' | 'word' | 'prefix' | 'phrase'
  readonly value: string
  /** Number after `~`. */
  readonly suffix: number | undefined
  readonly start: number
}

const SIGNS: Readonly<Record<string, Piece['kind']>> = {
  '+': 'and',
  '|': 'or',
  '-': 'not',
  '(': 'open',
  ')': 'close',
}

function* scan(text: string): Generator<Piece> {
  const word = /(?:\\[\s\S]|[^\s"|+()\\])+/y
  const phrase = /"((?:\\[\s\S]|[^"\\])*)"(?:~(\d{1,9}))?/y
  let noQuoteFrom = Number.POSITIVE_INFINITY
  for (let at = 0; at < text.length; ) {
    const char = text[at]!
    const sign = Object.hasOwn(SIGNS, char) ? SIGNS[char] : undefined
    if (sign !== undefined) {
      yield { kind: sign, value: char, suffix: undefined, start: at++ }
      continue
    }
    phrase.lastIndex = at
    const quoted = char === '"' && at < noQuoteFrom ? phrase.exec(text) : null
    if (quoted !== null) {
      const suffix = quoted[2] === undefined ? undefined : Number(quoted[2])
      yield { kind: 'phrase', value: dropEscapes(quoted[1]!), suffix, start: at }
      at = phrase.lastIndex
      continue
    }
    if (char === '"') noQuoteFrom = Math.min(noQuoteFrom, at)
    word.lastIndex = at
    const found = word.exec(text)
    if (found === null) {
      at++
      continue
    }
    yield readWord(found[0], at)
    at = word.lastIndex
  }
}

function readWord(raw: string, start: number): Piece {
  const fuzzy = /^([^~]+)~(\d{0,9})$/s.exec(raw)
  if (fuzzy !== null && !raw.includes('\\~')) {
    const suffix = fuzzy[2] === '' ? 2 : Math.min(2, Number(fuzzy[2]))
    return { kind: 'word', value: dropEscapes(fuzzy[1]!), suffix, start }
  }
  if (raw.length > 1 && raw.endsWith('*') && !raw.endsWith('\\*')) {
    return { kind: 'prefix', value: dropEscapes(raw.slice(0, -1)), suffix: undefined, start }
  }
  return { kind: 'word', value: dropEscapes(raw), suffix: undefined, start }
}

function makePart(
  kind: 'word' | 'prefix' | 'phrase',
  value: string,
  suffix: number | undefined,
  fields: readonly (string | undefined)[],
  operator: 'and' | 'or',
): Query | undefined {
  if (value === '') return undefined
  const parts = fields.map((field): Query => {
    if (kind === 'phrase') return { kind: 'phrase', field, text: value, slop: suffix ?? 0 }
    if (kind === 'prefix') {
      const pattern = `${escapeWildcard(value)}*`
      const whole = isWholeField(field)
      return { kind: 'wildcard', field, pattern, whole, caseInsensitive: !whole }
    }
    if (suffix === undefined) return { kind: 'match', field, text: value, operator }
    return { kind: 'fuzzy', field, text: value, distance: suffix as 0 | 1 | 2, prefixLength: 0 }
  })
  return parts.length === 1 ? parts[0] : { kind: 'or', of: parts }
}

function dropEscapes(text: string): string {
  return text.replaceAll(/\\([\s\S]?)/g, '$1')
}

function refuse(text: string, sentence: string): never {
  throw new QueryError(`Cannot read the query: ${sentence}.`, text.slice(0, 1000), 0)
}
