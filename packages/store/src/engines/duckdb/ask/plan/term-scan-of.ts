import { parseLuceneRegexp, type RegexpNode, splitWildcard, type WildcardPart } from '@timeskein/query'
import { LazyAutomaton } from '../../../../text/automata/lazy-automaton.ts'
import { drawRegexp } from '../../../../text/automata/regexp-graph.ts'
import type { TermScan } from '../../../../text/terms/term-scan.ts'
import { compileFuzzy, compileRegexp } from '../../../../text/terms/vocabulary-match.ts'
import { type Matcher, textAfterPrefix } from '../match/matcher.ts'
import { compilePatternSet } from '../match/pattern-set.ts'
import { compileMatcher } from '../match/test-value.ts'

/** Letters that are equal to some letter beyond ASCII when case is ignored (`k` to the Kelvin sign, `s` to `ſ`), and those. */
const FOLDED_FROM_AFAR = /[^\x20-\x7e]|[ks]/i

/** What a matcher wants of a vocabulary, whose words are in lower case. */
export function termScanOf(matcher: Matcher): TermScan {
  switch (matcher.kind) {
    case 'equal':
      return { exact: Buffer.from(matcher.ignoreCase ? matcher.text.toLowerCase() : matcher.text) }
    case 'oneOf':
      return { accepts: compileMatcher(matcher) }
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
    case 'patterns': {
      const { patterns, ignoreCase } = matcher
      return compilePatternSet(ignoreCase ? patterns.map((pattern) => pattern.toLowerCase()) : patterns)
    }
    case 'regexp': {
      const { pattern, ignoreCase } = matcher
      const { prefix, matches, automaton } = compileRegexp(pattern, { caseInsensitive: ignoreCase })
      const literals = listRegexpLiterals(pattern).filter(
        (text) => !ignoreCase || !FOLDED_FROM_AFAR.test(text),
      )
      const literal = longest(ignoreCase ? literals.map((text) => text.toLowerCase()) : literals)
      return {
        ...beginningWith(ignoreCase ? '' : prefix),
        ...holding(literal),
        ...accepting(matches, automaton),
      }
    }
    case 'fuzzy': {
      const { prefix, matches, automaton } = compileFuzzy(
        matcher.text,
        matcher.distance,
        matcher.prefixLength,
      )
      return { ...beginningWith(prefix), ...accepting(matches, automaton) }
    }
  }
}

function scanOfPattern({ pattern, ignoreCase }: Matcher & { readonly kind: 'pattern' }): TermScan {
  const folded = ignoreCase ? pattern.toLowerCase() : pattern
  const parts = splitWildcard(folded)
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
  if (isPlain) return scan
  const graph = drawRegexp({ kind: 'sequence', of: parts.map(partNode) }, false)
  const accepts = compileMatcher({ kind: 'pattern', pattern: folded, ignoreCase: false })
  return { ...scan, ...accepting(accepts, graph && new LazyAutomaton(graph)) }
}

function partNode(part: WildcardPart): RegexpNode {
  if (part.kind === 'any') return { kind: 'any-string' }
  if (part.kind === 'one') return { kind: 'class', ranges: [], isNegated: true }
  return part
}

function accepting(accepts: (token: string) => boolean, automaton: LazyAutomaton | undefined): TermScan {
  return automaton ? { accepts, automaton } : { accepts }
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
