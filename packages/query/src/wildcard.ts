/** The parts of a pattern in order: literal text with escapes resolved, or a wildcard. */
export type WildcardPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }

/** Reads a wildcard pattern; several `*` in a row are one. A lone `\` at the end stands for itself. */
export function splitWildcard(pattern: string): readonly WildcardPart[] {
  const parts: WildcardPart[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') parts.push({ kind: 'literal', text: literal })
    literal = ''
  }
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '\\' && at + 1 < pattern.length) literal += pattern[++at]!
    else if (character === '*') {
      flush()
      if (parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' })
    } else if (character === '?') {
      flush()
      parts.push({ kind: 'one' })
    } else literal += character
  }
  flush()
  return parts
}

/** A test of whole strings, with what every match begins with, or (`isExact`) the only string that matches. */
export interface WildcardTest {
  readonly prefix: string
  readonly isExact?: string
  readonly matches: (text: string) => boolean
}

/**
 * Compiles a wildcard pattern to a test of whole texts: `*` any run of characters, `?` any one code point, `\` takes the next
 * character as it is (at the end: a backslash). Time is linear in the text but for patterns with `?` beside several `*`, where
 * it is at most their product.
 */
export function compileWildcard(pattern: string): WildcardTest {
  const parts = splitWildcard(pattern)
  const [first] = parts
  const prefix = literalOf(first)
  if (parts.length === 0 || (parts.length === 1 && first?.kind === 'literal')) {
    return { prefix, isExact: prefix, matches: (text) => text === prefix }
  }
  if (parts.some((part) => part.kind === 'one'))
    return { prefix, matches: (text) => matchesParts(parts, text) }
  const suffix = literalOf(parts.at(-1))
  const inside = parts
    .slice(prefix ? 1 : 0, suffix ? -1 : undefined)
    .flatMap((part) => (part.kind === 'literal' ? [part.text] : []))
  return { prefix, matches: matchRuns(prefix, inside, suffix) }
}

function literalOf(part: WildcardPart | undefined): string {
  return part?.kind === 'literal' ? part.text : ''
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

/** Greedy matching that goes back to the last run only: an earlier one can never help. */
function matchesParts(parts: readonly WildcardPart[], text: string): boolean {
  let part = 0
  let at = 0
  let runPart = -1
  let runAt = 0
  for (;;) {
    const current = parts[part]
    if (current?.kind === 'any') {
      runPart = part++
      runAt = at
      if (part === parts.length) return true
      continue
    }
    if (current === undefined && at === text.length) return true
    if (current?.kind === 'one' && at < text.length) {
      at += codePointLength(text, at)
      part++
      continue
    }
    if (current?.kind === 'literal' && text.startsWith(current.text, at)) {
      at += current.text.length
      part++
      continue
    }
    if (runPart < 0 || runAt >= text.length) return false
    runAt += codePointLength(text, runAt)
    at = runAt
    part = runPart + 1
  }
}

function codePointLength(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1
}
