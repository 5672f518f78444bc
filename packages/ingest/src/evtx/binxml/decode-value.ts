import { Buffer } from 'node:buffer'
import { FileTimeWriter, writeSystemTime } from '../../time/file-time.ts'
import { readU16, readU32, readUtf16 } from '../bytes.ts'
import { MAX_DIGITS, writeGuid, writeHexNumber, writeSid } from './value-digits.ts'
import { ARRAY_BIT, FIXED_SIZES, VALUE } from './value-types.ts'

/** One value as JSON has it: integers and booleans as such, everything else as the text Windows shows. */
export type Scalar = string | number | bigint | boolean

/** A value: undefined for nothing, an array for a value of an array type. */
export type Value = Scalar | undefined | readonly Scalar[]

const cp1252 = new TextDecoder('windows-1252')
/** Whole numbers above this make `1.5e+16` of a floating-point number. */
const PLAIN_REAL_LIMIT = 1e16
const PLAIN_REAL_LEAST = 1e-5
/** Bits of a high word above which a 64-bit number is no longer exact as a double. */
const EXACT_HIGH = 0x200000

/**
 * Turns values into what JSON holds. One for each thread.
 *
 * A value whose size does not fit its type, or of a type that is not known, becomes the hex digits of its bytes: nothing is lost
 * and nothing made up.
 */
export class ValueDecoder {
  readonly #fileTimes = new FileTimeWriter()
  readonly #digits = Buffer.alloc(MAX_DIGITS)

  /**
   * Decodes a value; not one of type `VALUE.fragment`, which is no value but more XML.
   *
   * @param start - In the chunk; the value's bytes are known to be inside of it.
   */
  decode(bytes: Buffer, type: number, start: number, sizeBytes: number): Value {
    if (type === VALUE.null || sizeBytes === 0) return undefined
    if ((type & ARRAY_BIT) !== 0) return this.#decodeArray(bytes, type & ~ARRAY_BIT, start, start + sizeBytes)
    return this.decodeScalar(bytes, type, start, sizeBytes)
  }

  /** Decodes a value of a type that is no array; undefined where it is empty. */
  decodeScalar(bytes: Buffer, type: number, start: number, sizeBytes: number): Scalar | undefined {
    const fixed = FIXED_SIZES[type]!
    if (fixed !== 0 && fixed !== sizeBytes && !(type === VALUE.bool && sizeBytes <= 2)) {
      return toUpperHex(bytes, start, start + sizeBytes)
    }
    switch (type) {
      case VALUE.text:
        return readText(bytes, start, start + sizeBytes) || undefined
      case VALUE.ansi:
        return readAnsi(bytes, start, start + sizeBytes) || undefined
      case VALUE.i8:
        return bytes.readInt8(start)
      case VALUE.u8:
        return bytes[start]!
      case VALUE.i16:
        return bytes.readInt16LE(start)
      case VALUE.u16:
        return readU16(bytes, start)
      case VALUE.i32:
        return bytes.readInt32LE(start)
      case VALUE.u32:
        return readU32(bytes, start)
      case VALUE.i64:
        return toExact(bytes.readBigInt64LE(start))
      case VALUE.u64:
        return readU64(bytes, start)
      case VALUE.f32:
        return writeReal(bytes.readFloatLE(start), true)
      case VALUE.f64:
        return writeReal(bytes.readDoubleLE(start), false)
      case VALUE.bool: {
        const value = sizeBytes === 4 ? bytes.readInt32LE(start) : bytes.readUIntLE(start, sizeBytes)
        return value === 0 || value === 1 ? value === 1 : value
      }
      case VALUE.guid:
        return this.#take(writeGuid(this.#digits, 0, bytes, start))
      case VALUE.fileTime:
        return this.#fileTimes.write(readU32(bytes, start), readU32(bytes, start + 4))
      case VALUE.systemTime:
        return writeSystemTime(Array.from({ length: 8 }, (_, i) => readU16(bytes, start + i * 2)))
      case VALUE.sid:
        return this.#readSid(bytes, start, start + sizeBytes)
      case VALUE.hex32:
      case VALUE.hex64:
      case VALUE.sizeT:
        if (sizeBytes !== 4 && sizeBytes !== 8) return toUpperHex(bytes, start, start + sizeBytes)
        return this.#readHex(bytes, start, sizeBytes)
      default:
        return toUpperHex(bytes, start, start + sizeBytes)
    }
  }

