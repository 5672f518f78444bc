import { isCompactNumber, startsAsCompactTime } from './compact-time.ts'
import { isNumberFormat, readEpochDigits, readEpochNumber } from './epoch-time.ts'
import { readIsoTime } from './iso-time.ts'
import { storeTime } from './stored-time.ts'
import { TextTimeParser } from './text-time.ts'
import type { TimeFormat, TimeOptions } from './time-format.ts'
import { MAX_EVENT_SECONDS, makeTimeParts, type TimeParts } from './time-parts.ts'
import { findZoneClock, type ZoneClock } from './time-zone.ts'
import { isUnsetClock, isUnsetDigits, isUnsetNumber } from './unset-time.ts'
import { isYear, setYear } from './year-alone.ts'

/** Bytes of the longest text that is looked at: no way of writing a time needs more. */
const MAX_TIME_BYTES = 96

/** More names than zones exist. */
const MAX_REMEMBERED_ZONES = 1000
/** The least number taken for a time in a column of texts: 1973-03-03 in seconds. A zero or an id is none; a year alone is a date of ISO 8601. */
const LEAST_STRAY_NUMBER = 1e8

/** A zone that was asked for is not known. */
export class UnknownZoneError extends Error {
  override readonly name = 'UnknownZoneError'
  readonly code = 'unknown-zone'
  readonly zone: string

  constructor(zone: string) {
    super(
      `expected a zone as in the IANA database (Europe/Berlin), an offset (+02:00) or an abbreviation (CET); found ${JSON.stringify(zone.slice(0, 80))}`,
    )
    this.zone = zone
  }
}

/**
 * Reads the times of one column, row after row, without allocating anything for the frequent shapes.
 *
 * Each `read…` returns whether a time was found; then `seconds` and `nanos` hold it until the next one, else
 * `explain()` says why not. A value in another shape than the column's is read as well, only slower.
 */
export class TimeReader {
  readonly format: TimeFormat | undefined
  readonly #parts: TimeParts = makeTimeParts()
  readonly #scratch = new Uint8Array(MAX_TIME_BYTES)
  readonly #encoder = new TextEncoder()
  readonly #general: TextTimeParser
  readonly #isNumeric: boolean
  readonly #isText: boolean
  /**
   * Its numbers count in one unit and may stand for a time that was not set. Not those of `epoch`: there each says its unit by its
   * size, and 0 is 1970, as Timesketch has it.
   */
  readonly #hasUnit: boolean
  readonly #isUnitFixed: boolean
  readonly #zones = new Map<string, ZoneClock | undefined>()
  #zone: ZoneClock | undefined
  #unknownZone: string | undefined
  #problem = ''
  /** The last value is digits in a column of counts, and a date and a clock all the same. */
  #isCompact = false

