import { getWordBreaks, MAX_TOKEN_LENGTH, toLowerCodePoint, type WordBreaks } from './word-break.ts'

/** Bytes that the longest token may take: each UTF-16 unit at most three. */
export const MAX_TOKEN_BYTES: number = MAX_TOKEN_LENGTH * 3

const SEPARATOR = 0
const LETTER = 1
const DIGIT = 2
const UNDERSCORE = 3
const KEY_CAP_SIGN = 4
const BEYOND_ASCII = 5

const JOINS_LETTERS = 1
const JOINS_DIGITS = 2

const KINDS = new Uint8Array(256)
/** Lower case of ASCII letters, digits and underscore, 0 for every other byte. */
const LOWER = new Uint8Array(256)
const JOINS = new Uint8Array(256)
fillTables()

/**
 * Finds the tokens of UTF-8 text, the same as `tokenizeText` does in a string.
 *
 * @example
 * scanner.start(bytes, from, to)
 * for (let n = scanner.next(out, at); n > 0; n = scanner.next(out, at)) at += n
 */
export class TokenScanner {
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0

  /** Turns to the text in `bytes[start] … bytes[end - 1]`, which must not change until the last token is read. */
  start(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  /** Where the search for the next token begins. */
  get at(): number {
    return this.#at
  }

  /**
   * Writes the next token, in lower case, to `out` from `outAt` on.
   *
   * @param out - Needs `MAX_TOKEN_BYTES` bytes from `outAt` on.
   * @returns Bytes written, 0 when there is no token any more. Bytes behind them may have been overwritten too.
   */
  next(out: Uint8Array, outAt: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let at = this.#at
    while (at < end) {
      const kind = KINDS[bytes[at]!]!
      if (kind === SEPARATOR) {
        at++
        continue
      }
      if (kind === KEY_CAP_SIGN && (at + 1 === end || bytes[at + 1]! < 0x80)) {
        at++
        continue
      }
      let isSimple = kind === LETTER || kind === DIGIT
      if (kind === UNDERSCORE) {
        let runEnd = at + 1
        while (runEnd < end && bytes[runEnd] === 0x5f) runEnd++
        const after = runEnd < end ? KINDS[bytes[runEnd]!]! : SEPARATOR
        isSimple = after === LETTER || after === DIGIT
        if (!isSimple && after !== BEYOND_ASCII) {
          at = runEnd
          continue
        }
        at = Math.max(at, runEnd - (MAX_TOKEN_LENGTH - 1))
      }
      if (isSimple) {
        const tokenEnd = scanAscii(bytes, at, end, out, outAt)
        if (tokenEnd > 0) {
          this.#at = tokenEnd
          return tokenEnd - at
        }
      }
      const length = this.#scanAny(at, out, outAt)
      if (length > 0) return length
      at = this.#at
    }
    this.#at = end
    return 0
  }

  /** One attempt at a token at `at` by the automaton; moves on behind the token or what cannot begin one. */
  #scanAny(start: number, out: Uint8Array, outAt: number): number {
    const bytes = this.#bytes
    const end = this.#end
    const breaks = getWordBreaks()
    const { classes } = breaks
    const { next, accepts } = breaks.automaton
    let state = 1
    let at = start
    let units = 0
    let tokenEnd = start
    let outEnd = outAt
    let tokenOutEnd = outAt
    let isCut = false
    while (at < end) {
      const codePoint = decode(bytes, at, end)
      units += codePoint > 0xffff ? 2 : 1
      if (units > MAX_TOKEN_LENGTH) {
        isCut = true
        break
      }
      state = next[state * 32 + classes[codePoint]!]!
      if (state === 0) break
      at += utf8Length(codePoint, bytes[at]!)
      outEnd = encode(toLowerCodePoint(codePoint), out, outEnd)
      if (accepts[state] === 1) {
        tokenEnd = at
        tokenOutEnd = outEnd
      }
    }
    this.#at = tokenEnd > start ? tokenEnd : skipVain(bytes, start, end, isCut, breaks)
    return tokenOutEnd - outAt
  }
}

