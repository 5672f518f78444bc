import { splitWildcard } from '@timeskein/query'
import type { TextTest } from './field-test.ts'

/**
 * Looks at the text of an event's source before it is parsed. True and false are certain; undefined means that the
 * event must be parsed and looked at value by value.
 */
export type RawSourceTest = (source: string) => boolean | undefined

/** Longest phrase that is made an expression: the engine's own gives up at some thousand words. */
export const MAX_QUICK_WORDS = 64
/** Words whose characters mean nothing in a regular expression or in JSON. */
const PLAIN_WORD = /^[a-z0-9]+$/
/** Between words, in JSON text: blanks and control characters as escapes, after at most one sign that ends a word there. */
const GAP = '[,.:;)]?(?: |\\\\[rnt])+'
/** What a word cannot go on with: a blank, an escape for one, the end of the value, or a sign with such behind it. */
const END = '(?=[ ")]|\\\\[rnt]|[,.:;](?:[ "]|\\\\[rnt]))'
/** What a word cannot have gone on from. The escape's backslash must not be the second half of an escaped one. */
const START = '(?:["( ]|[^\\\\]\\\\[rnt])'
/** Between words for certain if they are neighbours: signs and escapes in any number. */
const LOOSE_GAP = '(?:\\\\[rntbf]|[^a-z0-9])+'

/**
 * Makes a quick test of source text for questions that would otherwise have each candidate parsed; undefined for
 * questions it does not know. Most phrases stand in the source as they are asked, and most other candidates have their
 * words far apart; both are told by one regular expression, without parsing JSON or cutting text into words.
 *
 * @param field - Dotted name of the field that is asked; undefined: any. Candidates are known to have the field.
 */
export function compileRawTest(test: TextTest, field: string | undefined): RawSourceTest | undefined {
  if (test.kind === 'phrase') return compileRawPhrase(test, field)
  if (test.kind === 'whole') return compileRawContains(test, field)
  return undefined
}

function compileRawPhrase(
  { tokens, slop, prefix }: TextTest & { readonly kind: 'phrase' },
  field: string | undefined,
): RawSourceTest | undefined {
  if (slop > 0 || prefix || tokens.length > MAX_QUICK_WORDS) return undefined
  if (!tokens.every((token) => PLAIN_WORD.test(token))) return undefined
  // Figures alone may stand in the event's time, which is no text.
  if (!tokens.some((token) => /[a-z]/.test(token))) return undefined
  const certain = new RegExp(START + tokens.join(GAP) + END, 'gi')
  const possible = new RegExp(tokens.join(LOOSE_GAP), 'i')
  return (source) => {
    const text = field === undefined ? source : cutValue(source, field)
    if (text === undefined) return undefined
    certain.lastIndex = 0
    const found = certain.exec(text)
    if (found && (field !== undefined || isInValue(text, certain.lastIndex, tokens.join('')))) return true
    // Other spellings of letters: as escapes, or such that only lower case makes equal (K, the sign for kelvin).
    if (possible.test(text) || text.includes('\\u') || hasBeyondAscii(text)) return undefined
    return false
  }
}

function compileRawContains(
  { matcher, maxUnits }: TextTest & { readonly kind: 'whole' },
  field: string | undefined,
): RawSourceTest | undefined {
  if (matcher.kind !== 'pattern' || field !== undefined || maxUnits !== Number.POSITIVE_INFINITY)
    return undefined
  const parts = splitWildcard(matcher.pattern)
  const [first, middle, last] = parts
  if (parts.length !== 3 || first?.kind !== 'any' || middle?.kind !== 'literal' || last?.kind !== 'any') {
    return undefined
  }
  if (!/^[\x20-\x7e]+$/.test(middle.text)) return undefined
  const escaped = JSON.stringify(middle.text).slice(1, -1)
  const wanted = matcher.ignoreCase ? escaped.toLowerCase() : escaped
  return (source) => {
    const text = matcher.ignoreCase ? source.toLowerCase() : source
    const at = text.indexOf(wanted)
    if (at >= 0)
      return isEscapeAt(text, at) || !isInValue(text, at + wanted.length, wanted) ? undefined : true
    // A slash may be written with a backslash before it.
    return text.includes('\\u') || text.includes('\\/') ? undefined : false
  }
}

/**
 * The text of a field's value in the source, with its quotes; undefined where that cannot be told without parsing. If
 * the last name of the path is a key once only, it is the field's: a candidate has the field.
 */
function cutValue(source: string, field: string): string | undefined {
  const key = `${JSON.stringify(field.slice(field.lastIndexOf('.') + 1))}:`
  const at = source.indexOf(key)
  if (at < 0 || source.indexOf(key, at + key.length) >= 0) return undefined
  const start = at + key.length
  if (source[start] !== '"') return undefined
  const end = findClosingQuote(source, start + 1)
  return end < 0 ? undefined : source.slice(start, end + 1)
}

/** Characters that JSON has outside of strings. */
const OUTSIDE = /^[aeflnrstu\d.,:[\]{}\s+-]*$/i

/** True when `at` is inside a string that is a value, not a key, and not outside of strings, as `true` is. */
function isInValue(source: string, at: number, found: string): boolean {
  let end = -1
  if (OUTSIDE.test(found)) {
    for (let open = source.indexOf('"'); open >= 0 && open < at; open = source.indexOf('"', end + 1)) {
      end = findClosingQuote(source, open + 1)
      if (end < 0) return false
    }
  } else end = findClosingQuote(source, at)
  if (end < at) return false
  for (let next = end + 1; next < source.length; next++) {
    const character = source[next]!
    if (character === ':') return false
    if (character !== ' ' && character !== '\t' && character !== '\n' && character !== '\r') return true
  }
  return false
}

function findClosingQuote(source: string, from: number): number {
  for (let at = source.indexOf('"', from); at >= 0; at = source.indexOf('"', at + 1)) {
    let backslashes = 0
    while (at - 1 - backslashes >= from && source[at - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return at
  }
  return -1
}

/** True when the character at `at` is the second half of an escape. */
function isEscapeAt(source: string, at: number): boolean {
  let backslashes = 0
  while (source[at - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}

function hasBeyondAscii(text: string): boolean {
  return /[^\x00-\x7f]/.test(text)
}
