import { countDays } from '@timeskein/model'
import { readEpochDigits, readEpochNumber } from './epoch-time.ts'
import { findMonth, isWeekday } from './month-names.ts'
import type { TimeFormat } from './time-format.ts'
import { countMonthDays, MAX_EVENT_SECONDS, type TimeParts } from './time-parts.ts'
import { findZoneAbbreviation, findZoneClock, type ZoneClock } from './time-zone.ts'

/** What the text of a time leaves open. */
export interface TextTimeRules {
  /** Whether `01/02/2020` is the 1st of February; undefined: only where the numbers are parted by points. */
  readonly dayFirst: boolean | undefined
  /** A time without a year gets the latest one that puts it at most a day after this (seconds since 1970). */
  readonly referenceSeconds: number
}

const SECONDS_PER_DAY = 86_400
/** More names than zones exist; beyond it names are not asked for, since asking is slow and names are anybody's. */
const MAX_REMEMBERED_ZONES = 1000

const EMPTY = new Uint8Array(0)
const SPACE = 0x20
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const SLASH = 0x2f
const COLON = 0x3a

/**
 * Reads a time in any of the known spellings (`TIME_FORMATS`): the slow and thorough way beside `readIsoTime` and
 * `readEpochDigits`. Sources: ISO 8601-1:2019; RFC 3164, section 4.1.2; RFC 5322, section 3.3; RFC 9110, section
 * 5.6.7; Apache mod_log_config (`%t`); ISO C `asctime`; Windows and spreadsheet forms as exported by their tools.
 */
export class TextTimeParser {
  readonly #rules: TextTimeRules
  readonly #zones = new Map<string, ZoneClock | undefined>()
  /** The text alone, so that looking one byte too far finds nothing. */
  #bytes: Uint8Array = EMPTY
  #at = 0
  #end = 0
  #problem = ''
  #value = 0
  #digits = 0
  #days = 0
  #clockSeconds = 0
  #nanos = 0
  #offset: number | undefined
  #zone: ZoneClock | undefined
  #format: TimeFormat = 'iso'
  #order: 'day-first' | 'month-first' | undefined

  constructor(rules: TextTimeRules) {
    this.#rules = rules
  }

  /** Fills in `parts`; false with `parts.problem` when the bytes are no time. They are not kept. */
  parse(bytes: Uint8Array, start: number, end: number, parts: TimeParts): boolean {
    this.#bytes = bytes.subarray(start, end)
    this.#at = 0
    this.#end = end - start
    this.#problem = ''
    this.#clockSeconds = 0
    this.#nanos = 0
    this.#offset = undefined
    this.#zone = undefined
    this.#order = undefined
    this.#trim()
    const isFound = this.#parseNumber(parts) || this.#parseAny(parts)
    this.#bytes = EMPTY
    if (isFound) {
      parts.problem = ''
      return true
    }
    const text = new TextDecoder().decode(bytes.subarray(start, end))
    parts.problem = `${this.#problem || 'not a time'}: ${JSON.stringify(text)}`
    return false
  }

  #parseAny(parts: TimeParts): boolean {
    const first = this.#peek()
    if (first === SLASH || first === 0x5c) return this.#parseDotnetJson(parts)
    let isDone = false
    if (isLetter(first)) isDone = this.#parseWordFirst()
    else if (isDigit(first) || first === PLUS || first === MINUS) isDone = this.#parseDigitFirst()
    else if (this.#at >= this.#end) return this.#fail('no value')
    if (!isDone) return false
    return this.#finish(parts)
  }

