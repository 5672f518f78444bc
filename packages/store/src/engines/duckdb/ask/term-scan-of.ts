import { parseLuceneRegexp } from '../../../text/lucene-regexp.ts'
import type { TermScan } from '../../../text/term-scan.ts'
import { compileRegexp } from '../../../text/vocabulary-match.ts'
import { type Matcher, readPattern, textAfterPrefix } from './matcher.ts'
import { compileMatcher } from './test-value.ts'

/** Letters that are equal to some letter beyond ASCII when case is ignored (`k` to the Kelvin sign, `s` to `ſ`), and those. */
const FOLDED_FROM_AFAR = /[^\x20-\x7e]|[ks]/i

/** What a matcher wants of a vocabulary, whose words are in lower case. */
export function termScanOf(matcher: Matcher): TermScan {
  switch (matcher.kind) {
    case 'equal':
      return { exact: Buffer.from(matcher.ignoreCase ? matcher.text.toLowerCase() : matcher.text) }
    case 'range': {
      const from = matcher.gte ?? matcher.gt
      const last = matcher.lte ?? matcher.lt
      return {
        ...(from === undefined ? {} : { from: Buffer.from(from) }),
        ...(last === undefined ? {} : { before: Buffer.concat([Buffer.from(last), Buffer.of(0)]) }),
        accepts: compileMatcher(matcher),
      }
    }
    case 'pattern':
      return scanOfPattern(matcher)
    case 'regexp': {
      const { pattern, ignoreCase } = matcher
      const { prefix } = compileRegexp(pattern, { caseInsensitive: ignoreCase })
      const literals = listRegexpLiterals(pattern).filter(
        (text) => !ignoreCase || !FOLDED_FROM_AFAR.test(text),
      )
      const literal = longest(ignoreCase ? literals.map((text) => text.toLowerCase()) : literals)
      return {
        ...beginningWith(ignoreCase ? '' : prefix),
        ...holding(literal),
        accepts: compileMatcher(matcher),
      }
    }
    case 'fuzzy': {
      const length = [...matcher.text].length
      const isNear = compileMatcher(matcher)
      const prefix = [...matcher.text].slice(0, matcher.prefixLength).join('')
      return {
        ...beginningWith(prefix),
        accepts: (token) =>
          token.length >= length - matcher.distance &&
          token.length <= (length + matcher.distance) * 2 &&
          isNear(token),
      }
    }
  }
}

function scanOfPattern({ pattern, ignoreCase }: Matcher & { readonly kind: 'pattern' }): TermScan {
  const folded = ignoreCase ? pattern.toLowerCase() : pattern
  const parts = readPattern(folded)
  const [first] = parts
  if (!first) return { exact: Buffer.alloc(0) }
  const literals = parts.flatMap((part) => (part.kind === 'literal' ? [part.text] : []))
  const prefix = first.kind === 'literal' ? first.text : ''
  if (parts.length === 1 && prefix !== '') return { exact: Buffer.from(prefix) }
  const scan: TermScan = { ...beginningWith(prefix), ...holding(longest(literals)) }
  const isPlain =
    parts.every((part) => part.kind !== 'one') &&
    literals.length <= 1 &&
    parts.at(-1)!.kind === 'any' &&
    parts.length <= 3
  return isPlain
    ? scan
    : { ...scan, accepts: compileMatcher({ kind: 'pattern', pattern: folded, ignoreCase: false }) }
}

function beginningWith(prefix: string): TermScan {
  if (prefix === '') return {}
  const next = textAfterPrefix(prefix)
  return { from: Buffer.from(prefix), ...(next === undefined ? {} : { before: Buffer.from(next) }) }
}

function holding(literal: string): TermScan {
  return literal === '' ? {} : { literal: Buffer.from(literal) }
}

function longest(texts: readonly string[]): string {
  return texts.reduce((long, text) => (text.length > long.length ? text : long), '')
}

/** Texts that stand in every match: literals of the expression's own sequence. */
function listRegexpLiterals(pattern: string): string[] {
  const node = parseLuceneRegexp(pattern)
  const parts = node.kind === 'sequence' ? node.of : [node]
  const literals = ['']
  for (const part of parts) {
    if (part.kind === 'literal') literals[literals.length - 1] += part.text
    else literals.push('')
  }
  return literals
}
