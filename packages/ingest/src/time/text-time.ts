import { countDays } from '@timeskein/model/events'
import { isCompactYear, startsAsCompactTime } from './compact-time.ts'
import { readEpochDigits, readEpochNumber } from './epoch-time.ts'
import { findMonth, isWeekday } from './month-names.ts'
import { expandYear } from './short-year.ts'
import { TextClock } from './text-clock.ts'
import {
  COLON,
  COMMA,
  isDigit,
  isLetter,
  MINUS,
  PLUS,
  POINT,
  SLASH,
  SPACE,
  TextCursor,
} from './text-cursor.ts'
import { TextZone } from './text-zone.ts'
import type { TimeFormat } from './time-format.ts'
import { countMonthDays, MAX_EVENT_SECONDS, type TimeParts } from './time-parts.ts'

/** What the text of a time leaves open. */
export interface TextTimeRules {
  /** Whether `01/02/2020` is the 1st of February; undefined: only where the numbers are parted by points. */
  readonly dayFirst: boolean | undefined
  /** A time without a year gets the latest one that puts it at most a day after this (seconds since 1970). */
  readonly referenceSeconds: number
}

const SECONDS_PER_DAY = 86_400

/**
 * Reads a time in any of the known spellings (`TIME_FORMATS`): the slow and thorough way beside `readIsoTime` and
 * `readEpochDigits`. Sources: ISO 8601-1:2019; RFC 3164, section 4.1.2; RFC 5322, section 3.3; RFC 9110, section
 * 5.6.7; Apache mod_log_config (`%t`); ISO C `asctime`; Windows and spreadsheet forms as exported by their tools.
 */
export class TextTimeParser {
  readonly #rules: TextTimeRules
  readonly #cursor = new TextCursor()
  readonly #clock = new TextClock(this.#cursor)
  readonly #zone = new TextZone(this.#cursor)
  #days = 0
  #format: TimeFormat = 'iso'
  #order: 'day-first' | 'month-first' | undefined

  constructor(rules: TextTimeRules) {
    this.#rules = rules
  }

  /** Fills in `parts`; false with `parts.problem` when the bytes are no time. They are not kept. */
  parse(bytes: Uint8Array, start: number, end: number, parts: TimeParts): boolean {
    this.#cursor.open(bytes, start, end)
    this.#clock.clear()
    this.#zone.clear()
    this.#order = undefined
    const isFound = this.#parseNumber(parts) || this.#parseAny(parts)
    this.#cursor.close()
    if (isFound) {
      parts.problem = ''
      return true
    }
    parts.problem = describeProblem(
      new TextDecoder().decode(bytes.subarray(start, end)),
      this.#cursor.problem,
    )
    return false
  }

  #parseAny(parts: TimeParts): boolean {
    const first = this.#cursor.peek()
    if (first === SLASH || first === 0x5c) return this.#parseDotnetJson(parts)
    let isDone = false
    if (isLetter(first)) isDone = this.#parseWordFirst()
    else if (isDigit(first) || first === PLUS || first === MINUS) isDone = this.#parseDigitFirst()
    else if (this.#cursor.at >= this.#cursor.end) return this.#cursor.fail('')
    if (!isDone) return false
    return this.#finish(parts)
  }

