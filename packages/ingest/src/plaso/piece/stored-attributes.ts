import { Buffer } from 'node:buffer'
import { MAX_REMEMBERED_NAME_LENGTH, MAX_VALUE_DEPTH } from '../limits.ts'
import { type Attributes, isTypeName, parseValue, type Value } from './container-value.ts'
import type { RowText } from './row-text.ts'

/** What stands as an attribute's value. */
export const STORED = {
  /** A text without escapes. */
  plainText: 1,
  /** A text with escapes that is JSON just as it stands. */
  text: 2,
  /** A text in which characters are spelled otherwise than we do. */
  spelledText: 3,
  /** A whole number of so few digits that it is JSON just as it stands. */
  integer: 4,
  /** True or false. */
  boolean: 5,
  /** A list, an object or something that Plaso wraps into one. */
  nested: 6,
  /** A time, which no event shows. */
  time: 7,
} as const

/** One of the values of `STORED`; 0 for what is null, or no attribute. */
type StoredKind = (typeof STORED)[keyof typeof STORED] | 0

/** An attribute that has been met, with its place in the text at hand. */
export class StoredMember {
  readonly name: string
  /** The name with its closing quote. */
  readonly spelling: Uint8Array
  /** What followed it last. */
  next: StoredMember | undefined
  /** Number of the text that had it last. */
  text = 0
  kind: StoredKind = 0
  /** Whether it is a text with line breaks, spelled as escapes. */
  hasBreaks = false
  /** Where its value stands; `end` is exclusive. */
  start = 0
  end = 0
  value: Value | undefined
  /** What a document has in front of its value; empty where it is not shown, undefined before the first document. */
  shown: Uint8Array | undefined

  constructor(name: string, spelling: Uint8Array) {
    this.name = name
    this.spelling = spelling
  }
}

/** Attributes that are remembered; beyond it they begin anew. */
const MAX_REMEMBERED_NAMES = 20_000
const NO_BYTES = Buffer.alloc(0)
/** Digits that a double always holds exactly. */
const EXACT_DIGITS = 15
const TYPE_NAME = toBytes('__type__"')
const TIME_TYPE = toBytes('"DateTimeValues"')

/**
 * Attributes of event data as they stand in their JSON text, from which a value is made only when somebody asks for it: most are
 * copied to where they are shown.
 *
 * Reads what Plaso writes: ASCII, each name once and none very long, no floats. All else is left to `parseAttributes`, which makes the same of it.
 */
export class StoredAttributes implements Attributes {
  /** Those of the text at hand in its order, those that are null among them: as many as `count`, and old ones behind. */
  readonly members: StoredMember[] = []
  count = 0
  #bytes: Buffer = NO_BYTES
  #view: DataView = new DataView(NO_BYTES.buffer)
  #known = new Map<string, StoredMember>()
  #first: StoredMember | undefined
  #text = 0
  /** Where the object at hand says what it is; -1 where it says so several times. */
  #typeStart = 0
  /** What has come to notice of the string behind which `#skipString` stopped. */
  #isSpelled = false
  #isEscaped = false
  #hasBreaks = false

  /** Takes the buffer that holds the next texts. */
  enter(bytes: Buffer): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /**
   * Looks at a text.
   *
   * @returns False where it is none of those that are read here.
   */
  read(start: number, end: number): boolean {
    this.count = 0
    this.#text++
    if (this.#known.size > MAX_REMEMBERED_NAMES) {
      this.#known = new Map()
      this.#first = undefined
    }
    const after = this.#readMembers(start, end)
    return after >= 0 && this.#skipSpace(after) >= end && after <= end
  }

  get(name: string): Value | undefined {
    const member = this.find(name)
    if (member === undefined) return undefined
    member.value ??= this.valueOf(member)
    return member.value
  }

  has(name: string): boolean {
    return this.find(name) !== undefined
  }

  /** The attribute of a name, unless it is null. */
  find(name: string): StoredMember | undefined {
    const member = this.#known.get(name)
    return member !== undefined && member.text === this.#text && member.kind !== 0 ? member : undefined
  }

  *[Symbol.iterator](): Generator<readonly [string, Value]> {
    for (let i = 0; i < this.count; i++) {
      const member = this.members[i]!
      if (member.kind !== 0) yield [member.name, this.get(member.name)!]
    }
  }

