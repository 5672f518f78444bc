import { Buffer } from 'node:buffer'
import type { Scalar } from '../binxml/decode-value.ts'
import { MAX_DIGITS, writeDecimal, writeGuid, writeHexNumber, writeSid } from '../binxml/value-digits.ts'
import { VALUE } from '../binxml/value-types.ts'
import { readU32 } from '../bytes.ts'
import { MAX_RECORD_TEXT_BYTES } from '../limits.ts'
import { RecordError } from '../record-error.ts'

const BACKSLASH = 0x5c
const QUOTE = 0x22
const LETTER_U = 0x75
const HEX = Buffer.from('0123456789abcdef')

/** For ASCII: 0 stands for itself, 1 is escaped by its number, others by this letter after a backslash. */
const ESCAPES = new Uint8Array(128)
ESCAPES.fill(1, 0, 0x20)
for (const pair of ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt'])
  ESCAPES[pair.charCodeAt(0)] = pair.charCodeAt(1)

/** Bytes up to which a loop is quicker than a call. */
const MAX_LOOP_BYTES = 96

/** Bytes that one UTF-16 unit becomes at most: `\u0001`. */
const MAX_UNIT_BYTES = 6

/**
 * Writes one JSON object after the other into memory that is its caller's, members with a comma in front. A text's lone surrogate
 * is written as an escape: JSON keeps it, UTF-8 could not.
 *
 * `at` is where the next byte goes; going back is setting it.
 */
export class JsonText {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly start: number
  at: number
  readonly #limit: number

  /** @param start - Where each object begins. `MAX_RECORD_TEXT_BYTES` behind it have to be there. */
  constructor(bytes: Uint8Array<ArrayBuffer>, start: number) {
    this.bytes = bytes
    this.start = start
    this.at = start
    this.#limit = start + MAX_RECORD_TEXT_BYTES
  }

  /** Begins a new object over the last one. */
  open(): void {
    this.at = this.start
  }

  /** Ends the object; `start` to `at` is its text. */
  close(): void {
    this.#reserve(2)
    if (this.at === this.start) this.at++
    this.bytes[this.start] = 0x7b
    this.bytes[this.at++] = 0x7d
  }

  /** Adds bytes as they are: a member's name with its comma and colon, or a whole member. */
  addBytes(source: Uint8Array): void {
    const { bytes, at } = this
    const size = source.length
    this.#reserve(size)
    if (size > MAX_LOOP_BYTES) bytes.set(source, at)
    else for (let i = 0; i < size; i++) bytes[at + i] = source[i]!
    this.at = at + size
  }

  /** Adds a part of the text again. */
  repeat(start: number, end: number): void {
    const { bytes, at } = this
    const size = end - start
    this.#reserve(size)
    if (size > MAX_LOOP_BYTES) bytes.copyWithin(at, start, end)
    else for (let i = 0; i < size; i++) bytes[at + i] = bytes[start + i]!
    this.at = at + size
  }

  /** Adds ASCII that needs no escapes. */
  addPlain(text: string): void {
    const { bytes } = this
    this.#reserve(text.length)
    let { at } = this
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i)
    this.at = at
  }

  /** Adds a whole number from 0 to 2^53. */
  addInteger(value: number): void {
    this.#reserve(MAX_DIGITS)
    this.at = writeDecimal(this.bytes, this.at, value)
  }

  /**
   * Adds a value of a chunk that Windows writes in digits, with quotes: a GUID, a SID or a hexadecimal number.
   *
   * @param sizeBytes - What a value of the type has.
   * @returns False, and nothing is added, for other types and for a SID that is none.
   */
  addDigits(type: number, source: Uint8Array, start: number, sizeBytes: number): boolean {
    this.#reserve(MAX_DIGITS)
    const { bytes, at } = this
    let end = at + 1
    if (type === VALUE.hex64)
      end = writeHexNumber(bytes, end, readU32(source, start), readU32(source, start + 4))
    else if (type === VALUE.hex32) end = writeHexNumber(bytes, end, readU32(source, start), 0)
    else if (type === VALUE.guid) end = writeGuid(bytes, end, source, start)
    else if (type === VALUE.sid) end = writeSid(bytes, end, source, start, sizeBytes)
    if (end === at + 1) return false
    bytes[at] = QUOTE
    bytes[end] = QUOTE
    this.at = end + 1
    return true
  }

  /** Adds any scalar as JSON. */
  addScalar(value: Scalar): void {
    if (typeof value === 'string') this.addText(value)
    else this.addPlain(String(value))
  }

  /** Adds a string with its quotes. */
  addText(text: string): void {
    this.#reserve(text.length * MAX_UNIT_BYTES + 2)
    const { bytes } = this
    let { at } = this
    bytes[at++] = QUOTE
    let i = 0
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80 || ESCAPES[unit] !== 0) break
      bytes[at++] = unit
    }
    if (i < text.length) {
      const json = Buffer.from(JSON.stringify(text.slice(i)))
      bytes.set(json.subarray(1, -1), at)
      at += json.length - 2
    }
    bytes[at++] = QUOTE
    this.at = at
  }

  /**
   * Adds a UTF-16 text of a chunk, up to its first NUL, with its quotes.
   *
   * @param end - Exclusive; an odd byte at the end is left out.
   */
  addUtf16(source: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start) * (MAX_UNIT_BYTES / 2) + 2)
    const { bytes } = this
    let to = this.at
    bytes[to++] = QUOTE
    for (let at = start; at + 1 < end; at += 2) {
      const low = source[at]!
      const high = source[at + 1]!
      if (high === 0 && low < 0x80) {
        const letter = ESCAPES[low]!
        if (letter === 0) bytes[to++] = low
        else if (low === 0) break
        else {
          bytes[to++] = BACKSLASH
          if (letter > 1) bytes[to++] = letter
          else to = this.#addUnit(low, to)
        }
        continue
      }
      const unit = (high << 8) | low
      if (unit < 0x800) {
        bytes[to++] = 0xc0 | (unit >> 6)
        bytes[to++] = 0x80 | (unit & 0x3f)
      } else if (unit < 0xd800 || unit > 0xdfff) {
        bytes[to++] = 0xe0 | (unit >> 12)
        bytes[to++] = 0x80 | ((unit >> 6) & 0x3f)
        bytes[to++] = 0x80 | (unit & 0x3f)
      } else {
        const next = at + 3 < end ? source[at + 2]! | (source[at + 3]! << 8) : 0
        if (unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
          const code = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00)
          bytes[to++] = 0xf0 | (code >> 18)
          bytes[to++] = 0x80 | ((code >> 12) & 0x3f)
          bytes[to++] = 0x80 | ((code >> 6) & 0x3f)
          bytes[to++] = 0x80 | (code & 0x3f)
          at += 2
        } else {
          bytes[to++] = BACKSLASH
          to = this.#addUnit(unit, to)
        }
      }
    }
    bytes[to++] = QUOTE
    this.at = to
  }

  /** `u` and four hex digits. */
  #addUnit(unit: number, at: number): number {
    const { bytes } = this
    bytes[at] = LETTER_U
    bytes[at + 1] = HEX[unit >> 12]!
    bytes[at + 2] = HEX[(unit >> 8) & 15]!
    bytes[at + 3] = HEX[(unit >> 4) & 15]!
    bytes[at + 4] = HEX[unit & 15]!
    return at + 5
  }

  #reserve(sizeBytes: number): void {
    if (this.at + sizeBytes <= this.#limit) return
    throw new RecordError(
      'over-limit',
      `expected a record of at most ${MAX_RECORD_TEXT_BYTES} bytes of JSON (MAX_RECORD_TEXT_BYTES), found more`,
    )
  }
}

/** A member's name as it stands in an object: comma, quotes and colon with it. */
export function encodeName(name: string): Uint8Array {
  return Buffer.from(`,${JSON.stringify(name)}:`)
}