  #finish(parts: TimeParts): boolean {
    let seconds = this.#days * SECONDS_PER_DAY + this.#clock.seconds
    if (this.#zone.offset !== undefined) seconds -= this.#zone.offset
    else if (this.#zone.clock) seconds = this.#zone.clock.toUtc(seconds)
    if (Math.abs(seconds) > MAX_EVENT_SECONDS)
      return this.#cursor.fail('the year is beyond those that can be kept')
    parts.seconds = seconds
    parts.nanos = this.#clock.nanos
    parts.hasZone = this.#zone.offset !== undefined || this.#zone.clock !== undefined
    parts.format = this.#format
    parts.order = this.#order
    return true
  }

  #parseNumber(parts: TimeParts): boolean {
    if (!this.#startsLikeEpoch()) return false
    if (readEpochDigits(this.#cursor.bytes, this.#cursor.at, this.#cursor.end, undefined, parts)) return true
    const hasExponent = this.#cursor.bytes.includes(0x65) || this.#cursor.bytes.includes(0x45)
    if (!hasExponent) return false
    const text = new TextDecoder().decode(this.#cursor.bytes.subarray(this.#cursor.at, this.#cursor.end))
    return /^[\d.+-]+[eE][\d+-]+$/.test(text) && readEpochNumber(Number(text), undefined, parts)
  }

  /** Whether the text may be one number and is not a compact date (`20201021`, `202010211504`, `20201021150405`), possible or not. */
  #startsLikeEpoch(): boolean {
    const { bytes, at: start, end } = this.#cursor
    if (startsAsCompactTime(bytes, start, end)) return false
    let at = start
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++
    const first = at
    while (at < end && isDigit(bytes[at]!)) at++
    if (at === first) return false
    const isDay = first === start && at === end && at - first === 8
    return !(isDay && isCompactYear(this.#cursor.numberAt(first, 4)))
  }

  /** `/Date(1600000000000)/`, `/Date(1600000000000+0200)/`: milliseconds; the offset says only how to show them. */
  #parseDotnetJson(parts: TimeParts): boolean {
    if (this.#cursor.peek() === 0x5c) this.#cursor.at++
    const opening = '/Date('
    for (let i = 0; i < opening.length; i++) {
      if (this.#cursor.bytes[this.#cursor.at + i] !== opening.charCodeAt(i)) return false
    }
    this.#cursor.at += opening.length
    let end = this.#cursor.at
    if (this.#cursor.bytes[end] === MINUS) end++
    while (end < this.#cursor.end && isDigit(this.#cursor.bytes[end]!)) end++
    if (!readEpochDigits(this.#cursor.bytes, this.#cursor.at, end, 'epoch-ms', parts)) return false
    parts.format = 'dotnet-json'
    return true
  }

  #parseWordFirst(): boolean {
    let word = this.#cursor.takeWord()
    if (isWeekday(word)) {
      this.#cursor.skip(COMMA)
      this.#cursor.skipSpaces()
      if (isDigit(this.#cursor.peek())) return this.#parseDigitFirst()
      word = this.#cursor.takeWord()
    }
    const month = findMonth(word)
    if (month === undefined) return this.#cursor.fail('')
    return this.#parseMonthFirst(month)
  }

  /** `Oct 11 22:14:15` (syslog), `Nov  6 08:49:37 1994` (asctime; git puts the zone behind it), `October 21, 2020 3:04 PM`, `Oct 2020`. */
  #parseMonthFirst(month: number): boolean {
    this.#format = 'named-month'
    this.#cursor.skip(POINT)
    this.#cursor.skipSpaces()
    if (this.#cursor.countDigits() === 4) {
      this.#cursor.takeNumber(4)
      return this.#setDate(this.#cursor.value, month, 1) && this.#cursor.expectEnd()
    }
    if (!this.#cursor.takeNumber(2)) return this.#cursor.fail('expected a day after the month')
    const day = this.#cursor.value
    this.#cursor.skipOrdinalEnding()
    this.#cursor.skip(COMMA)
    this.#cursor.skipSpaces()
    const next = this.#cursor.countDigits()
    if (next === 4) {
      this.#cursor.takeNumber(4)
      if (!this.#setDate(this.#cursor.value, month, day)) return false
      return this.#parseRest()
    }
    if (next === 0) return this.#cursor.fail('expected a year or a clock time after the day')
    if (!this.#clock.take()) return false
    this.#cursor.skipSpaces()
    if (this.#cursor.countDigits() !== 4) {
      if (!this.#zone.take()) return false
      this.#cursor.skipSpaces()
    }
    if (this.#cursor.countDigits() === 4) {
      this.#cursor.takeNumber(4)
      if (!this.#setDate(this.#cursor.value, month, day)) return false
      const hasZone = this.#zone.offset !== undefined || this.#zone.clock !== undefined
      return (hasZone || this.#zone.take()) && this.#cursor.expectEnd()
    }
    this.#format = 'syslog'
    return this.#setDateWithoutYear(month, day) && this.#cursor.expectEnd()
  }

  #parseDigitFirst(): boolean {
    const bytes = this.#cursor.bytes
    let sign = 0
    if (bytes[this.#cursor.at] === PLUS || bytes[this.#cursor.at] === MINUS) {
      sign = bytes[this.#cursor.at] === MINUS ? -1 : 1
      this.#cursor.at++
    }
    const count = this.#cursor.countDigits()
    const after = bytes[this.#cursor.at + count]
    if (sign !== 0) {
      if (count < 4 || count > 7 || (after !== MINUS && after !== undefined)) return this.#cursor.fail('')
      this.#cursor.takeNumber(count)
      return this.#parseAfterYear(sign * this.#cursor.value)
    }
    if (count === 4) {
      this.#cursor.takeNumber(4)
      return this.#parseAfterYear(this.#cursor.value)
    }
    if (count === 8 || count === 12 || count === 14) return this.#parseCompact(count)
    if (count === 7) {
      this.#cursor.takeNumber(4)
      const year = this.#cursor.value
      this.#cursor.takeNumber(3)
      return this.#setOrdinalDate(year, this.#cursor.value) && this.#parseRest()
    }
    if (count > 2) return this.#cursor.fail('')
    this.#cursor.takeNumber(2)
    return this.#parseAfterShortNumber(this.#cursor.value)
  }

  /** `2020-10-21`, `2020/10/21`, `2020-W43-3`, `2020W433`, `2020-295`, `2020-Oct-21`, `2020 Oct 21`, `2020-10`. */
  #parseAfterYear(year: number): boolean {
    this.#format = 'iso'
    const separator = this.#cursor.peek()
    if (separator === 0x57 || (separator === MINUS && this.#cursor.bytes[this.#cursor.at + 1] === 0x57)) {
      return this.#parseWeekDate(year, separator === MINUS)
    }
    if (
      separator !== MINUS &&
      separator !== SLASH &&
      separator !== POINT &&
      separator !== COLON &&
      separator !== SPACE
    ) {
      return this.#cursor.fail('')
    }
    this.#cursor.at++
    if (isLetter(this.#cursor.peek())) {
      const month = findMonth(this.#cursor.takeWord())
      if (month === undefined) return this.#cursor.fail('expected the name of a month after the year')
      this.#format = 'named-month'
      this.#cursor.at++
      if (!this.#cursor.takeNumber(2)) return this.#cursor.fail('expected a day after the month')
      return this.#setDate(year, month, this.#cursor.value) && this.#parseRest()
    }
    const count = this.#cursor.countDigits()
    if (count === 3 && separator === MINUS) {
      this.#cursor.takeNumber(3)
      return this.#setOrdinalDate(year, this.#cursor.value) && this.#parseRest()
    }
    if (count === 0 || count > 2) return this.#cursor.fail('expected a month after the year')
    this.#cursor.takeNumber(2)
    const month = this.#cursor.value
    let day = 1
    if (this.#cursor.peek() === separator) {
      this.#cursor.at++
      if (!this.#cursor.takeNumber(2)) return this.#cursor.fail('expected a day after the month')
      day = this.#cursor.value
    } else if (separator !== MINUS || this.#cursor.at < this.#cursor.end)
      return this.#cursor.fail('expected a day after the month')
    return this.#setDate(year, month, day) && this.#parseRest()
  }

  #parseWeekDate(year: number, isExtended: boolean): boolean {
    this.#cursor.at += isExtended ? 2 : 1
    if (this.#cursor.countDigits() < 2) return this.#cursor.fail('expected two digits of a week')
    this.#cursor.takeNumber(2)
    const week = this.#cursor.value
    let weekday = 1
    const hasDay = isExtended ? this.#cursor.peek() === MINUS : isDigit(this.#cursor.peek())
    if (hasDay) {
      if (isExtended) this.#cursor.at++
      if (!this.#cursor.takeNumber(1)) return this.#cursor.fail('expected a day after the week')
      weekday = this.#cursor.value
    }
    if (weekday < 1 || weekday > 7) return this.#cursor.fail(`day ${weekday} of the week is not 1 to 7`)
    const firstMonday = findFirstMonday(year)
    const weeks = (findFirstMonday(year + 1) - firstMonday) / 7
    if (week < 1 || week > weeks) return this.#cursor.fail(`week ${week} is not 1 to ${weeks}`)
    this.#days = firstMonday + (week - 1) * 7 + weekday - 1
    return this.#parseRest()
  }

  /** `20201021`, `20201021T150405Z`, `202010211504`, `20201021150405`, `20201021150405.123456+060` (WMI, offset in minutes). */
  #parseCompact(count: number): boolean {
    this.#format = 'iso'
    this.#cursor.takeNumber(4)
    const year = this.#cursor.value
    this.#cursor.takeNumber(2)
    const month = this.#cursor.value
    this.#cursor.takeNumber(2)
    if (!this.#setDate(year, month, this.#cursor.value)) return false
    if (count === 8) return this.#parseRest()
    if (!this.#clock.take()) return false
    const sign = this.#cursor.peek()
    if (sign === PLUS || sign === MINUS) {
      const minutes = this.#cursor.numberAt(this.#cursor.at + 1, 3)
      if (this.#cursor.at + 4 === this.#cursor.end && minutes >= 0 && minutes <= 18 * 60) {
        this.#zone.offset = (sign === PLUS ? 60 : -60) * minutes
        this.#format = 'wmi'
        return true
      }
    }
    return this.#zone.take() && this.#cursor.expectEnd()
  }

  /** `10/Oct/2000:13:55:36`, `21-Oct-2020`, `21 Oct 2020`, `06-Nov-94`, `10/21/2020`, `21.10.2020`. */
  #parseAfterShortNumber(first: number): boolean {
    this.#cursor.skipOrdinalEnding()
    const separator = this.#cursor.peek()
    if (separator === COLON) return this.#cursor.fail('a clock time without a date')
    if (isLetter(separator)) return this.#parseNamedAfterDay(first, separator)
    if (separator !== SLASH && separator !== MINUS && separator !== POINT && separator !== SPACE) {
      return this.#cursor.fail('')
    }
    this.#cursor.at++
    this.#cursor.skipSpaces()
    if (isLetter(this.#cursor.peek())) return this.#parseNamedAfterDay(first, separator)
    if (separator === SPACE || !this.#cursor.takeNumber(2)) return this.#cursor.fail('')
    const second = this.#cursor.value
    if (this.#cursor.peek() !== separator) return this.#cursor.fail('expected a year after day and month')
    this.#cursor.at++
    const year = this.#takeYear()
    if (year === undefined) return this.#cursor.fail('expected a year after day and month')
    this.#format = 'slash'
    if (first > 12 !== second > 12) this.#order = first > 12 ? 'day-first' : 'month-first'
    const isDayFirst =
      this.#order === undefined ? (this.#rules.dayFirst ?? separator === POINT) : this.#order === 'day-first'
    if (!this.#setDate(year, isDayFirst ? second : first, isDayFirst ? first : second)) return false
    return this.#parseRest()
  }

  #parseNamedAfterDay(day: number, separator: number): boolean {
    const month = findMonth(this.#cursor.takeWord())
    if (month === undefined) return this.#cursor.fail('expected the name of a month after the day')
    this.#cursor.skip(POINT)
    this.#cursor.skip(COMMA)
    const next = this.#cursor.peek()
    if (next === separator || next === SPACE) this.#cursor.at++
    this.#cursor.skipSpaces()
    const year = this.#takeMailYear()
    if (year === undefined) return this.#cursor.fail('expected a year after the month')
    this.#format = separator === SLASH && this.#cursor.peek() === COLON ? 'clf' : 'named-month'
    return this.#setDate(year, month, day) && this.#parseRest()
  }

  /** What may follow a date: nothing, a zone, or a clock time and a zone. */
  #parseRest(): boolean {
    if (this.#cursor.at >= this.#cursor.end) return true
    const next = this.#cursor.peek()
    const isZoneNext = next === 0x5a || next === PLUS || next === MINUS
    if (!isZoneNext) {
      if (next === 0x54 || next === 0x74 || next === COLON || next === 0x5f) this.#cursor.at++
      else {
        const before = this.#cursor.at
        this.#cursor.skip(COMMA)
        this.#cursor.skipSpaces()
        if (this.#cursor.at === before) return this.#cursor.fail('unexpected text after the date')
        if (
          this.#cursor.bytes[this.#cursor.at] === 0x61 &&
          this.#cursor.bytes[this.#cursor.at + 1] === 0x74
        ) {
          this.#cursor.at += 2
          this.#cursor.skipSpaces()
        }
      }
      if (isDigit(this.#cursor.peek()) && !this.#clock.take()) return false
    }
    return this.#zone.take(this.#format === 'named-month') && this.#cursor.expectEnd()
  }

  #setDate(year: number, month: number, day: number): boolean {
    if (month < 1 || month > 12) return this.#cursor.fail(`month ${month} is not 1 to 12`)
    const last = countMonthDays(year, month)
    if (day < 1 || day > last)
      return this.#cursor.fail(`day ${day} is not 1 to ${last}, as month ${month} of ${year} has`)
    this.#days = countDays(year, month, day)
    return true
  }

  #setOrdinalDate(year: number, dayOfYear: number): boolean {
    this.#format = 'iso'
    const last = countDays(year + 1, 1, 1) - countDays(year, 1, 1)
    if (dayOfYear < 1 || dayOfYear > last)
      return this.#cursor.fail(`day ${dayOfYear} of the year is not 1 to ${last}`)
    this.#days = countDays(year, 1, 1) + dayOfYear - 1
    return true
  }

  #setDateWithoutYear(month: number, day: number): boolean {
    if (day < 1 || day > countMonthDays(2000, month))
      return this.#cursor.fail(`day ${day} is not in month ${month}`)
    const latest = this.#rules.referenceSeconds + SECONDS_PER_DAY
    let year = 1970 + Math.ceil(latest / (365.2425 * SECONDS_PER_DAY)) + 1
    // A 29th of February may be up to eight years away.
    for (let tries = 0; tries < 16; tries++, year--) {
      if (day > countMonthDays(year, month)) continue
      this.#days = countDays(year, month, day)
      if (this.#days * SECONDS_PER_DAY + this.#clock.seconds - (this.#zone.offset ?? 0) <= latest) return true
    }
    return this.#cursor.fail('no year fits')
  }

  /** Three digits are years since 1900, as programs wrote them that took 2000 for the 100th (RFC 5322, section 4.3). */
  #takeMailYear(): number | undefined {
    if (this.#cursor.countDigits() !== 3) return this.#takeYear()
    this.#cursor.takeNumber(3)
    return this.#cursor.value < 100 ? undefined : 1900 + this.#cursor.value
  }

  #takeYear(): number | undefined {
    const count = this.#cursor.countDigits()
    if (count !== 4 && count !== 2) return undefined
    this.#cursor.takeNumber(count)
    return count === 4 ? this.#cursor.value : expandYear(this.#cursor.value)
  }
}

/** @param why - What is wrong with it, where more is known than that it is no time. */
function describeProblem(text: string, why: string): string {
  const found = text.trim() === '' ? 'no value' : JSON.stringify(text)
  return `expected a time, found ${found}${why === '' ? '' : ` (${why})`}`
}

/** Days since 1970 of the Monday of the first ISO week of a year: the week with the 4th of January. */
function findFirstMonday(year: number): number {
  const fourth = countDays(year, 1, 4)
  return fourth - ((((fourth + 3) % 7) + 7) % 7)
}