/** The end of the token of ASCII that begins at `start`, or 0 if characters beyond ASCII have a say in it. */
function scanAscii(bytes: Uint8Array, start: number, end: number, out: Uint8Array, outAt: number): number {
  const limit = Math.min(end, start + MAX_TOKEN_LENGTH)
  const shift = outAt - start
  let at = start
  for (;;) {
    let byte = 0
    while (at < limit) {
      byte = bytes[at]!
      const lower = LOWER[byte]!
      if (lower === 0) break
      out[at + shift] = lower
      at++
    }
    if (at === limit) return at
    if (byte >= 0x80) return 0
    const joins = JOINS[byte]!
    if (joins === 0 || at + 1 === limit) return at
    const after = KINDS[bytes[at + 1]!]!
    if (after === BEYOND_ASCII) return 0
    const before = KINDS[bytes[at - 1]!]!
    if (before !== after) return at
    if (
      !(after === LETTER && (joins & JOINS_LETTERS) !== 0) &&
      !(after === DIGIT && (joins & JOINS_DIGITS) !== 0)
    )
      return at
    out[at + shift] = byte
    at++
  }
}

/** Where to look on after an attempt that found no token; as in the tokenizer of strings. */
function skipVain(
  bytes: Uint8Array,
  start: number,
  end: number,
  isCut: boolean,
  { classes, runClasses }: WordBreaks,
): number {
  const first = decode(bytes, start, end)
  const after = Math.min(end, start + utf8Length(first, bytes[start]!))
  const goingOn = runClasses[classes[first]!]!
  if (goingOn === 0) return after
  let runEnd = after
  while (runEnd < end) {
    const codePoint = decode(bytes, runEnd, end)
    // Those beyond the BMP are two units; they end the run here as they do in the tokenizer of strings.
    if (codePoint > 0xffff || !((goingOn >>> classes[codePoint]!) & 1)) break
    runEnd += utf8Length(codePoint, bytes[runEnd]!)
  }
  if (!isCut) return runEnd
  let back = runEnd
  for (let units = 1; units < MAX_TOKEN_LENGTH && back > after; units++) {
    back--
    while (back > after && (bytes[back]! & 0xc0) === 0x80) back--
  }
  return back
}

/** The code point at `at`; U+FFFD for a byte that begins none. */
function decode(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return lead
  if (lead >= 0xc2 && lead < 0xe0 && at + 1 < end) return ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f)
  if (lead >= 0xe0 && lead < 0xf0 && at + 2 < end) {
    return ((lead & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f)
  }
  if (lead >= 0xf0 && lead < 0xf5 && at + 3 < end) {
    const high = ((lead & 0x07) << 18) | ((bytes[at + 1]! & 0x3f) << 12)
    return Math.min(0x10ffff, high | ((bytes[at + 2]! & 0x3f) << 6) | (bytes[at + 3]! & 0x3f))
  }
  return 0xfffd
}

/** Bytes that `decode` has read for this code point; a byte that begins none is one. */
function utf8Length(codePoint: number, lead: number): number {
  if (lead < 0x80) return 1
  if (codePoint === 0xfffd && lead !== 0xef) return 1
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

function encode(codePoint: number, out: Uint8Array, at: number): number {
  if (codePoint < 0x80) {
    out[at++] = codePoint
  } else if (codePoint < 0x800) {
    out[at++] = 0xc0 | (codePoint >>> 6)
    out[at++] = 0x80 | (codePoint & 0x3f)
  } else if (codePoint < 0x10000) {
    out[at++] = 0xe0 | (codePoint >>> 12)
    out[at++] = 0x80 | ((codePoint >>> 6) & 0x3f)
    out[at++] = 0x80 | (codePoint & 0x3f)
  } else {
    out[at++] = 0xf0 | (codePoint >>> 18)
    out[at++] = 0x80 | ((codePoint >>> 12) & 0x3f)
    out[at++] = 0x80 | ((codePoint >>> 6) & 0x3f)
    out[at++] = 0x80 | (codePoint & 0x3f)
  }
  return at
}

function fillTables(): void {
  KINDS.fill(BEYOND_ASCII, 0x80)
  for (const character of 'abcdefghijklmnopqrstuvwxyz') {
    const lower = character.charCodeAt(0)
    KINDS[lower] = KINDS[lower - 32] = LETTER
    LOWER[lower] = LOWER[lower - 32] = lower
  }
  for (let digit = 0x30; digit <= 0x39; digit++) {
    KINDS[digit] = DIGIT
    LOWER[digit] = digit
  }
  KINDS[0x5f] = UNDERSCORE
  LOWER[0x5f] = 0x5f
  for (const sign of '#*') KINDS[sign.charCodeAt(0)] = KEY_CAP_SIGN
  for (const sign of ".':") JOINS[sign.charCodeAt(0)]! |= JOINS_LETTERS
  for (const sign of ".',;") JOINS[sign.charCodeAt(0)]! |= JOINS_DIGITS
}
