import { parseLuceneRegexp, type RegexpNode, splitWildcard } from '@timeskein/query'
import type { WordQuestion } from '@timeskein/store'

/** The longest run of printable ASCII that every answer of a question has, in lower case; undefined where none is known. */
export function readRequiredLiteral(query: WordQuestion): string | undefined {
  if (query.kind === 'regexp') return readRegexpLiteral(query.pattern)
  const parts = splitWildcard(query.pattern).map((part) => (part.kind === 'literal' ? part.text : ''))
  return takeLongest(parts)
}

/** The same of an expression. */
export function readRegexpLiteral(pattern: string): string | undefined {
  return takeLongest(listRuns(parseLuceneRegexp(pattern)))
}

/** Longer runs of one of several alternatives are cut before they are looked for in the others. */
const MAX_SHARED_LENGTH = 32

/** Texts that stand in every match. */
function listRuns(node: RegexpNode): readonly string[] {
  switch (node.kind) {
    case 'literal':
      return [node.text]
    case 'sequence': {
      const runs = ['']
      for (const part of node.of) {
        if (part.kind === 'literal') runs.push(runs.pop()! + part.text)
        else runs.push(...listRuns(part), '')
      }
      return runs
    }
    case 'repeat':
      return node.least > 0 && (node.most === undefined || node.most >= node.least) ? listRuns(node.of) : []
    case 'union': {
      const [first = [], ...others] = node.of.map((part) => listRuns(part).map((run) => run.toLowerCase()))
      return first.map((run) => findShared(run.slice(0, MAX_SHARED_LENGTH), others))
    }
    default:
      return []
  }
}

/** The longest part of a text that some run of each alternative has. */
function findShared(text: string, alternatives: readonly (readonly string[])[]): string {
  for (let length = text.length; length > 0; length--) {
    for (let start = 0; start + length <= text.length; start++) {
      const part = text.slice(start, start + length)
      if (alternatives.every((runs) => runs.some((run) => run.includes(part)))) return part
    }
  }
  return ''
}

/** Upper and lower case of other letters than those of ASCII may be of different lengths: what stands between them counts. */
function takeLongest(texts: readonly string[]): string | undefined {
  const parts = texts.flatMap((text) => text.split(/[^\x20-\x7e]+/))
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '')
  return longest === '' ? undefined : longest.toLowerCase()
}
