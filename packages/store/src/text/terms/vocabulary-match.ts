import { compileWildcard as compilePlain } from '@timeskein/query'
import { compileEditDistance } from '../automata/edit-distance.ts'
import { drawFuzzy } from '../automata/fuzzy-graph.ts'
import { LazyAutomaton, VERDICTS } from '../automata/lazy-automaton.ts'
import { compileRegexpTest } from '../automata/regexp-test.ts'

/** A question to each token of a vocabulary (or to each distinct value of a field). */
export interface TokenMatcher {
  /** Every match begins with this, so only that range of a sorted vocabulary need be read; may be empty. */
  readonly prefix: string
  /** The only token that can match, if there is just one. */
  readonly isExact?: string
  /** True for tokens of the answer, whether or not they begin with `prefix` is looked at here too. */
  readonly matches: (token: string) => boolean
  /** Says the same of UTF-8 bytes, if there is one. */
  readonly automaton?: LazyAutomaton
}

/** How a pattern is read. */
export interface MatchOptions {
  /**
   * Whether upper and lower case count as the same.
   *
   * @default false
   */
  readonly caseInsensitive?: boolean
}

/**
 * Compiles a wildcard pattern: `*` any run of characters, `?` any one, `\` escapes; held against the whole token.
 * Prefix, suffix and contains patterns take the fast way.
 */
export function compileWildcard(pattern: string, options: MatchOptions = {}): TokenMatcher {
  if (!options.caseInsensitive) return compilePlain(pattern)
  const lower = compilePlain(pattern.toLowerCase())
  return { prefix: uncased(lower.prefix), matches: (token) => lower.matches(token.toLowerCase()) }
}

/**
 * Compiles a Lucene regular expression, anchored at both ends, matched in linear time.
 *
 * @throws {QueryError} When the expression has no meaning or uses `~` or `&` inside a larger sequence or repetition.
 */
export function compileRegexp(pattern: string, options: MatchOptions = {}): TokenMatcher {
  return compileRegexpTest(pattern, options.caseInsensitive ?? false)
}

/**
 * Compiles a fuzzy term: tokens within some edits (insertion, deletion, substitution, transposition of neighbours).
 *
 * @param term - As it would stand in the index (lower case, where tokens are).
 * @param distance - Most edits; `auto`: none up to 2 characters, 1 up to 5, else 2.
 * @param prefixLength - Characters at the beginning that must be equal.
 */
export function compileFuzzy(term: string, distance: 0 | 1 | 2 | 'auto', prefixLength = 0): TokenMatcher {
  const characters = Array.from(term)
  const maxEdits = distance === 'auto' ? autoDistance(characters.length) : distance
  if (maxEdits === 0) return { prefix: term, isExact: term, matches: (token) => token === term }
  const prefix = characters.slice(0, prefixLength).join('')
  const isNear = compileEditDistance(characters.slice(prefixLength).join(''), maxEdits)
  const graph = drawFuzzy(term, maxEdits, prefixLength)
  const isNearPlainly = (token: string): boolean =>
    token.startsWith(prefix) && isNear(token.slice(prefix.length))
  if (!graph) return { prefix, matches: isNearPlainly }
  const automaton = new LazyAutomaton(graph)
  const matches = (token: string): boolean => {
    const verdict = automaton.testText(token)
    return verdict === VERDICTS.unsure ? isNearPlainly(token) : verdict === VERDICTS.accepted
  }
  return { prefix, matches, automaton }
}

function autoDistance(length: number): number {
  if (length <= 2) return 0
  return length <= 5 ? 1 : 2
}

/** The beginning of a lower-case text up to the first character that has another case. */
function uncased(text: string): string {
  let beginning = ''
  for (const character of text) {
    if (character.toUpperCase() !== character) break
    beginning += character
  }
  return beginning
}
