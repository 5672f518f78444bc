import {
  escapeWildcard,
  type Fuzzy,
  type Match,
  type Phrase,
  type Query,
  type Range,
  type Regexp,
  splitWildcard,
  type Term,
  type Wildcard,
} from '@timeskein/query'
import { tokenizeText } from '../../../../text/tokens/standard-tokenizer.ts'
import { KEYWORD_MAX_UNITS } from '../../layout.ts'
import type { Matcher } from './matcher.ts'
import { type NumberTest, readNumber, readNumberRange } from './number-test.ts'

/**
 * How a field name asks to be looked at: by the words of its text, or by whole values as OpenSearch's sub-fields
 * `keyword` (values of at most 256 units) and `wildcard` (values of any length).
 */
export type FieldView = 'words' | 'keyword' | 'wildcard'

/** What one value must be for its event to answer; a value of a kind that is left out never does. */
export interface FieldTest {
  readonly text?: TextTest
  readonly number?: NumberTest
  /** `any`: true and false alike. */
  readonly boolean?: boolean | 'any'
  /** Any value of any kind does. */
  readonly present?: true
}

/** What a string must be. */
export type TextTest =
  | { readonly kind: 'words'; readonly tokens: readonly string[]; readonly operator: 'and' | 'or' }
  | {
      readonly kind: 'phrase'
      readonly text: string
      readonly tokens: readonly string[]
      readonly slop: number
      readonly prefix: boolean
    }
  | { readonly kind: 'word'; readonly matcher: Matcher }
  /** `maxUnits`: longer values do not answer. */
  | { readonly kind: 'whole'; readonly matcher: Matcher; readonly maxUnits: number }
  | { readonly kind: 'either'; readonly of: readonly TextTest[] }

/** What a string must be, where nothing but strings can pass the test. */
export function textAlone({ text, ...others }: FieldTest): TextTest | undefined {
  return Object.values(others).some((other) => other !== undefined) ? undefined : text
}

/** The parts of a question that look at values. */
export type ValueLeaf = Extract<
  Query,
  { readonly kind: 'match' | 'phrase' | 'term' | 'range' | 'wildcard' | 'regexp' | 'fuzzy' | 'exists' }
>

/** What a leaf asks of each value of the field it names, or of every field's where it names none. */
export function readFieldTest(leaf: ValueLeaf, view: FieldView): FieldTest {
  switch (leaf.kind) {
    case 'match':
      return readMatch(leaf, view)
    case 'phrase':
      return readPhrase(leaf, view)
    case 'term':
      return readTerm(leaf, view)
    case 'range':
      return readRange(leaf, view)
    case 'wildcard':
      return readWildcard(leaf, view)
    case 'regexp':
      return readRegexp(leaf, view)
    case 'fuzzy':
      return readFuzzy(leaf, view)
    case 'exists':
      if (view === 'words') return { present: true }
      return { text: whole({ kind: 'pattern', pattern: '*', ignoreCase: false }, view) }
  }
}

function readMatch(leaf: Match, view: FieldView): FieldTest {
  if (view !== 'words') return { text: whole(equal(leaf.text), view) }
  const tokens = distinct(tokenizeText(leaf.text))
  if (tokens.length === 0) return wordless(leaf)
  return { text: { kind: 'words', tokens, operator: leaf.operator }, ...readValue(leaf.text) }
}

function readPhrase(leaf: Phrase, view: FieldView): FieldTest {
  if (view !== 'words') {
    if (!leaf.prefix) return { text: whole(equal(leaf.text), view) }
    return {
      text: whole({ kind: 'pattern', pattern: `${escapeWildcard(leaf.text)}*`, ignoreCase: false }, view),
    }
  }
  const tokens = tokenizeText(leaf.text)
  if (tokens.length === 0) return wordless(leaf)
  const values = leaf.prefix ? {} : readValue(leaf.text)
  if (tokens.length > 1) {
    return {
      text: { kind: 'phrase', text: leaf.text, tokens, slop: leaf.slop, prefix: leaf.prefix ?? false },
      ...values,
    }
  }
  if (!leaf.prefix) return { text: { kind: 'words', tokens, operator: 'and' }, ...values }
  const matcher: Matcher = { kind: 'pattern', pattern: `${escapeWildcard(tokens[0]!)}*`, ignoreCase: false }
  return { text: { kind: 'word', matcher } }
}

/** A text without any word: no analysed field holds it, but a question to all fields reaches `keyword` too. */
function wordless(leaf: Match | Phrase): FieldTest {
  return leaf.field === undefined ? { text: whole(equal(leaf.text), 'keyword') } : {}
}

function readTerm(leaf: Term, view: FieldView): FieldTest {
  const text = String(leaf.value)
  const matcher: Matcher = { kind: 'equal', text, ignoreCase: leaf.caseInsensitive ?? false }
  if (view !== 'words') return { text: whole(matcher, view) }
  return { text: { kind: 'word', matcher }, ...readValue(text) }
}