  /** Adds the value of an attribute to a row, as it stands. */
  copyValue({ start, end }: StoredMember, text: RowText): void {
    text.putPart(this.#bytes, start, end)
  }

  /** As `copyValue`, a text without its quotes. */
  copyBody({ start, end }: StoredMember, text: RowText): void {
    text.putPart(this.#bytes, start + 1, end - 1)
  }

  /** Makes the value of an attribute that is not null. */
  valueOf({ kind, start, end }: StoredMember): Value {
    const bytes = this.#bytes
    switch (kind) {
      case STORED.plainText:
        return bytes.toString('latin1', start + 1, end - 1)
      case STORED.integer:
        return Number(bytes.toString('latin1', start, end))
      case STORED.boolean:
        return end - start === 4
      default:
        return parseValue(bytes.toString('latin1', start, end))
    }
  }

  #readMembers(start: number, end: number): number {
    const bytes = this.#bytes
    let at = this.#skipSpace(start)
    if (bytes[at] !== OPEN_BRACE) return -1
    at = this.#skipSpace(at + 1)
    if (bytes[at] === CLOSE_BRACE) return at + 1
    let previous: StoredMember | undefined
    let expected = this.#first
    for (;;) {
      if (bytes[at] !== QUOTE) return -1
      let member = expected
      if (member === undefined || !this.#stands(member.spelling, at + 1)) {
        member = this.#findMember(at + 1)
        if (member === undefined) return -1
        if (previous === undefined) this.#first = member
        else previous.next = member
      }
      if (member.text === this.#text) return -1
      member.text = this.#text
      at += member.spelling.length + 1
      if (bytes[at] !== COLON) {
        at = this.#skipSpace(at)
        if (bytes[at] !== COLON) return -1
      }
      at = this.#skipSpace(at + 1)
      member.start = at
      member.value = undefined
      at = this.#readValue(member, at)
      if (at < 0 || at >= end) return -1
      if (isTypeName(member.name)) member.kind = 0
      member.end = at
      this.members[this.count++] = member
      at = this.#skipSpace(at)
      if (bytes[at] === CLOSE_BRACE) return at + 1
      if (bytes[at] !== COMMA) return -1
      at = this.#skipSpace(at + 1)
      previous = member
      expected = member.next
    }
  }

  #stands(wanted: Uint8Array, start: number): boolean {
    const bytes = this.#bytes
    for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false
    return true
  }

  /** The attribute whose name begins at `start`; undefined for names that are spelled oddly or very long, and for numbers, which come first. */
  #findMember(start: number): StoredMember | undefined {
    const bytes = this.#bytes
    let at = start
    while (PLAIN[bytes[at]!] === 1) at++
    if (bytes[at] !== QUOTE || (bytes[start]! >= ZERO && bytes[start]! <= NINE)) return undefined
    if (at - start > MAX_REMEMBERED_NAME_LENGTH) return undefined
    const name = bytes.toString('latin1', start, at)
    let member = this.#known.get(name)
    if (member === undefined) {
      if (name === '__proto__') return undefined
      member = new StoredMember(name, new Uint8Array(bytes.subarray(start, at + 1)))
      this.#known.set(name, member)
    }
    return member
  }

