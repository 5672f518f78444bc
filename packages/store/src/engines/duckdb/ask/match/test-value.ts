import { matchesPhrase } from '../../../../text/terms/phrase-match.ts'
import { compileFuzzy, compileRegexp, compileWildcard } from '../../../../text/terms/vocabulary-match.ts'
import { tokenizeText } from '../../../../text/tokens/standard-tokenizer.ts'
import type { FieldTest, TextTest } from './field-test.ts'
import type { Matcher, TextRange } from './matcher.ts'
import { type ExactNumber, testNumber } from './number-test.ts'
import { compilePatternSet } from './pattern-set.ts'

/** A value of an event as it is in JSON, with integers of any size. */
export type PlainValue = string | number | bigint | boolean

/** Compiles what a field's values must be to a function that looks at one value. */
export function compileFieldTest(test: FieldTest): (value: PlainValue) => boolean {
  if (test.present) return () => true
  const text = test.text ? compileTextTest(test.text) : () => false
  const { number, boolean } = test
  return (value) => {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'boolean') return boolean === 'any' || value === boolean
    return number !== undefined && testNumber(number, value satisfies ExactNumber)
  }
}

/** Compiles what a string must be to a function that looks at one string. */
export function compileTextTest(test: TextTest): (text: string) => boolean {
  switch (test.kind) {
    case 'words': {
      const { tokens, operator } = test
      return (text) => {
        const found = new Set(tokenizeText(text))
        return operator === 'and'
          ? tokens.every((token) => found.has(token))
          : tokens.some((token) => found.has(token))
      }
    }
    case 'phrase':
      return (text) => matchesPhrase(text, test.tokens, test.slop, test.prefix)
    case 'word': {
      const matches = compileMatcher(test.matcher)
      return (text) => tokenizeText(text).some(matches)
    }
    case 'whole': {
      const matches = compileMatcher(test.matcher)
      return (text) => text.length <= test.maxUnits && matches(text)
    }
    case 'either': {
      const tests = test.of.map(compileTextTest)
      return (text) => tests.some((one) => one(text))
    }
  }
}

/** Compiles a matcher to a function that looks at one text. */
export function compileMatcher(matcher: Matcher): (text: string) => boolean {
  switch (matcher.kind) {
    case 'equal': {
      const { text: wanted } = matcher
      if (!matcher.ignoreCase) return (text) => text === wanted
      const lower = wanted.toLowerCase()
      return (text) => text.toLowerCase() === lower
    }
    case 'oneOf': {
      const wanted = new Set(matcher.texts)
      return (text) => wanted.has(text)
    }
    case 'range':
      return (text) => isInRange(text, matcher)
    case 'pattern':
      return compileWildcard(matcher.pattern, { caseInsensitive: matcher.ignoreCase }).matches
    case 'patterns': {
      const { patterns, ignoreCase } = matcher
      if (!ignoreCase) return compilePatternSet(patterns).accepts
      const { accepts } = compilePatternSet(patterns.map((pattern) => pattern.toLowerCase()))
      return (text) => accepts(text.toLowerCase())
    }
    case 'regexp':
      return compileRegexp(matcher.pattern, { caseInsensitive: matcher.ignoreCase }).matches
    case 'fuzzy':
      return compileFuzzy(matcher.text, matcher.distance, matcher.prefixLength).matches
  }
}

function isInRange(text: string, { gte, gt, lte, lt }: TextRange): boolean {
  return (
    (gte === undefined || compareCodePoints(text, gte) >= 0) &&
    (gt === undefined || compareCodePoints(text, gt) > 0) &&
    (lte === undefined || compareCodePoints(text, lte) <= 0) &&
    (lt === undefined || compareCodePoints(text, lt) < 0)
  )
}

/** Compares as UTF-8 bytes do, which JavaScript's `<` does not for characters beyond the first 65,536. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left === right) continue
    return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Surrogates, which stand for the highest code points, after all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
