const EMPTY = new Uint8Array(0)

// Bytes that part the pieces of times.

/** Between date and clock, and around names. */
export const SPACE = 0x20
/** Before an offset from UTC. */
export const PLUS = 0x2b
/** Before a fraction, and behind a weekday. */
export const COMMA = 0x2c
/** Between the parts of a date, and before an offset from UTC. */
export const MINUS = 0x2d
/** Between the parts of a date, day first, and before a fraction. */
export const POINT = 0x2e
/** Between the parts of a date, in an order that must be found out. */
export const SLASH = 0x2f
/** Between the parts of a clock time. */
export const COLON = 0x3a

/** A place in the text of one time, from which pieces are taken. One object serves all texts of a column. */
export class TextCursor {
  /** The text alone, so that looking one byte too far finds nothing. */
  bytes: Uint8Array = EMPTY
  at = 0
  end = 0
  /** The number that `takeNumber` took, and how many digits it had. */
  value = 0
  digits = 0
  /** Why the text is no time; empty so far. */
  problem = ''

  /** Begins with another text, of which nothing is copied: call `close` before its bytes change. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes.subarray(start, end)
    this.at = 0
    this.end = end - start
    this.problem = ''
    this.trim()
  }

  /** Lets the text go. */
  close(): void {
    this.bytes = EMPTY
  }

  /** Spaces around the text, and one pair of brackets or quotes. */
  trim(): void {
    const bytes = this.bytes
    for (let round = 0; round < 2; round++) {
      while (this.at < this.end && isSpace(bytes[this.at]!)) this.at++
      while (this.end > this.at && isSpace(bytes[this.end - 1]!)) this.end--
      const first = bytes[this.at]
      const last = bytes[this.end - 1]
      const isWrapped = (first === 0x5b && last === 0x5d) || (first === 0x22 && last === 0x22)
      if (!isWrapped || this.end - this.at < 2) return
      this.at++
      this.end--
    }
  }

  /** Takes up to so many digits into `value` and `digits`; false when there is none. */
  takeNumber(maxDigits: number): boolean {
    let value = 0
    let digits = 0
    while (digits < maxDigits && this.at < this.end && isDigit(this.bytes[this.at]!)) {
      value = value * 10 + this.bytes[this.at++]! - 0x30
      digits++
    }
    this.value = value
    this.digits = digits
    return digits > 0
  }

  /** The number that so many digits from a place on make; -1 when they are not digits. Takes nothing. */
  numberAt(at: number, digits: number): number {
    let value = 0
    for (let i = at; i < at + digits; i++) {
      if (i >= this.end || !isDigit(this.bytes[i]!)) return -1
      value = value * 10 + this.bytes[i]! - 0x30
    }
    return value
  }

  /** How many digits come next. Takes nothing. */
  countDigits(): number {
    let at = this.at
    while (at < this.end && isDigit(this.bytes[at]!)) at++
    return at - this.at
  }

  /** Takes ASCII letters, in lower case. */
  takeWord(): string {
    let word = ''
    while (this.at < this.end && isLetter(this.bytes[this.at]!)) {
      word += String.fromCharCode(this.bytes[this.at++]! | 0x20)
    }
    return word
  }

  /** Takes a zone abbreviation or IANA name. */
  takeZoneName(): string {
    let name = ''
    while (this.at < this.end && isZoneNameByte(this.bytes[this.at]!, name)) {
      name += String.fromCharCode(this.bytes[this.at++]!)
    }
    return name
  }

  /** Passes over `st`, `nd`, `rd`, `th`. */
  skipOrdinalEnding(): void {
    const pair = ((this.bytes[this.at] ?? 0) << 8) | (this.bytes[this.at + 1] ?? 0)
    if (pair === 0x7374 || pair === 0x6e64 || pair === 0x7264 || pair === 0x7468) this.at += 2
  }

  /** Passes over one byte if it is this one. */
  skip(byte: number): void {
    if (this.peek() === byte) this.at++
  }

  /** Spaces, tabs, and the no-break spaces that newer `Intl` puts before AM and PM (U+00A0, U+202F). */
  skipSpaces(): void {
    const bytes = this.bytes
    for (;;) {
      const byte = this.peek()
      if (isSpace(byte)) this.at++
      else if (byte === 0xc2 && bytes[this.at + 1] === 0xa0) this.at += 2
      else if (byte === 0xe2 && bytes[this.at + 1] === 0x80 && bytes[this.at + 2] === 0xaf) this.at += 3
      else return
    }
  }

  /** The next byte; -1 at the end. Takes nothing. */
  peek(): number {
    return this.at < this.end ? this.bytes[this.at]! : -1
  }

  /** False with a problem when anything but spaces is left. */
  expectEnd(): boolean {
    this.skipSpaces()
    return this.at >= this.end || this.fail('unexpected text after the time')
  }

  /** Notes why the text is no time; the first reason counts. */
  fail(problem: string): false {
    this.problem ||= problem
    return false
  }
}

/** Whether a byte is an ASCII digit; false for undefined and -1. */
export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Whether a byte is an ASCII letter; false for undefined and -1. */
export function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return byte > 0 && lower >= 0x61 && lower <= 0x7a
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === 0x09 || byte === 0x0a || byte === 0x0d
}

/** Letters, and inside of IANA names `/`, `_`, digits, `+` and `-` (`Etc/GMT+5`, `America/Port-au-Prince`). */
function isZoneNameByte(byte: number, before: string): boolean {
  if (isLetter(byte)) return true
  if (before === '') return false
  if (byte === SLASH || byte === 0x5f) return true
  return before.includes('/') && (isDigit(byte) || byte === PLUS || byte === MINUS)
}
