/** Replacements of Timesketch, in its order (20261014: lib/sigma_util.py). */
const REPLACEMENTS: readonly (readonly [found: string, by: string])[] = [
  ['.keyword:', ':'],
  ['\\ ', ' '],
  ['\\:', ':'],
  ['\\-', '-'],
  ['*\\\\', ' *'],
  ['::', '\\:\\:'],
  [' * OR', ' " OR'],
  [' * AND', ' " AND'],
  ['OR * ', 'OR " '],
  ['AND * ', 'AND " '],
  ['(* ', '(" '],
  [' *)', ' ")'],
  ['*)', '")'],
  ['(*', '("'],
  ['\\*:', ''],
]

/** What must stay as it is: an escaped character, an empty value, an expression. */
const KEPT = /\\.|""|\/(?:\\.|[^/\\])*\//g
/** A phrase where a value may stand. */
const PHRASE = /(?<=^|[\s(:])"(?:\\.|[^"\\])*"(?=$|[\s)])/g

/**
 * Makes phrases of what the converter wrote as patterns over whole values, as Timesketch does. Words with two stars stay patterns.
 * Timesketch breaks expressions, empty values and words with one star so that they can be asked no more; they stay what the rule says.
 */
export function cleanQuery(query: string): string {
  const cleaned = cleanBetween(query)
  return hasStrayQuote(cleaned) ? keepPatterns(query) : cleaned
}

function keepPatterns(query: string): string {
  return query
    .replaceAll('.keyword:', ':')
    .replaceAll('\\*:', '')
    .replace(PHRASE, (phrase) => phrase.replace(/\\([ :-])/g, '$1'))
}

function cleanBetween(query: string): string {
  let text = ''
  let from = 0
  for (const { 0: kept, index } of query.matchAll(KEPT)) {
    if (kept.startsWith('\\')) continue
    text += cleanPart(query.slice(from, index)) + kept
    from = index + kept.length
  }
  return text + cleanPart(query.slice(from))
}

function cleanPart(part: string): string {
  let text = part
  for (const [found, by] of REPLACEMENTS) text = text.replaceAll(found, () => by)
  return text
    .split(/\s/)
    .map((piece) => (piece.split('*').length === 2 ? piece.replace('*', '"') : piece))
    .join(' ')
    .replaceAll('""', '"')
}

function hasStrayQuote(query: string): boolean {
  return query.replace(PHRASE, '').replace(KEPT, '').includes('"')
}
