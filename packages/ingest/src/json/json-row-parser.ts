import type { BatchBuilder } from '../batch/batch-builder.ts'
import { MAX_DEPTH } from '../batch/limits.ts'
import { COPY_SLACK, type TextKernel } from '../batch/text-kernel.ts'
import type { IntegerColumn, StringColumn } from '../batch/value-columns.ts'
import { describeByte, JsonSyntaxError } from './json-syntax-error.ts'
import { KeyNode, ObjectNode } from './key-node.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** Names the parser remembers; beyond it the caller should begin with a new one (`isCrowded`). */
const MAX_REMEMBERED_NAMES = 50_000
const STRING_GOES_ON = 'an escape in place of a control character, or the closing quote'
/** Digits that a double always holds exactly. */
const EXACT_DIGITS = 15
const TWO_TO_32 = 4_294_967_296

/** 1 for bytes that stand for themselves in a JSON string. */
const PLAIN = new Uint8Array(256)
for (let byte = 0x20; byte < 256; byte++) PLAIN[byte] = byte === QUOTE || byte === BACKSLASH ? 0 : 1
/** What a byte after a backslash stands for; 0 for `u` and for what is no escape. */
const ESCAPED = new Uint8Array(256)
for (const [name, value] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  ESCAPED[name!.charCodeAt(0)] = value!.charCodeAt(0)
}

/**
 * Reads JSON objects (RFC 8259, as strictly as `JSON.parse`) straight from bytes into the columns of a builder, without
 * making JavaScript values.
 *
 * A name that occurs twice in one object gives entries for both values, so that neither can hide the other.
 * Objects and arrays deeper than `MAX_DEPTH` are checked but get no columns.
 */
export class JsonRowParser {
  readonly #builder: BatchBuilder
  readonly #root = new ObjectNode('')
  readonly #hashSeed: number = (Math.random() * TWO_TO_32) | 0
  readonly #kernel: TextKernel | undefined
  /** The row's bytes are in the kernel's memory. */
  #isInKernel = false
  #nameCount = 0
  #bytes: Buffer = Buffer.alloc(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #start = 0
  #end = 0
  /** Where the last name or escape ended; beside the return value of the method that found it. */
  #after = 0

  /** @param builder - Takes the values, under its current row number. */
  constructor(builder: BatchBuilder) {
    this.#builder = builder
    this.#kernel = builder.kernel
  }

  /** True when so many different names have been seen that a new parser should take over. */
  get isCrowded(): boolean {
    return this.#nameCount > MAX_REMEMBERED_NAMES
  }

