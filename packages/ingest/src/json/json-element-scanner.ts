const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const LINE_FEED = 0x0a

/** 1 for the bytes that change the scanner's state outside of strings. */
const SPECIAL = new Uint8Array(256)
for (const byte of [QUOTE, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET]) SPECIAL[byte] = 1
/** 1 for the bytes that change it inside of strings; a raw line end ends the string, since JSON has none there. */
const STRING_SPECIAL = new Uint8Array(256)
for (const byte of [QUOTE, BACKSLASH, LINE_FEED]) STRING_SPECIAL[byte] = 1

/**
 * Finds where one JSON object or array ends, by brackets and strings alone, in text that may arrive in pieces and may be
 * broken.
 *
 * Where a text cannot go on as JSON and a line begins with `{`, the element is taken to be broken off and to end before
 * that line: one damaged document costs only itself.
 */
export class JsonElementScanner {
  /** For each open bracket, whether it is a brace. */
  #isBrace: boolean[] = []
  #isInString = false
  #isEscaped = false

  /** Forgets everything: the next byte scanned opens an element. */
  reset(): void {
    this.#isBrace = []
    this.#isInString = false
    this.#isEscaped = false
  }

  /**
   * Goes on scanning.
   *
   * @param bytes - The element's bytes from its opening bracket on are all in it, at `elementStart`.
   * @param from - The first byte not scanned yet.
   * @returns Where the element ends (exclusive), or -1 when it goes on beyond `end`.
   */
  scan(bytes: Uint8Array, elementStart: number, from: number, end: number): number {
    let at = from
    while (at < end) {
      if (this.#isInString) {
        at = this.#scanString(bytes, at, end)
        continue
      }
      while (at < end && SPECIAL[bytes[at]!] === 0) at++
      if (at >= end) break
      switch (bytes[at]) {
        case QUOTE:
          this.#isInString = true
          break
        case OPEN_BRACE:
          if (at > elementStart && this.#isNewElement(bytes, elementStart, at)) return at
          this.#isBrace.push(true)
          break
        case OPEN_BRACKET:
          this.#isBrace.push(false)
          break
        default:
          this.#isBrace.pop()
          if (this.#isBrace.length === 0) return at + 1
      }
      at++
    }
    return -1
  }

  #scanString(bytes: Uint8Array, from: number, end: number): number {
    let at = from
    if (this.#isEscaped) {
      this.#isEscaped = false
      at++
    }
    while (at < end) {
      while (at < end && STRING_SPECIAL[bytes[at]!] === 0) at++
      if (at >= end) return at
      const byte = bytes[at++]
      if (byte !== BACKSLASH) {
        this.#isInString = false
        return at
      }
      if (at >= end) {
        this.#isEscaped = true
        return at
      }
      at++
    }
    return at
  }

  /** Whether a brace stands first in its line and where no value may stand. */
  #isNewElement(bytes: Uint8Array, elementStart: number, brace: number): boolean {
    let at = brace - 1
    let isFirstInLine = false
    while (at > elementStart && bytes[at]! <= 0x20) {
      if (bytes[at] === LINE_FEED) isFirstInLine = true
      at--
    }
    if (!isFirstInLine) return false
    const before = bytes[at]
    const isInObject = this.#isBrace.at(-1) === true
    return isInObject ? before !== COLON : before !== COMMA && before !== OPEN_BRACKET
  }
}