  /** @returns Where the value ended; -1 for what is not read here. */
  #readValue(member: StoredMember, start: number): number {
    const byte = this.#bytes[start]!
    if (byte === QUOTE) {
      const end = this.#skipString(start + 1)
      member.hasBreaks = this.#hasBreaks
      member.kind = this.#isSpelled ? STORED.spelledText : this.#isEscaped ? STORED.text : STORED.plainText
      return end
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#typeStart = 0
      const end = this.#skipNested(start, 0)
      member.kind =
        this.#typeStart > 0 && this.#stands(TIME_TYPE, this.#typeStart) ? STORED.time : STORED.nested
      return end
    }
    member.kind =
      byte === LOWER_N ? 0 : byte === LOWER_T || byte === LOWER_F ? STORED.boolean : STORED.integer
    return this.#skipScalar(start, byte)
  }

  #skipNested(start: number, depth: number): number {
    if (depth >= MAX_VALUE_DEPTH) return -1
    const bytes = this.#bytes
    const isObject = bytes[start] === OPEN_BRACE
    const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET
    let at = this.#skipSpace(start + 1)
    if (bytes[at] === close) return at + 1
    for (;;) {
      if (isObject) {
        if (bytes[at] !== QUOTE) return -1
        const isType = depth === 0 && this.#stands(TYPE_NAME, at + 1)
        const end = this.#skipString(at + 1)
        if (end < 0 || this.#isSpelled) return -1
        at = this.#skipSpace(end)
        if (bytes[at] !== COLON) return -1
        at = this.#skipSpace(at + 1)
        if (isType) this.#typeStart = this.#typeStart === 0 ? at : -1
      }
      const byte = bytes[at]!
      if (byte === QUOTE) at = this.#skipString(at + 1)
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) at = this.#skipNested(at, depth + 1)
      else at = this.#skipScalar(at, byte)
      if (at < 0) return -1
      at = this.#skipSpace(at)
      if (bytes[at] === close) return at + 1
      if (bytes[at] !== COMMA) return -1
      at = this.#skipSpace(at + 1)
    }
  }

  /** Goes from behind a string's opening quote to behind its closing one. */
  #skipString(start: number): number {
    const bytes = this.#bytes
    const view = this.#view
    const lastWord = bytes.length - 4
    this.#isSpelled = false
    this.#isEscaped = false
    this.#hasBreaks = false
    let at = start
    for (;;) {
      // Four bytes at a time while none of them is a quote, a backslash, a control character or none of ASCII.
      for (; at <= lastWord; at += 4) {
        const word = view.getInt32(at, true)
        const quotes = word ^ 0x22222222
        const slashes = word ^ 0x5c5c5c5c
        const found =
          ((quotes - 0x01010101) & ~quotes) |
          ((slashes - 0x01010101) & ~slashes) |
          ((word - 0x20202020) & ~word) |
          word
        if ((found & 0x80808080) !== 0) break
      }
      while (PLAIN[bytes[at]!] === 1) at++
      if (bytes[at] === QUOTE) return at + 1
      if (bytes[at] !== BACKSLASH) return -1
      this.#isEscaped = true
      const code = bytes[at + 1]!
      if (code === LOWER_U) {
        for (let i = at + 2; i < at + 6; i++) if (HEX[bytes[i]!] !== 1) return -1
        this.#isSpelled = true
        at += 6
      } else if (ESCAPES[code] === 1) {
        if (code === SLASH) this.#isSpelled = true
        else if (code === LOWER_N || code === LOWER_R) this.#hasBreaks = true
        at += 2
      } else return -1
    }
  }

  #skipScalar(start: number, byte: number): number {
    if (byte === LOWER_N) return this.#skipWord(start, 'null')
    if (byte === LOWER_T) return this.#skipWord(start, 'true')
    if (byte === LOWER_F) return this.#skipWord(start, 'false')
    const bytes = this.#bytes
    const first = byte === MINUS ? start + 1 : start
    let at = first
    while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at++
    const digits = at - first
    const hasOddZero = bytes[first] === ZERO && (digits > 1 || byte === MINUS)
    if (digits === 0 || digits > EXACT_DIGITS || hasOddZero) return -1
    return bytes[at] === DOT || (bytes[at]! | 0x20) === LOWER_E ? -1 : at
  }

  #skipWord(start: number, word: string): number {
    for (let i = 0; i < word.length; i++) if (this.#bytes[start + i] !== word.charCodeAt(i)) return -1
    return start + word.length
  }

  #skipSpace(start: number): number {
    const bytes = this.#bytes
    let at = start
    while (bytes[at] === SPACE || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
    return at
  }
}

function toBytes(ascii: string): Uint8Array {
  return Uint8Array.from(ascii, (char) => char.charCodeAt(0))
}

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const SLASH = 0x2f
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const LOWER_E = 0x65
const LOWER_F = 0x66
const LOWER_N = 0x6e
const LOWER_R = 0x72
const LOWER_T = 0x74
const LOWER_U = 0x75
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** 1 for bytes of ASCII that stand for themselves in a JSON string. */
const PLAIN = new Uint8Array(256)
for (let byte = SPACE; byte <= 0x7f; byte++) PLAIN[byte] = byte === QUOTE || byte === BACKSLASH ? 0 : 1
/** 1 for what may follow a backslash, but for `u`. */
const ESCAPES = new Uint8Array(256)
for (const char of '"\\/bfnrt') ESCAPES[char.charCodeAt(0)] = 1
const HEX = new Uint8Array(256)
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1