  /**
   * Reads one object.
   *
   * @param bytes - Valid UTF-8 in which the object begins at `start`, at its brace.
   * @param end - The row ends before this byte.
   * @returns Where the object ended (exclusive). The caller looks at what follows.
   * @throws {JsonSyntaxError} When it is not JSON; values written so far have to be dropped by the caller.
   */
  parseObject(bytes: Buffer, start: number, end: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      this.#isInKernel = this.#kernel !== undefined && bytes.buffer === this.#kernel.bytes.buffer
    }
    this.#start = start
    this.#end = end
    if (bytes[start] !== OPEN_BRACE) this.#fail(start, "'{'")
    const after = this.#parseMembers(this.#root, start + 1, 1)
    if (after > end) this.#fail(end, "'}'")
    return after
  }

  #parseMembers(node: ObjectNode, start: number, depth: number): number {
    const bytes = this.#bytes
    const view = this.#view
    const lastWord = bytes.length - 4
    let at = start
    if (bytes[at]! <= SPACE) at = this.#skipSpace(at)
    if (bytes[at] === CLOSE_BRACE) return at + 1
    let previous: KeyNode | undefined
    let expected = node.first
    for (;;) {
      if (bytes[at] !== QUOTE) this.#fail(at, 'a name in double quotes')
      at++
      let key: KeyNode | undefined
      if (expected !== undefined) {
        const { words, lastMask } = expected
        const last = words.length - 1
        if (at + last * 4 <= lastWord) {
          let i = 0
          while (i < last && view.getInt32(at + i * 4, true) === words[i]) i++
          if (i === last && ((view.getInt32(at + i * 4, true) ^ words[i]!) & lastMask) === 0) {
            key = expected
            at += expected.spelling.length + 1
          }
        }
      }
      if (key === undefined) {
        key = this.#findKey(node, at)
        at = this.#after
        if (previous === undefined) node.first = key
        else previous.next = key
      }
      let byte = bytes[at]!
      if (byte !== COLON) {
        at = this.#skipSpace(at)
        if (bytes[at] !== COLON) this.#fail(at, "':'")
      }
      at++
      byte = bytes[at]!
      if (byte <= SPACE) {
        at = this.#skipSpace(at)
        byte = bytes[at]!
      }
      at = byte === QUOTE ? this.#parseString(key, at + 1) : this.#parseValue(key, at, byte, depth)
      byte = bytes[at]!
      if (byte <= SPACE) {
        at = this.#skipSpace(at)
        byte = bytes[at]!
      }
      if (byte === CLOSE_BRACE) return at + 1
      if (byte !== COMMA) this.#fail(at, "',' or '}'")
      at++
      if (bytes[at]! <= SPACE) at = this.#skipSpace(at)
      previous = key
      expected = key.next
    }
  }

  #parseElements(key: KeyNode, start: number, depth: number): number {
    const bytes = this.#bytes
    let at = this.#skipSpace(start)
    if (bytes[at] === CLOSE_BRACKET) return at + 1
    for (;;) {
      const byte = bytes[at]!
      at = byte === QUOTE ? this.#parseString(key, at + 1) : this.#parseValue(key, at, byte, depth)
      at = this.#skipSpace(at)
      if (bytes[at] === CLOSE_BRACKET) return at + 1
      if (bytes[at] !== COMMA) this.#fail(at, "',' or ']'")
      at = this.#skipSpace(at + 1)
    }
  }

  #parseValue(key: KeyNode, at: number, byte: number, depth: number): number {
    switch (byte) {
      case OPEN_BRACE:
        if (depth >= MAX_DEPTH) return this.#passOver(at)
        key.object ??= new ObjectNode(key.path + '.')
        return this.#parseMembers(key.object, at + 1, depth + 1)
      case OPEN_BRACKET:
        if (depth >= MAX_DEPTH) return this.#passOver(at)
        return this.#parseElements(key, at + 1, depth + 1)
      case 0x74:
        this.#expectWord(at, 'true')
        key.booleans ??= this.#builder.booleanColumn(key.path)
        key.booleans.append(this.#builder.row, 1)
        return at + 4
      case 0x66:
        this.#expectWord(at, 'false')
        key.booleans ??= this.#builder.booleanColumn(key.path)
        key.booleans.append(this.#builder.row, 0)
        return at + 5
      case 0x6e:
        this.#expectWord(at, 'null')
        return at + 4
      default:
        if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return this.#parseNumber(key, at)
        return this.#fail(at, 'a value')
    }
  }

  /** Reads a string from behind its opening quote. */
  #parseString(key: KeyNode, start: number): number {
    key.strings ??= this.#builder.stringColumn(key.path)
    const column: StringColumn = key.strings
    if (this.#isInKernel && column.isInKernel) return this.#copyString(column, start)
    return this.#writeString(column, start)
  }

  /** The string's text, written by JavaScript, wherever row and column are. */
  #writeString(column: StringColumn, start: number): number {
    const bytes = this.#bytes
    if (column.capacity - column.offsets[column.count]! < this.#end - start + 4) {
      column.reserve(this.#measureString(start) + 4)
    }
    const target = column.bytes
    let to = column.base + column.offsets[column.count]!
    let at = start
    const view = this.#view
    const targetView = column.view
    const lastWord = this.#end - 4
    for (;;) {
      // Four bytes at a time while none of them is a quote, a backslash or a control character.
      while (at <= lastWord) {
        const word = view.getInt32(at, true)
        const quotes = word ^ 0x22222222
        const slashes = word ^ 0x5c5c5c5c
        const found =
          ((quotes - 0x01010101) & ~quotes) |
          ((slashes - 0x01010101) & ~slashes) |
          ((word - 0x20202020) & ~word)
        if ((found & 0x80808080) !== 0) break
        targetView.setInt32(to, word, true)
        to += 4
        at += 4
      }
      let byte = bytes[at++]!
      while (PLAIN[byte] === 1) {
        target[to++] = byte
        byte = bytes[at++]!
      }
      if (byte === QUOTE) break
      if (byte !== BACKSLASH) this.#fail(at - 1, STRING_GOES_ON)
      const escaped = ESCAPED[bytes[at]!]!
      if (escaped > 0) {
        target[to++] = escaped
        at++
      } else {
        to = this.#writeUnicodeEscape(target, to, at)
        at = this.#after
      }
    }
    column.close(this.#builder.row, to)
    return at
  }

  /** As `#parseString`, where both the row and the column are in the kernel's memory. */
  #copyString(column: StringColumn, start: number): number {
    if (column.capacity - column.offsets[column.count]! < this.#end - start + COPY_SLACK) {
      column.reserve(this.#measureString(start) + COPY_SLACK)
      if (!column.isInKernel) return this.#writeString(column, start)
    }
    const kernel = this.#kernel!
    const { byteOffset } = this.#bytes
    const limit = this.#end + byteOffset
    let to = column.base + column.offsets[column.count]!
    let from = start + byteOffset
    for (;;) {
      from = kernel.copyString(from, to, limit)
      to = kernel.words[0]!
      const byte = kernel.bytes[from]
      const at = from - byteOffset
      if (byte === QUOTE && from < limit) break
      if (byte !== BACKSLASH || from >= limit) this.#fail(at, STRING_GOES_ON)
      to = this.#writeUnicodeEscape(kernel.bytes, to, at + 1)
      from = this.#after + byteOffset
    }
    column.close(this.#builder.row, to)
    return from - byteOffset + 1
  }

  /** Bytes up to the string's closing quote: no less than its text will need. */
  #measureString(start: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let at = start
    while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
    return at - start + 1
  }

  /** Writes the character of a `\u` escape whose `u` stands at `at`; a lone surrogate becomes U+FFFD. */
  #writeUnicodeEscape(target: Uint8Array, start: number, at: number): number {
    const bytes = this.#bytes
    if (bytes[at] !== 0x75) this.#fail(at, 'one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u')
    let code = this.#readHex(at + 1)
    let after = at + 5
    if (code >= 0xd800 && code <= 0xdfff) {
      let low = 0
      if (code < 0xdc00 && bytes[after] === BACKSLASH && bytes[after + 1] === 0x75)
        low = this.#readHex(after + 2)
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        after += 6
      } else code = 0xfffd
    }
    this.#after = after
    let to = start
    if (code < 0x80) target[to++] = code
    else if (code < 0x800) {
      target[to++] = 0xc0 | (code >> 6)
      target[to++] = 0x80 | (code & 0x3f)
    } else if (code < 0x10000) {
      target[to++] = 0xe0 | (code >> 12)
      target[to++] = 0x80 | ((code >> 6) & 0x3f)
      target[to++] = 0x80 | (code & 0x3f)
    } else {
      target[to++] = 0xf0 | (code >> 18)
      target[to++] = 0x80 | ((code >> 12) & 0x3f)
      target[to++] = 0x80 | ((code >> 6) & 0x3f)
      target[to++] = 0x80 | (code & 0x3f)
    }
    return to
  }

  #readHex(at: number): number {
    let code = 0
    for (let i = at; i < at + 4; i++) {
      const byte = this.#bytes[i]!
      const lower = byte | 0x20
      if (byte >= ZERO && byte <= NINE) code = code * 16 + byte - ZERO
      else if (lower >= 0x61 && lower <= 0x66) code = code * 16 + lower - 0x57
      else this.#fail(i, 'a hexadecimal digit')
    }
    return code
  }

  #parseNumber(key: KeyNode, start: number): number {
    const bytes = this.#bytes
    const isNegative = bytes[start] === MINUS
    const first = isNegative ? start + 1 : start
    let at = first
    let value = 0
    let byte = bytes[at]!
    if (byte === ZERO) byte = bytes[++at]!
    else if (byte > ZERO && byte <= NINE) {
      do {
        value = value * 10 + (byte - ZERO)
        byte = bytes[++at]!
      } while (byte >= ZERO && byte <= NINE)
    } else this.#fail(at, 'a digit')
    if (byte === DOT || (byte | 0x20) === 0x65) return this.#parseReal(key, start, at)
    key.integers ??= this.#builder.integerColumn(key.path)
    if (at - first <= EXACT_DIGITS) {
      if (isNegative) value = -value
      key.integers.append(this.#builder.row, value >>> 0, Math.floor(value / TWO_TO_32) >>> 0)
    } else if (at - first > 19 || !this.#appendLong(key.integers, first, at, isNegative)) {
      this.#appendReal(key, start, at)
    }
    return at
  }

  /** Appends an integer of 16 to 19 digits unless it needs more than 64 bits. */
  #appendLong(column: IntegerColumn, first: number, end: number, isNegative: boolean): boolean {
    const bytes = this.#bytes
    let low = 0
    let high = 0
    for (let at = first; at < end; at++) {
      low = low * 10 + (bytes[at]! - ZERO)
      const carry = Math.floor(low / TWO_TO_32)
      low -= carry * TWO_TO_32
      high = high * 10 + carry
    }
    const isSmallest = isNegative && high === 0x80000000 && low === 0
    if (high >= 0x80000000 && !isSmallest) return false
    if (isNegative) {
      low = -low >>> 0
      high = (low === 0 ? -high : -high - 1) >>> 0
    }
    column.append(this.#builder.row, low, high)
    return true
  }

  /** Reads a number with a fraction or exponent, which begins at `start` and whose integer part ends before `at`. */
  #parseReal(key: KeyNode, start: number, at: number): number {
    const bytes = this.#bytes
    let end = at
    if (bytes[end] === DOT) end = this.#skipDigits(end + 1)
    if ((bytes[end]! | 0x20) === 0x65) {
      end++
      if (bytes[end] === MINUS || bytes[end] === 0x2b) end++
      end = this.#skipDigits(end)
    }
    this.#appendReal(key, start, end)
    return end
  }

  #appendReal(key: KeyNode, start: number, end: number): void {
    key.reals ??= this.#builder.realColumn(key.path)
    key.reals.append(this.#builder.row, Number(this.#bytes.toString('latin1', start, end)))
  }

  #skipDigits(start: number): number {
    const bytes = this.#bytes
    let at = start
    while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at++
    if (at === start) this.#fail(at, 'a digit')
    return at
  }

  #expectWord(at: number, word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.#bytes[at + i] !== word.charCodeAt(i)) this.#fail(at + i, `'${word}'`)
    }
  }

  #skipSpace(start: number): number {
    const bytes = this.#bytes
    let at = start
    while (bytes[at] === SPACE || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
    return at
  }

  /** The key whose name begins at `start`, behind its quote. Leaves in `#after` where the name's closing quote ended. */
  #findKey(node: ObjectNode, start: number): KeyNode {
    const bytes = this.#bytes
    const end = this.#end
    let hash = this.#hashSeed
    let at = start
    let isAscii = true
    let hasEscape = false
    for (;;) {
      const byte = bytes[at]!
      if (at >= end) this.#fail(at, 'the closing quote of a name')
      if (byte === QUOTE) break
      hash = Math.imul(hash ^ byte, 0x01000193)
      if (byte === BACKSLASH) {
        hasEscape = true
        hash = Math.imul(hash ^ (bytes[++at] ?? 0), 0x01000193)
      } else if (PLAIN[byte] === 0) this.#fail(at, 'an escape in place of a control character')
      if (byte >= 0x80) isAscii = false
      at++
    }
    hash ^= hash >>> 15
    this.#after = at + 1
    const known = node.find(bytes, start, at, hash)
    if (known) return known
    const text = isAscii ? bytes.toString('latin1', start, at) : bytes.toString('utf8', start, at)
    const name = hasEscape ? this.#decodeName(text, start) : text
    const key = new KeyNode(new Uint8Array(bytes.subarray(start, at)), hash, node.prefix + name)
    node.add(key)
    this.#nameCount++
    return key
  }

  #decodeName(text: string, start: number): string {
    try {
      return String(JSON.parse(`"${text}"`)).toWellFormed()
    } catch {
      return this.#fail(start, 'a name with proper escapes')
    }
  }

  /** Checks an object or array that is too deep for columns. */
  #passOver(start: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let depth = 0
    let at = start
    do {
      if (at >= end) this.#fail(at, 'the end of an object or array')
      const byte = bytes[at]!
      if (byte === QUOTE) at += this.#measureString(at + 1)
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
      at++
    } while (depth > 0)
    try {
      JSON.parse(bytes.toString('latin1', start, at))
    } catch {
      this.#fail(start, 'a well-formed object or array')
    }
    return at
  }

  #fail(at: number, expected: string): never {
    throw new JsonSyntaxError(
      Math.min(at, this.#end) - this.#start,
      expected,
      describeByte(this.#bytes, at, this.#end),
    )
  }
}