function readRange(leaf: Range, view: FieldView): FieldTest {
  if (leaf.anyType) {
    const number = readNumberRange(leaf)
    return number ? { number } : {}
  }
  const fold = view === 'words' ? (text: string) => text.toLowerCase() : (text: string) => text
  const matcher: Matcher = {
    kind: 'range',
    ...(leaf.gte !== undefined && { gte: fold(String(leaf.gte)) }),
    ...(leaf.gt !== undefined && { gt: fold(String(leaf.gt)) }),
    ...(leaf.lte !== undefined && { lte: fold(String(leaf.lte)) }),
    ...(leaf.lt !== undefined && { lt: fold(String(leaf.lt)) }),
  }
  if (view !== 'words') return { text: whole(matcher, view) }
  const number = readNumberRange(leaf)
  const boolean = readBooleanRange(leaf)
  return {
    text: { kind: 'word', matcher },
    ...(number && { number }),
    ...(boolean !== undefined && { boolean }),
  }
}

/**
 * Words unless the pattern can only be meant for whole values: OpenSearch would find nothing then. A question to all
 * fields reaches whole values (`keyword`) as well, which matters where a pattern can span several words.
 */
function readWildcard(leaf: Wildcard, view: FieldView): FieldTest {
  const { pattern } = leaf
  if (leaf.anyType) {
    return { text: whole({ kind: 'pattern', pattern, ignoreCase: leaf.caseInsensitive }, 'wildcard') }
  }
  const parts = splitWildcard(pattern)
  if (view === 'words' && parts.length === 1 && parts[0]!.kind === 'any') return { present: true }
  if (view !== 'words') {
    return { text: whole({ kind: 'pattern', pattern, ignoreCase: leaf.caseInsensitive }, view) }
  }
  if (leaf.whole || parts.some((part) => part.kind === 'literal' && leavesWords(part.text))) {
    return { text: whole({ kind: 'pattern', pattern, ignoreCase: true }, 'wildcard') }
  }
  const words: TextTest = {
    kind: 'word',
    matcher: { kind: 'pattern', pattern, ignoreCase: leaf.caseInsensitive },
  }
  const literals = parts.filter((part) => part.kind === 'literal').length
  const spans = literals > 1 || parts.some((part) => part.kind === 'one')
  if (leaf.field !== undefined || !spans) return { text: words }
  const values = whole({ kind: 'pattern', pattern, ignoreCase: leaf.caseInsensitive }, 'keyword')
  return { text: { kind: 'either', of: [words, values] } }
}

function readRegexp(leaf: Regexp, view: FieldView): FieldTest {
  const matcher: Matcher = { kind: 'regexp', pattern: leaf.pattern, ignoreCase: leaf.caseInsensitive }
  if (leaf.anyType) return { text: whole(matcher, 'wildcard') }
  if (view !== 'words') return { text: whole(matcher, view) }
  if (leaf.field !== undefined) return { text: { kind: 'word', matcher } }
  return { text: { kind: 'either', of: [{ kind: 'word', matcher }, whole(matcher, 'keyword')] } }
}

function readFuzzy(leaf: Fuzzy, view: FieldView): FieldTest {
  const text = view === 'words' ? leaf.text.toLowerCase() : leaf.text
  const length = [...text].length
  const distance = leaf.distance === 'auto' ? (length <= 2 ? 0 : length <= 5 ? 1 : 2) : leaf.distance
  const matcher: Matcher = { kind: 'fuzzy', text, distance, prefixLength: leaf.prefixLength }
  return { text: view === 'words' ? { kind: 'word', matcher } : whole(matcher, view) }
}

/** What the text is when it is read as a number or as `true` or `false`. */
function readValue(text: string): { number?: NumberTest; boolean?: boolean } {
  const number = readNumber(text)
  if (number !== undefined) return { number: { gte: number, lte: number } }
  return text === 'true' || text === 'false' ? { boolean: text === 'true' } : {}
}

/** Which of false and true, in this order, lie in a range whose ends are written so; undefined for none. */
function readBooleanRange({ gte, gt, lte, lt }: Range): boolean | 'any' | undefined {
  const ends = [gte, gt, lte, lt].filter((end) => end !== undefined).map(String)
  if (!ends.every((end) => end === 'true' || end === 'false')) return undefined
  const [hasFalse, hasTrue] = (['false', 'true'] as const).map(
    (value) =>
      (gte === undefined || value >= String(gte)) &&
      (gt === undefined || value > String(gt)) &&
      (lte === undefined || value <= String(lte)) &&
      (lt === undefined || value < String(lt)),
  )
  if (hasFalse && hasTrue) return 'any'
  return hasFalse || hasTrue ? hasTrue : undefined
}

function whole(matcher: Matcher, view: 'keyword' | 'wildcard'): TextTest {
  const maxUnits = view === 'keyword' ? KEYWORD_MAX_UNITS : Number.POSITIVE_INFINITY
  return { kind: 'whole', matcher, maxUnits }
}

function equal(text: string): Matcher {
  return { kind: 'equal', text, ignoreCase: false }
}

/** True when a text has a character that no word can hold, wherever it stands. */
function leavesWords(text: string): boolean {
  const own = tokenizeText(text)
  if (own.length === 1 && own[0]!.length === text.length) return false
  const inside = tokenizeText(`a${text}a`)
  return inside.length !== 1 && tokenizeText(`1${text}1`).length !== 1
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
