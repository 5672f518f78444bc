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

/**
 * Makes phrases of what the converter wrote as patterns over whole values, as Timesketch does. Words with two stars stay patterns; some
 * questions are no questions any more after it, there as here.
 */
export function cleanQuery(query: string): string {
  let text = query
  for (const [found, by] of REPLACEMENTS) text = text.replaceAll(found, () => by)
  return text
    .split(/\s/)
    .map((piece) => (piece.split('*').length === 2 ? piece.replace('*', '"') : piece))
    .join(' ')
    .replaceAll('""', '"')
}
