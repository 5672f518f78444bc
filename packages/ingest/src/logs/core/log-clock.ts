import { countDays } from '@timeskein/model/events'
import { isCalendarSeconds } from '../../time/calendar-seconds.ts'
import { findMonth } from '../../time/month-names.ts'
import { countMonthDays } from '../../time/time-parts.ts'
import { TimeReader, UnknownZoneError } from '../../time/time-reader.ts'
import { findZoneClock, type ZoneClock } from '../../time/time-zone.ts'
import type { LogCarry } from './log-format.ts'
import { YearTracker } from './year-tracker.ts'

const DAY_SECONDS = 86_400
/** `26/03/01`: no log is of the century before. */
const YEAR_FIRST = /^(\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/
const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, number) =>
  String(number).padStart(2, '0'),
)

/** In which order the numbers of a date stand (`01/02/26`); the year is first only where it has two digits. */
export type DateOrder = 'month-first' | 'day-first' | 'year-first'

/** How times of a log are read. */
export interface LogClockOptions {
  /** Zone of times that name none. */
  readonly timeZone: string
  readonly dateOrder: DateOrder
  /** Microseconds since 1970 that times without a year must not lie after by more than a day. */
  readonly referenceUs: number
  /** What is carried to the beginning of the stretch. */
  readonly carried: LogCarry
}

/**
 * Writes the times of a log as ISO 8601 in UTC. Each method gives undefined for what is no time: a 31st of April, an hour 25.
 */
export class LogClock {
  readonly #zone: ZoneClock | undefined
  readonly #reader: TimeReader
  readonly #years: YearTracker
  /** In which order the numbers of a date stand. */
  readonly dateOrder: DateOrder
  #lastSeconds = Number.NaN
  #lastText = ''
  #lastDay = Number.NaN
  #lastDate = ''

  /** @throws {UnknownZoneError} When the zone is not known. */
  constructor({ timeZone, dateOrder, referenceUs, carried }: LogClockOptions) {
    this.#zone = timeZone === 'UTC' ? undefined : findZoneClock(timeZone)
    if (timeZone !== 'UTC' && this.#zone === undefined) throw new UnknownZoneError(timeZone)
    this.dateOrder = dateOrder
    this.#reader = new TimeReader(undefined, { timeZone, dayFirst: dateOrder === 'day-first', referenceUs })
    this.#years = new YearTracker(carried, referenceUs)
  }

  /**
   * A clock time in the log's zone.
   *
   * @param month - 1 to 12.
   * @param fraction - Digits of the second's fraction, at most nine count.
   */
  local(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
    fraction = '',
  ): string | undefined {
    const seconds = toSeconds(year, month, day, hour, minute, second)
    if (seconds === undefined) return undefined
    return this.utc(this.#zone === undefined ? seconds : this.#zone.toUtc(seconds), fraction)
  }

  /** As `local`, with the seconds that the zone is east of UTC. */
  offset(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
    fraction: string,
    offsetSeconds: number,
  ): string | undefined {
    const seconds = toSeconds(year, month, day, hour, minute, second)
    return seconds === undefined ? undefined : this.utc(seconds - offsetSeconds, fraction)
  }

  /** A clock time in the log's zone of which the year is to be found out by what is before and behind it. */
  withoutYear(
    monthName: string,
    day: number,
    hour: number,
    minute: number,
    second: number,
    fraction: string,
  ): string | undefined {
    const month = findMonth(monthName.toLowerCase())
    if (month === undefined) return undefined
    return this.local(this.#years.next(month, day), month, day, hour, minute, second, fraction)
  }

  /** Seconds since 1970, whole. */
  utc(seconds: number, fraction = ''): string | undefined {
    if (!isCalendarSeconds(seconds)) return undefined
    if (seconds !== this.#lastSeconds) {
      this.#lastSeconds = seconds
      this.#lastText = this.#writeSeconds(seconds)
    }
    return fraction === '' ? `${this.#lastText}+00:00` : `${this.#lastText}.${fraction.slice(0, 9)}+00:00`
  }

  /** Lines of one day follow one another: its date is written once. */
  #writeSeconds(seconds: number): string {
    const day = Math.floor(seconds / DAY_SECONDS)
    if (day !== this.#lastDay) {
      this.#lastDay = day
      this.#lastDate = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, -'00:00:00.000Z'.length)
    }
    const ofDay = seconds - day * DAY_SECONDS
    const minutes = Math.floor(ofDay / 60)
    return `${this.#lastDate}${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[ofDay % 60]}`
  }

  /** What the line below is to know of years. */
  get carried(): LogCarry {
    return this.#years.carried
  }

  /** The year of the next line, of which the date is told; undefined where the year of no line was. */
  findYear(month: number, day: number): number | undefined {
    return this.carried['year'] === undefined ? undefined : this.#years.next(month, day)
  }

  /** A time in any spelling that this program knows; the log's zone counts where it names none. */
  read(text: string): string | undefined {
    const told = this.dateOrder === 'year-first' ? text.replace(YEAR_FIRST, '20$1-$3-$4') : text
    if (!this.#reader.readText(told)) return undefined
    const { seconds, nanosOfSecond } = this.#reader
    return this.utc(seconds, nanosOfSecond === 0 ? '' : shortenFraction(nanosOfSecond))
  }
}

/** Seconds that a zone written as `+0200`, `+02:00`, `-05` or `Z` is east of UTC; undefined for anything else. */
export function readOffset(text: string): number | undefined {
  if (text === 'Z') return 0
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(text)
  if (!match) return undefined
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60
  return match[1] === '-' ? -seconds : seconds
}

function shortenFraction(nanos: number): string {
  const digits = String(nanos).padStart(9, '0')
  if (digits.endsWith('000000')) return digits.slice(0, 3)
  return digits.endsWith('000') ? digits.slice(0, 6) : digits
}

function toSeconds(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= countMonthDays(year, month))) return undefined
  // A leap second is told as the one behind it.
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined
  return countDays(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}