  /** `2020-10-21T15:04:05.1234567Z`. */
  writeFileTime(low: number, high: number): string {
    return this.#fileTimes.write(low, high)
  }

  #readHex(bytes: Buffer, start: number, sizeBytes: number): string {
    const high = sizeBytes === 8 ? readU32(bytes, start + 4) : 0
    return this.#take(writeHexNumber(this.#digits, 0, readU32(bytes, start), high))
  }

  #readSid(bytes: Buffer, start: number, end: number): string {
    const size = writeSid(this.#digits, 0, bytes, start, end - start)
    return size === 0 ? toUpperHex(bytes, start, end) : this.#take(size)
  }

  #splitSids(bytes: Buffer, start: number, end: number): Value {
    const sids: string[] = []
    for (let at = start; at < end; ) {
      const next = at + 8 + bytes[at + 1]! * 4
      if (next > end) return toUpperHex(bytes, start, end)
      sids.push(this.#readSid(bytes, at, next))
      at = next
    }
    return sids
  }

  /** The digits that were just written. */
  #take(size: number): string {
    return this.#digits.toString('latin1', 0, size)
  }

  #decodeArray(bytes: Buffer, type: number, start: number, end: number): Value {
    if (type === VALUE.text) return splitTexts(readUtf16(bytes, start, end - ((end - start) % 2)))
    if (type === VALUE.ansi) return splitTexts(cp1252.decode(bytes.subarray(start, end)))
    if (type === VALUE.sid) return this.#splitSids(bytes, start, end)
    const size = FIXED_SIZES[type]!
    if (size === 0 || (end - start) % size !== 0) return toUpperHex(bytes, start, end)
    const items: Scalar[] = []
    for (let at = start; at < end; at += size) items.push(this.decodeScalar(bytes, type, at, size) ?? '')
    const hasOddFlag = type === VALUE.bool && items.some((item) => typeof item === 'number')
    return hasOddFlag ? items.map(Number) : items
  }
}

/** Text up to its first NUL. */
function readText(bytes: Buffer, start: number, end: number): string {
  const text = readUtf16(bytes, start, end - ((end - start) % 2))
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

function readAnsi(bytes: Buffer, start: number, end: number): string {
  return cp1252.decode(bytes.subarray(start, end)).replaceAll('\0', '')
}

/** Texts that each end in a NUL; the last one may lack it. */
function splitTexts(text: string): string[] {
  const texts = text.split('\0')
  if (texts.at(-1) === '') texts.pop()
  return texts
}

function toExact(value: bigint): number | bigint {
  return BigInt(Number(value)) === value ? Number(value) : value
}

function readU64(bytes: Buffer, at: number): number | bigint {
  const high = readU32(bytes, at + 4)
  return high < EXACT_HIGH ? high * 4_294_967_296 + readU32(bytes, at) : bytes.readBigUInt64LE(at)
}

function toUpperHex(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('hex', start, end).toUpperCase()
}

/** Shortest digits that read back, by the number's own precision; always with a point or an exponent. */
function writeReal(value: number, isSingle: boolean): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const shortest = isSingle ? shortenSingle(value) : value
  const size = Math.abs(shortest)
  if (size < PLAIN_REAL_LEAST || size >= PLAIN_REAL_LIMIT) return shortest.toExponential()
  const text = String(shortest)
  return text.includes('.') ? text : `${text}.0`
}

/** The number with the fewest digits that is this one in 32 bits. */
function shortenSingle(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const candidate = Number(value.toPrecision(digits))
    if (Math.fround(candidate) === value) return candidate
  }
  return value
}