  #finish(parts: TimeParts): boolean {
    let seconds = this.#days * SECONDS_PER_DAY + this.#clockSeconds
    if (this.#offset !== undefined) seconds -= this.#offset
    else if (this.#zone) seconds = this.#zone.toUtc(seconds)
    if (Math.abs(seconds) > MAX_EVENT_SECONDS) return this.#fail('the year is beyond those that can be kept')
    parts.seconds = seconds
    parts.nanos = this.#nanos
    parts.hasZone = this.#offset !== undefined || this.#zone !== undefined
    parts.format = this.#format
    parts.order = this.#order
    return true
  }

  /** Spaces around the text, and one pair of brackets or quotes. */
  #trim(): void {
    const bytes = this.#bytes
    for (let round = 0; round < 2; round++) {
      while (this.#at < this.#end && isSpace(bytes[this.#at]!)) this.#at++
      while (this.#end > this.#at && isSpace(bytes[this.#end - 1]!)) this.#end--
      const first = bytes[this.#at]
      const last = bytes[this.#end - 1]
      const isWrapped = (first === 0x5b && last === 0x5d) || (first === 0x22 && last === 0x22)
      if (!isWrapped || this.#end - this.#at < 2) return
      this.#at++
      this.#end--
    }
  }

  #parseNumber(parts: TimeParts): boolean {
    if (!this.#startsLikeEpoch()) return false
    if (readEpochDigits(this.#bytes, this.#at, this.#end, undefined, parts)) return true
    const hasExponent = this.#bytes.includes(0x65) || this.#bytes.includes(0x45)
    if (!hasExponent) return false
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, this.#end))
    return /^[\d.+-]+[eE][\d+-]+$/.test(text) && readEpochNumber(Number(text), undefined, parts)
  }

  /** Whether the text may be one number and is not a compact date (`20201021`, `20201021150405`). */
  #startsLikeEpoch(): boolean {
    const bytes = this.#bytes
    let at = this.#at
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++
    const first = at
    while (at < this.#end && isDigit(bytes[at]!)) at++
    const length = at - first
    if (length === 0) return false
    const isCompact = first === this.#at && (length === 14 || (length === 8 && at === this.#end))
    return !(isCompact && this.#isPlausibleDate(first))
  }

  #isPlausibleDate(at: number): boolean {
    const year = this.#numberAt(at, 4)
    const month = this.#numberAt(at + 4, 2)
    const day = this.#numberAt(at + 6, 2)
    return (
      year >= 1900 &&
      year <= 2100 &&
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= countMonthDays(year, month)
    )
  }

  /** `/Date(1600000000000)/`, `/Date(1600000000000+0200)/`: milliseconds; the offset says only how to show them. */
  #parseDotnetJson(parts: TimeParts): boolean {
    if (this.#peek() === 0x5c) this.#at++
    const opening = '/Date('
    for (let i = 0; i < opening.length; i++) {
      if (this.#bytes[this.#at + i] !== opening.charCodeAt(i)) return false
    }
    this.#at += opening.length
    let end = this.#at
    if (this.#bytes[end] === MINUS) end++
    while (end < this.#end && isDigit(this.#bytes[end]!)) end++
    if (!readEpochDigits(this.#bytes, this.#at, end, 'epoch-ms', parts)) return false
    parts.format = 'dotnet-json'
    return true
  }

  #parseWordFirst(): boolean {
    let word = this.#takeWord()
    if (isWeekday(word)) {
      this.#skip(COMMA)
      this.#skipSpaces()
      if (isDigit(this.#peek())) return this.#parseDigitFirst()
      word = this.#takeWord()
    }
    const month = findMonth(word)
    if (month === undefined) return this.#fail('not a time')
    return this.#parseMonthFirst(month)
  }

  /** `Oct 11 22:14:15` (syslog), `Nov  6 08:49:37 1994` (asctime), `October 21, 2020 3:04 PM`. */
  #parseMonthFirst(month: number): boolean {
    this.#format = 'named-month'
    this.#skip(POINT)
    this.#skipSpaces()
    if (!this.#takeNumber(2)) return this.#fail('expected a day after the month')
    const day = this.#value
    this.#skipOrdinalEnding()
    this.#skip(COMMA)
    this.#skipSpaces()
    const next = this.#countDigits()
    if (next === 4) {
      this.#takeNumber(4)
      if (!this.#setDate(this.#value, month, day)) return false
      return this.#parseRest()
    }
    if (next === 0) return this.#fail('expected a year or a clock time after the day')
    if (!this.#takeClock()) return false
    this.#skipSpaces()
    if (this.#countDigits() !== 4) {
      if (!this.#takeZone()) return false
      this.#skipSpaces()
    }
    if (this.#countDigits() === 4) {
      this.#takeNumber(4)
      if (!this.#setDate(this.#value, month, day)) return false
      return this.#expectEnd()
    }
    this.#format = 'syslog'
    return this.#setDateWithoutYear(month, day) && this.#expectEnd()
  }

  #parseDigitFirst(): boolean {
    const bytes = this.#bytes
    let sign = 0
    if (bytes[this.#at] === PLUS || bytes[this.#at] === MINUS) {
      sign = bytes[this.#at] === MINUS ? -1 : 1
      this.#at++
    }
    const count = this.#countDigits()
    const after = bytes[this.#at + count]
    if (sign !== 0) {
      if (count < 4 || count > 7 || (after !== MINUS && after !== undefined)) return this.#fail('not a time')
      this.#takeNumber(count)
      return this.#parseAfterYear(sign * this.#value)
    }
    if (count === 4) {
      this.#takeNumber(4)
      return this.#parseAfterYear(this.#value)
    }
    if (count === 8 || count === 14) return this.#parseCompact(count)
    if (count === 7) {
      this.#takeNumber(4)
      const year = this.#value
      this.#takeNumber(3)
      return this.#setOrdinalDate(year, this.#value) && this.#parseRest()
    }
    if (count > 2) return this.#fail('not a time')
    this.#takeNumber(2)
    return this.#parseAfterShortNumber(this.#value)
  }

  /** `2020-10-21`, `2020/10/21`, `2020-W43-3`, `2020W433`, `2020-295`, `2020-Oct-21`, `2020 Oct 21`, `2020-10`. */
  #parseAfterYear(year: number): boolean {
    this.#format = 'iso'
    const separator = this.#peek()
    if (separator === 0x57 || (separator === MINUS && this.#bytes[this.#at + 1] === 0x57)) {
      return this.#parseWeekDate(year, separator === MINUS)
    }
    if (
      separator !== MINUS &&
      separator !== SLASH &&
      separator !== POINT &&
      separator !== COLON &&
      separator !== SPACE
    ) {
      return this.#fail('not a time')
    }
    this.#at++
    if (isLetter(this.#peek())) {
      const month = findMonth(this.#takeWord())
      if (month === undefined) return this.#fail('expected the name of a month after the year')
      this.#format = 'named-month'
      this.#at++
      if (!this.#takeNumber(2)) return this.#fail('expected a day after the month')
      return this.#setDate(year, month, this.#value) && this.#parseRest()
    }
    const count = this.#countDigits()
    if (count === 3 && separator === MINUS) {
      this.#takeNumber(3)
      return this.#setOrdinalDate(year, this.#value) && this.#parseRest()
    }
    if (count === 0 || count > 2) return this.#fail('expected a month after the year')
    this.#takeNumber(2)
    const month = this.#value
    let day = 1
    if (this.#peek() === separator) {
      this.#at++
      if (!this.#takeNumber(2)) return this.#fail('expected a day after the month')
      day = this.#value
    } else if (separator !== MINUS || this.#at < this.#end)
      return this.#fail('expected a day after the month')
    return this.#setDate(year, month, day) && this.#parseRest()
  }

  #parseWeekDate(year: number, isExtended: boolean): boolean {
    this.#at += isExtended ? 2 : 1
    if (this.#countDigits() < 2) return this.#fail('expected two digits of a week')
    this.#takeNumber(2)
    const week = this.#value
    let weekday = 1
    const hasDay = isExtended ? this.#peek() === MINUS : isDigit(this.#peek())
    if (hasDay) {
      if (isExtended) this.#at++
      if (!this.#takeNumber(1)) return this.#fail('expected a day after the week')
      weekday = this.#value
    }
    if (weekday < 1 || weekday > 7) return this.#fail(`day ${weekday} of the week is not 1 to 7`)
    const firstMonday = findFirstMonday(year)
    const weeks = (findFirstMonday(year + 1) - firstMonday) / 7
    if (week < 1 || week > weeks) return this.#fail(`week ${week} is not 1 to ${weeks}`)
    this.#days = firstMonday + (week - 1) * 7 + weekday - 1
    return this.#parseRest()
  }

  /** `20201021`, `20201021T150405Z`, `20201021150405`, `20201021150405.123456+060` (WMI, offset in minutes). */
  #parseCompact(count: number): boolean {
    this.#format = 'iso'
    this.#takeNumber(4)
    const year = this.#value
    this.#takeNumber(2)
    const month = this.#value
    this.#takeNumber(2)
    if (!this.#setDate(year, month, this.#value)) return false
    if (count === 8) return this.#parseRest()
    if (!this.#takeClock()) return false
    const sign = this.#peek()
    if (sign === PLUS || sign === MINUS) {
      const minutes = this.#numberAt(this.#at + 1, 3)
      if (this.#at + 4 === this.#end && minutes >= 0 && minutes <= 18 * 60) {
        this.#offset = (sign === PLUS ? 60 : -60) * minutes
        this.#format = 'wmi'
        return true
      }
    }
    return this.#takeZone() && this.#expectEnd()
  }

  /** `10/Oct/2000:13:55:36`, `21-Oct-2020`, `21 Oct 2020`, `06-Nov-94`, `10/21/2020`, `21.10.2020`. */
  #parseAfterShortNumber(first: number): boolean {
    this.#skipOrdinalEnding()
    const separator = this.#peek()
    if (separator === COLON) return this.#fail('a clock time without a date')
    if (isLetter(separator)) return this.#parseNamedAfterDay(first, separator)
    if (separator !== SLASH && separator !== MINUS && separator !== POINT && separator !== SPACE) {
      return this.#fail('not a time')
    }
    this.#at++
    this.#skipSpaces()
    if (isLetter(this.#peek())) return this.#parseNamedAfterDay(first, separator)
    if (separator === SPACE || !this.#takeNumber(2)) return this.#fail('not a time')
    const second = this.#value
    if (this.#peek() !== separator) return this.#fail('expected a year after day and month')
    this.#at++
    const year = this.#takeYear()
    if (year === undefined) return this.#fail('expected a year after day and month')
    this.#format = 'slash'
    if (first > 12 !== second > 12) this.#order = first > 12 ? 'day-first' : 'month-first'
    const isDayFirst =
      this.#order === undefined ? (this.#rules.dayFirst ?? separator === POINT) : this.#order === 'day-first'
    if (!this.#setDate(year, isDayFirst ? second : first, isDayFirst ? first : second)) return false
    return this.#parseRest()
  }

  #parseNamedAfterDay(day: number, separator: number): boolean {
    const month = findMonth(this.#takeWord())
    if (month === undefined) return this.#fail('expected the name of a month after the day')
    this.#skip(POINT)
    this.#skip(COMMA)
    const next = this.#peek()
    if (next === separator || next === SPACE) this.#at++
    this.#skipSpaces()
    const year = this.#takeYear()
    if (year === undefined) return this.#fail('expected a year after the month')
    this.#format = separator === SLASH && this.#peek() === COLON ? 'clf' : 'named-month'
    return this.#setDate(year, month, day) && this.#parseRest()
  }

  /** What may follow a date: nothing, a zone, or a clock time and a zone. */
  #parseRest(): boolean {
    if (this.#at >= this.#end) return true
    const next = this.#peek()
    const isZoneNext = next === 0x5a || next === PLUS || next === MINUS
    if (!isZoneNext) {
      if (next === 0x54 || next === 0x74 || next === COLON || next === 0x5f) this.#at++
      else {
        const before = this.#at
        this.#skip(COMMA)
        this.#skipSpaces()
        if (this.#at === before) return this.#fail('unexpected text after the date')
        if (this.#bytes[this.#at] === 0x61 && this.#bytes[this.#at + 1] === 0x74) {
          this.#at += 2
          this.#skipSpaces()
        }
      }
      if (isDigit(this.#peek()) && !this.#takeClock()) return false
    }
    return this.#takeZone() && this.#expectEnd()
  }

  /** `15`, `15:04`, `15:04:05.123`, `1504`, `150405`, `3:04:05 PM`; `15:04.5` is half a minute more. */
  #takeClock(): boolean {
    const count = this.#countDigits()
    if (count !== 1 && count !== 2 && count !== 4 && count !== 6) return this.#fail('expected a clock time')
    const isBasic = count > 2
    this.#takeNumber(2)
    const hour = this.#value
    let minute = 0
    let second = 0
    let unit = 3600
    if (isBasic || this.#peek() === COLON) {
      if (!isBasic) this.#at++
      if (!this.#takeNumber(2) || this.#digits !== 2) return this.#fail('expected two digits of minutes')
      minute = this.#value
      unit = 60
      if (count === 6 || (!isBasic && this.#peek() === COLON)) {
        if (!isBasic) this.#at++
        if (!this.#takeNumber(2)) return this.#fail('expected seconds')
        second = this.#value
        unit = 1
      }
    }
    if (hour > 24) return this.#fail(`hour ${hour} is not 0 to 24`)
    if (minute > 59) return this.#fail(`minute ${minute} is not 0 to 59`)
    if (second > 60) return this.#fail(`second ${second} is not 0 to 60`)
    if (hour === 24 && (minute > 0 || second > 0)) return this.#fail('hour 24 is only midnight')
    this.#clockSeconds = hour * 3600 + minute * 60 + second
    this.#takeFraction(unit)
    return this.#takeHalfDay(hour)
  }

  #takeFraction(unit: number): void {
    const mark = this.#peek()
    const next = this.#bytes[this.#at + 1]
    const isMillis = mark === COLON && unit === 1
    if (!(mark === POINT || mark === COMMA || isMillis) || this.#at + 1 >= this.#end || !isDigit(next!))
      return
    this.#at++
    let nanos = 0
    let scale = 100_000_000
    for (; this.#at < this.#end && isDigit(this.#bytes[this.#at]!); this.#at++) {
      nanos += (this.#bytes[this.#at]! - 0x30) * scale
      scale = Math.floor(scale / 10)
    }
    const total = nanos * unit
    this.#clockSeconds += Math.floor(total / 1e9)
    this.#nanos = total % 1e9
  }

  #takeHalfDay(hour: number): boolean {
    const before = this.#at
    this.#skipSpaces()
    const letter = this.#peek() | 0x20
    let at = this.#at + 1
    if (this.#bytes[at] === POINT) at++
    const isHalfDay =
      (letter === 0x61 || letter === 0x70) && at < this.#end && (this.#bytes[at]! | 0x20) === 0x6d
    if (!isHalfDay || (at + 1 < this.#end && isLetter(this.#bytes[at + 1]!))) {
      this.#at = before
      return true
    }
    this.#at = at + 1
    this.#skip(POINT)
    if (hour < 1 || hour > 12)
      return this.#fail(`hour ${hour} is not 1 to 12, as ${letter === 0x61 ? 'AM' : 'PM'} wants`)
    if (letter === 0x70 && hour < 12) this.#clockSeconds += 12 * 3600
    if (letter === 0x61 && hour === 12) this.#clockSeconds -= 12 * 3600
    return true
  }

  /** Nothing, `Z`, an offset, an abbreviation, or an IANA name; and what may stand behind an offset to explain it. */
  #takeZone(): boolean {
    this.#skipSpaces()
    const next = this.#peek()
    if (next === PLUS || next === MINUS) {
      if (!this.#takeOffset()) return false
      return this.#skipZoneComment()
    }
    if (next === 0x28 || next === 0x5b) return this.#takeBracketedZone()
    if (!isLetter(next)) return true
    const name = this.#takeZoneName()
    const isUtc = name === 'UTC' || name === 'GMT'
    if (isUtc && (this.#peek() === PLUS || this.#peek() === MINUS)) return this.#takeOffset()
    return this.#setZone(name) && this.#skipZoneComment()
  }

  #takeOffset(): boolean {
    const isWest = this.#peek() === MINUS
    this.#at++
    const count = this.#countDigits()
    let hours = 0
    let minutes = 0
    let seconds = 0
    if (count === 4 || count === 6) {
      this.#takeNumber(2)
      hours = this.#value
      this.#takeNumber(2)
      minutes = this.#value
      if (count === 6) {
        this.#takeNumber(2)
        seconds = this.#value
      }
    } else if (count === 1 || count === 2) {
      this.#takeNumber(2)
      hours = this.#value
      for (let part = 0; part < 2 && this.#peek() === COLON; part++) {
        this.#at++
        if (!this.#takeNumber(2)) return this.#fail('expected digits in the zone offset')
        if (part === 0) minutes = this.#value
        else seconds = this.#value
      }
    } else return this.#fail('expected a zone offset like +02:00')
    if (hours > 18 || minutes > 59 || seconds > 59) return this.#fail('the zone offset is beyond 18 hours')
    const offset = hours * 3600 + minutes * 60 + seconds
    this.#offset = isWest ? -offset : offset
    return true
  }

  /** `(PDT)` of mail, `[Europe/Berlin]` of Java, ` UTC m=+0.01` of Go: the offset before them counts. */
  #skipZoneComment(): boolean {
    this.#skipSpaces()
    const next = this.#peek()
    if (next === 0x28 || next === 0x5b) {
      const closing = this.#bytes.indexOf(next === 0x28 ? 0x29 : 0x5d, this.#at)
      if (closing < 0 || closing >= this.#end) return this.#fail('a bracket is not closed')
      this.#at = closing + 1
    } else if (isLetter(next)) {
      const name = this.#takeZoneName()
      if (name !== 'm' && findZoneAbbreviation(name) === undefined)
        return this.#fail(`unexpected text ${JSON.stringify(name)}`)
      this.#skipSpaces()
      if (name === 'm' || this.#peek() === 0x6d) this.#at = this.#end
    }
    return true
  }

  #takeBracketedZone(): boolean {
    const closing = this.#bytes.indexOf(this.#peek() === 0x28 ? 0x29 : 0x5d, this.#at)
    if (closing < 0 || closing >= this.#end) return this.#fail('a bracket is not closed')
    this.#at++
    const name = this.#takeZoneName()
    if (this.#at !== closing) return this.#fail('unexpected text in brackets')
    this.#at++
    return this.#setZone(name)
  }

  #setZone(name: string): boolean {
    const offset = findZoneAbbreviation(name)
    if (offset !== undefined) {
      this.#offset = offset
      return true
    }
    let zone = this.#zones.get(name)
    if (zone === undefined && !this.#zones.has(name)) {
      const isAskable = name.includes('/') && this.#zones.size < MAX_REMEMBERED_ZONES
      zone = isAskable ? findZoneClock(name) : undefined
      if (isAskable) this.#zones.set(name, zone)
    }
    if (zone === undefined) return this.#fail(`the zone ${JSON.stringify(name)} is not known`)
    this.#zone = zone
    return true
  }

  #setDate(year: number, month: number, day: number): boolean {
    if (month < 1 || month > 12) return this.#fail(`month ${month} is not 1 to 12`)
    const last = countMonthDays(year, month)
    if (day < 1 || day > last)
      return this.#fail(`day ${day} is not 1 to ${last}, as month ${month} of ${year} has`)
    this.#days = countDays(year, month, day)
    return true
  }

  #setOrdinalDate(year: number, dayOfYear: number): boolean {
    this.#format = 'iso'
    const last = countDays(year + 1, 1, 1) - countDays(year, 1, 1)
    if (dayOfYear < 1 || dayOfYear > last)
      return this.#fail(`day ${dayOfYear} of the year is not 1 to ${last}`)
    this.#days = countDays(year, 1, 1) + dayOfYear - 1
    return true
  }

  #setDateWithoutYear(month: number, day: number): boolean {
    if (day < 1 || day > countMonthDays(2000, month)) return this.#fail(`day ${day} is not in month ${month}`)
    const latest = this.#rules.referenceSeconds + SECONDS_PER_DAY
    let year = 1970 + Math.ceil(latest / (365.2425 * SECONDS_PER_DAY)) + 1
    // A 29th of February may be up to eight years away.
    for (let tries = 0; tries < 16; tries++, year--) {
      if (day > countMonthDays(year, month)) continue
      this.#days = countDays(year, month, day)
      if (this.#days * SECONDS_PER_DAY + this.#clockSeconds - (this.#offset ?? 0) <= latest) return true
    }
    return this.#fail('no year fits')
  }

  /** Two digits stand for 1969 to 2068, as POSIX has it. */
  #takeYear(): number | undefined {
    const count = this.#countDigits()
    if (count !== 4 && count !== 2) return undefined
    this.#takeNumber(count)
    if (count === 4) return this.#value
    return this.#value >= 69 ? 1900 + this.#value : 2000 + this.#value
  }

  #takeNumber(maxDigits: number): boolean {
    let value = 0
    let digits = 0
    while (digits < maxDigits && this.#at < this.#end && isDigit(this.#bytes[this.#at]!)) {
      value = value * 10 + this.#bytes[this.#at++]! - 0x30
      digits++
    }
    this.#value = value
    this.#digits = digits
    return digits > 0
  }

  #numberAt(at: number, digits: number): number {
    let value = 0
    for (let i = at; i < at + digits; i++) {
      if (i >= this.#end || !isDigit(this.#bytes[i]!)) return -1
      value = value * 10 + this.#bytes[i]! - 0x30
    }
    return value
  }

  #countDigits(): number {
    let at = this.#at
    while (at < this.#end && isDigit(this.#bytes[at]!)) at++
    return at - this.#at
  }

  #takeWord(): string {
    let word = ''
    while (this.#at < this.#end && isLetter(this.#bytes[this.#at]!)) {
      word += String.fromCharCode(this.#bytes[this.#at++]! | 0x20)
    }
    return word
  }

  #takeZoneName(): string {
    let name = ''
    while (this.#at < this.#end && isZoneNameByte(this.#bytes[this.#at]!, name)) {
      name += String.fromCharCode(this.#bytes[this.#at++]!)
    }
    return name
  }

  #skipOrdinalEnding(): void {
    const pair = ((this.#bytes[this.#at] ?? 0) << 8) | (this.#bytes[this.#at + 1] ?? 0)
    if (pair === 0x7374 || pair === 0x6e64 || pair === 0x7264 || pair === 0x7468) this.#at += 2
  }

  #skip(byte: number): void {
    if (this.#peek() === byte) this.#at++
  }

  /** Spaces, tabs, and the no-break spaces that newer `Intl` puts before AM and PM (U+00A0, U+202F). */
  #skipSpaces(): void {
    const bytes = this.#bytes
    for (;;) {
      const byte = this.#peek()
      if (isSpace(byte)) this.#at++
      else if (byte === 0xc2 && bytes[this.#at + 1] === 0xa0) this.#at += 2
      else if (byte === 0xe2 && bytes[this.#at + 1] === 0x80 && bytes[this.#at + 2] === 0xaf) this.#at += 3
      else return
    }
  }

  #peek(): number {
    return this.#at < this.#end ? this.#bytes[this.#at]! : -1
  }

  #expectEnd(): boolean {
    this.#skipSpaces()
    return this.#at >= this.#end || this.#fail('unexpected text after the time')
  }

  #fail(problem: string): false {
    this.#problem ||= problem
    return false
  }
}

/** Days since 1970 of the Monday of the first ISO week of a year: the week with the 4th of January. */
function findFirstMonday(year: number): number {
  const fourth = countDays(year, 1, 4)
  return fourth - ((((fourth + 3) % 7) + 7) % 7)
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isLetter(byte: number): boolean {
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
