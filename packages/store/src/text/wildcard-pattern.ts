/** `*` of a pattern. */
const ANY_RUN = Symbol('any run')
/** `?` of a pattern. */
const ANY_ONE = Symbol('any one')

type Piece = string | typeof ANY_RUN | typeof ANY_ONE

/** A test of whole strings, with what every match begins with, or (`isExact`) the only string that matches. */
export interface WildcardTest {
  readonly prefix: string
  readonly isExact?: string
  readonly matches: (text: string) => boolean
}

/**
 * Compiles a Lucene wildcard pattern: `*` any run of characters, `?` any one code point, `\` takes the next character
 * as it is (at the end: a backslash). The pattern is held against the whole text. Time is linear in the text but for
 * patterns with `?` beside several `*`, where it is at most their product.
 */
export function compileWildcardPattern(pattern: string): WildcardTest {
  const pieces = parsePattern(pattern)
  const first = pieces[0] ?? ''
  const prefix = typeof first === 'string' ? first : ''
  if (pieces.length === 0 || (pieces.length === 1 && typeof first === 'string')) {
    return { prefix, isExact: prefix, matches: (text) => text === prefix }
  }
  if (pieces.includes(ANY_ONE)) return { prefix, matches: (text) => matchesPieces(pieces, text) }
  const last = pieces.at(-1)!
  const suffix = typeof last === 'string' ? last : ''
  const middles = pieces.slice(prefix ? 1 : 0, suffix ? -1 : undefined).filter((piece) => piece !== ANY_RUN)
  const inside = middles as string[] // neither runs nor single characters are left
  return { prefix, matches: matchRuns(prefix, inside, suffix) }
}

function matchRuns(prefix: string, inside: readonly string[], suffix: string): (text: string) => boolean {
  const ends = prefix.length + suffix.length
  if (inside.length === 0) {
    if (ends === 0) return () => true
    if (suffix === '') return (text) => text.startsWith(prefix)
    if (prefix === '') return (text) => text.endsWith(suffix)
    return (text) => text.length >= ends && text.startsWith(prefix) && text.endsWith(suffix)
  }
  if (inside.length === 1 && ends === 0) {
    const part = inside[0]!
    return (text) => text.includes(part)
  }
  return (text) => {
    if (text.length < ends || !text.startsWith(prefix) || !text.endsWith(suffix)) return false
    let at = prefix.length
    const end = text.length - suffix.length
    for (const part of inside) {
      const found = text.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}

function parsePattern(pattern: string): Piece[] {
  const pieces: Piece[] = []
  let literal = ''
  const endLiteral = () => {
    if (literal !== '') pieces.push(literal)
    literal = ''
  }
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '\\' && at + 1 < pattern.length) {
      literal += pattern[++at]!
    } else if (character === '*') {
      endLiteral()
      if (pieces.at(-1) !== ANY_RUN) pieces.push(ANY_RUN)
    } else if (character === '?') {
      endLiteral()
      pieces.push(ANY_ONE)
    } else {
      literal += character
    }
  }
  endLiteral()
  return pieces
}

/** Greedy matching that goes back to the last run only: an earlier one can never help. */
function matchesPieces(pieces: readonly Piece[], text: string): boolean {
  let piece = 0
  let at = 0
  let runPiece = -1
  let runAt = 0
  for (;;) {
    const current = pieces[piece]
    if (current === ANY_RUN) {
      runPiece = piece++
      runAt = at
      if (piece === pieces.length) return true
      continue
    }
    if (current === undefined && at === text.length) return true
    if (current === ANY_ONE && at < text.length) {
      at += codePointLength(text, at)
      piece++
      continue
    }
    if (typeof current === 'string' && text.startsWith(current, at)) {
      at += current.length
      piece++
      continue
    }
    if (runPiece < 0 || runAt >= text.length) return false
    runAt += codePointLength(text, runAt)
    at = runAt
    piece = runPiece + 1
  }
}

function codePointLength(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1
}
