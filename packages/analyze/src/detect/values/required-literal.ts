import { parseLuceneRegexp, splitWildcard } from '@timeskein/query'
import type { WordQuestion } from '@timeskein/store'

/** The longest run of printable ASCII that every answer of a question has, in lower case; undefined where none is known. */
export function readRequiredLiteral(query: WordQuestion): string | undefined {
  if (query.kind === 'regexp') return readRegexpLiteral(query.pattern)
  const parts = splitWildcard(query.pattern).map((part) => (part.kind === 'literal' ? part.text : ''))
  return takeLongest(parts)
}

/** The same of an expression: the longest run of letters outside of choices and repetitions. */
export function readRegexpLiteral(pattern: string): string | undefined {
  const node = parseLuceneRegexp(pattern)
  const runs = ['']
  for (const part of node.kind === 'sequence' ? node.of : [node]) {
    if (part.kind === 'literal') runs.push(runs.pop()! + part.text)
    else runs.push('')
  }
  return takeLongest(runs)
}

/** Upper and lower case of other letters than those of ASCII may be of different lengths. */
function takeLongest(texts: readonly string[]): string | undefined {
  const longest = texts.reduce((best, text) => (text.length > best.length ? text : best), '')
  return /^[\x20-\x7e]+$/.test(longest) ? longest.toLowerCase() : undefined
}