  /**
   * @param format - The shape most values have (`detectTimeFormat`), or undefined when nothing is known.
   * @throws {UnknownZoneError} When `options.timeZone` is not known.
   */
  constructor(format?: TimeFormat, options: TimeOptions = {}) {
    this.format = format
    this.#isNumeric = format !== undefined && isNumberFormat(format)
    this.#isText = format !== undefined && !this.#isNumeric
    this.#hasUnit = this.#isNumeric && format !== 'epoch'
    this.#isUnitFixed = options.isUnitFixed ?? false
    this.#general = new TextTimeParser({
      dayFirst: options.dayFirst,
      referenceSeconds: Math.floor((options.referenceUs ?? Date.now() * 1000) / 1_000_000),
    })
    if (options.timeZone !== undefined && options.timeZone !== 'UTC') {
      this.#zone = findZoneClock(options.timeZone)
      if (this.#zone === undefined) throw new UnknownZoneError(options.timeZone)
    }
  }

  /** Whole seconds since 1970-01-01T00:00:00Z of the last time read, rounded down. */
  get seconds(): number {
    return this.#parts.seconds
  }

  /** 0 to 999,999,999 nanoseconds to add to `seconds`. */
  get nanosOfSecond(): number {
    return this.#parts.nanos
  }

  /** The last time read in microseconds since 1970, rounded down. Allocates: use `store` for many rows. */
  get us(): bigint {
    return BigInt(this.#parts.seconds) * 1_000_000n + BigInt(Math.floor(this.#parts.nanos / 1000))
  }

  /** 0 to 999 nanoseconds to add to `us`. */
  get nanos(): number {
    return this.#parts.nanos % 1000
  }

  /** The shape of the last time read. */
  get foundFormat(): TimeFormat {
    return this.#parts.format
  }

  /**
   * The last time read is a number in another unit than the column's, or digits of a date (`20240301101500`): as the column counts it would
   * lie outside of 1980 to 2100.
   */
  get isInOtherUnit(): boolean {
    if (!this.#hasUnit) return false
    return this.#isCompact || (this.#parts.format !== this.format && isNumberFormat(this.#parts.format))
  }

  /** The zone that the last value was read with by its name and that is not known; undefined where it is, or was not needed. */
  get unknownZone(): string | undefined {
    return this.#unknownZone
  }

  /** For dates like `01/02/2020`: what the last value itself showed of its order; undefined when both are possible. */
  get order(): 'day-first' | 'month-first' | undefined {
    return this.#parts.order
  }

  /**
   * Reads any JSON scalar.
   *
   * @param zone - Name of the zone that counts when the value has none; unknown names count as not given and are in `unknownZone`.
   */
  read(value: unknown, zone?: string): boolean {
    if (typeof value === 'string') return this.readText(value, zone)
    if (typeof value === 'number') return this.readNumber(value, zone)
    if (typeof value === 'bigint') return this.readText(value.toString(), zone)
    this.#problem =
      value === null || value === undefined ? 'no value' : `expected a time, found ${typeof value}`
    return false
  }

  /** Reads a text. */
  readText(text: string, zone?: string): boolean {
    const scratch = this.#scratch
    const length = text.length
    if (length > MAX_TIME_BYTES) return this.#fail(`expected a time, found a text of ${length} characters`)
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) {
        const { read, written } = this.#encoder.encodeInto(text, scratch)
        if (read < length) return this.#fail(`expected a time, found ${quoteText(text)}`)
        return this.readBytes(scratch, 0, written, zone)
      }
      scratch[i] = unit
    }
    return this.readBytes(scratch, 0, length, zone)
  }

  /** Reads a text given as UTF-8: `bytes[start]` up to `bytes[end]` (exclusive), which are not kept. */
  readBytes(bytes: Uint8Array, start: number, end: number, zone?: string): boolean {
    const parts = this.#parts
    this.#unknownZone = undefined
    this.#isCompact = this.#isNumeric && !this.#isUnitFixed && startsAsCompactTime(bytes, start, end)
    if (this.#isNumeric) {
      if (this.#hasUnit && isUnsetDigits(bytes, start, end, this.format!))
        return this.#failUnset(new TextDecoder().decode(bytes.subarray(start, end)))
      if (!this.#isCompact && readEpochDigits(bytes, start, end, this.format, parts, this.#isUnitFixed))
        return true
    } else if (readIsoTime(bytes, start, end, parts)) return parts.hasZone || this.#applyZone(zone)
    if (end - start > MAX_TIME_BYTES)
      return this.#fail(`expected a time, found a text of ${end - start} bytes`)
    if (!this.#general.parse(bytes, start, end, parts)) {
      const text = new TextDecoder().decode(bytes.subarray(start, end))
      return this.#fail(isUnsetClock(text) ? `${text} stands for a time that was not set` : parts.problem)
    }
    if (this.#isText && isNumberFormat(parts.format)) {
      const text = new TextDecoder().decode(bytes.subarray(start, end))
      if (this.format === 'iso' && isYear(text)) {
        setYear(parts, Number(text))
        return this.#applyZone(zone)
      }
      if (!(Math.abs(Number(text)) >= LEAST_STRAY_NUMBER) || isUnsetDigits(bytes, start, end))
        return this.#failStray(text)
    }
    return parts.hasZone || this.#applyZone(zone)
  }

  /** Reads a number; a whole one beyond 2^53 is better read as text. The zone is for digits that are a date (`20240301101500`). */
  readNumber(value: number, zone?: string): boolean {
    if (!this.#isUnitFixed && isCompactNumber(value)) return this.readText(String(value), zone)
    this.#isCompact = false
    if (this.#isText && (Math.abs(value) < LEAST_STRAY_NUMBER || isUnsetNumber(value)))
      return this.#failStray(String(value))
    if (this.#hasUnit && isUnsetNumber(value, this.format)) return this.#failUnset(String(value))
    const format = this.#isNumeric ? this.format : undefined
    if (readEpochNumber(value, format, this.#parts, this.#isUnitFixed)) return true
    return this.#fail(`the number ${value} is no time that can be kept`)
  }

  /**
   * Writes the last time read into a row of a `BigInt64Array` without making a bigint.
   *
   * @param words - `new Int32Array(timesUs.buffer, timesUs.byteOffset, timesUs.length * 2)`.
   * @returns The 0 to 999 nanoseconds that go beside it.
   */
  store(words: Int32Array, row: number): number {
    return storeTime(words, row, this.#parts.seconds, this.#parts.nanos)
  }

  /** Why the last value was no time, as part of a sentence: `expected a time, found "2020-13-01" (month 13 is not 1 to 12)`. */
  explain(): string {
    return this.#problem
  }

  #applyZone(name: string | undefined): boolean {
    const named = name === undefined || name === '' ? undefined : this.#findZone(name)
    if (name !== undefined && name !== '' && !named) this.#unknownZone = name
    const zone = named ?? this.#zone
    if (zone) this.#parts.seconds = zone.toUtc(this.#parts.seconds)
    if (Math.abs(this.#parts.seconds) <= MAX_EVENT_SECONDS) return true
    return this.#fail('the time is beyond the years that can be kept')
  }

  #findZone(name: string): ZoneClock | undefined {
    if (this.#zones.has(name)) return this.#zones.get(name)
    if (name.length > 64 || this.#zones.size >= MAX_REMEMBERED_ZONES) return undefined
    const zone = findZoneClock(name)
    this.#zones.set(name, zone)
    return zone
  }

  #failUnset(text: string): boolean {
    return this.#fail(`${text} stands for a time that was not set, in a column of ${this.format}`)
  }

  #failStray(text: string): boolean {
    return this.#fail(
      `expected a time written as ${this.format}, as in the other rows, found the number ${text}`,
    )
  }

  #fail(problem: string): boolean {
    this.#problem = problem
    return false
  }
}

/** A text in quotes, cut to what fits a sentence. */
function quoteText(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
