import { getWordBreaks, MAX_TOKEN_LENGTH, toLowerCodePoint, type WordBreaks } from './word-break.ts'

/** One token of a text; the index of a token in its list is its position. */
export interface Token {
  /** The token in lower case, as it stands in the index. */
  readonly token: string
  /** Where it stands in the text, in UTF-16 units; `end` is exclusive. */
  readonly start: number
  readonly end: number
}

/**
 * The tokens of a text as OpenSearch's `standard` analyser makes them: words by Unicode's rules, in lower case.
 *
 * @returns Tokens in the order of the text, with repeats.
 */
export function tokenizeText(text: string): string[] {
  const tokens: string[] = []
  visitTokens(text, (start, end, isAscii) => tokens.push(lowerToken(text, start, end, isAscii)))
  return tokens
}

/** The tokens of a text with their places, for marking and for phrases. */
export function tokenizeWithOffsets(text: string): Token[] {
  const tokens: Token[] = []
  visitTokens(text, (start, end, isAscii) =>
    tokens.push({ token: lowerToken(text, start, end, isAscii), start, end }),
  )
  return tokens
}

function visitTokens(text: string, visit: (start: number, end: number, isAscii: boolean) => void): void {
  const breaks = getWordBreaks()
  const { classes } = breaks
  const { next, accepts } = breaks.automaton
  let start = 0
  while (start < text.length) {
    const windowEnd = Math.min(text.length, start + MAX_TOKEN_LENGTH)
    let state = 1
    let at = start
    let tokenEnd = start
    let seen = 0
    while (at < windowEnd) {
      let codePoint = text.charCodeAt(at)
      let units = 1
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
        codePoint = text.codePointAt(at)!
        if (codePoint > 0xffff) units = 2
        if (at + units > windowEnd) break
      }
      state = next[state * 32 + classes[codePoint]!]!
      if (state === 0) break
      seen |= codePoint
      at += units
      if (accepts[state] === 1) tokenEnd = at
    }
    if (tokenEnd > start) {
      visit(start, tokenEnd, seen < 0x80)
      start = tokenEnd
    } else {
      start = skipVain(text, start, state !== 0 && at < text.length, breaks)
    }
  }
}

/**
 * Where to look on after an attempt at `start` found no token.
 *
 * @param isCut - Whether it ended because a token may not be longer, so that later attempts may see more.
 */
function skipVain(text: string, start: number, isCut: boolean, { classes, runClasses }: WordBreaks): number {
  const first = text.codePointAt(start)!
  const after = start + (first > 0xffff ? 2 : 1)
  const goingOn = runClasses[classes[first]!]!
  if (goingOn === 0) return after
  let end = after
  while (end < text.length && (goingOn >>> classes[text.charCodeAt(end)]!) & 1) end++
  return isCut ? Math.max(after, end - (MAX_TOKEN_LENGTH - 1)) : end
}

function lowerToken(text: string, start: number, end: number, isAscii: boolean): string {
  const token = text.slice(start, end)
  if (isAscii) return token.toLowerCase()
  let lower = ''
  for (const character of token) lower += String.fromCodePoint(toLowerCodePoint(character.codePointAt(0)!))
  return lower
}
