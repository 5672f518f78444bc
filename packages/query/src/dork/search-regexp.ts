import { findRegexpFault, type RegexpFault } from '../lucene/regexp.ts'

/** Signs that Lucene's optional operators use and Sekoia's expressions do not: there they are characters like any other. */
const PLAIN_SIGNS: ReadonlySet<string> = new Set(['~', '&', '#', '@', '<', '>'])

/**
 * Writes an expression of Sekoia's search (`. ? + * {n,m} | () [] "…"`, held against the whole value, no anchors) as one for
 * a `Regexp` question. Linear in the length of the expression.
 *
 * @returns The expression, or what is wrong with it, with the place in the text as it was given.
 */
export function compileSearchRegexp(source: string): { readonly pattern: string } | RegexpFault {
  if (source.startsWith('^')) return { sentence: NO_ANCHOR('^', 'beginning'), offset: 0 }
  let pattern = ''
  const escapes: number[] = []
  let isQuoted = false
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!
    if (char === '"') isQuoted = !isQuoted
    else if (char === '\\' && !isQuoted) {
      pattern += char + (source[++at] ?? '')
      continue
    } else if (!isQuoted && char === '$' && at === source.length - 1) {
      return { sentence: NO_ANCHOR('$', 'end'), offset: at }
    } else if (!isQuoted && PLAIN_SIGNS.has(char)) {
      escapes.push(pattern.length)
      pattern += '\\'
    }
    pattern += char
  }
  const fault = findRegexpFault(pattern)
  if (fault === undefined) return { pattern }
  const added = escapes.filter((place) => place < fault.offset).length
  return { sentence: fault.sentence, offset: fault.offset - added }
}

const NO_ANCHOR = (sign: string, place: string): string =>
  `no "${sign}" expected at the ${place}, as the expression is held against the whole value ("\\${sign}" for the character)`
