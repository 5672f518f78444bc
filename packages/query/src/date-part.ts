import type { DatePart } from './query.ts'
import { findTimeZone, type OffsetAt } from './time-zone.ts'

const DATE = /^\s*(\d{4})[-/.](\d{2})[-/.](\d{2})(?:[T ](\d{2}):(\d{2}))?/
const MS_A_DAY = 86_400_000

/** A part of dates, in UTC or by the clocks of one time zone. */
export class DatePartReader {
  readonly #part: DatePart['part']
  readonly #offsetAt: OffsetAt | undefined

  /** @throws RangeError When nobody knows the time zone. */
  constructor({ part, timeZone }: Pick<DatePart, 'part' | 'timeZone'>) {
    this.#part = part
    this.#offsetAt = timeZone === undefined ? undefined : findTimeZone(timeZone)
    if (timeZone !== undefined && !this.#offsetAt) throw new RangeError(`"${timeZone}" is no time zone`)
  }

  /** The part of a time, milliseconds since 1970. */
  ofTime(timeMs: number): number {
    const date = new Date(timeMs + (this.#offsetAt?.(timeMs) ?? 0))
    const written: Written = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
    }
    return partOf(written, this.#part)
  }

  /**
   * The part of a date as it is written (`2024-01-31T22:15:00+02:00` has hour 22), years first; no time zone is reckoned in, unless
   * the reader has one: then a date without a zone of its own is one of UTC.
   *
   * @returns Undefined for text that is no such date, or has no time of day where one is asked for.
   */
  ofText(text: string): number | undefined {
    const found = DATE.exec(text)
    if (!found) return undefined
    const [year, month, day, hour, minute] = found
      .slice(1)
      .map((digits) => (digits ? Number(digits) : undefined))
    if (hour === undefined && TIMES_OF_DAY.has(this.#part)) return undefined
    const written: Written = {
      year: year!,
      month: month!,
      day: day!,
      hour: hour ?? 0,
      minute: minute ?? 0,
    }
    if (!this.#offsetAt || hour === undefined) return partOf(written, this.#part)
    return this.ofTime(timeOf(written) - readOffsetMs(text))
  }
}

/** A date and a clock as somebody wrote them, who may have written a 13th month or an hour 24. */
type Written = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>>

const TIMES_OF_DAY: ReadonlySet<DatePart['part']> = new Set(['hour', 'minute', 'minute-of-day'])

/** How far a date's own zone is from UTC. */
function readOffsetMs(text: string): number {
  const [, sign, hours, minutes = '0'] = /:[\d.,]+\s*([+-])(\d\d):?(\d\d)?\s*$/.exec(text) ?? []
  if (hours === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

function partOf(written: Written, part: DatePart['part']): number {
  switch (part) {
    case 'week':
      return weekOf(timeOf(written))
    case 'minute-of-day':
      return written.hour * 60 + written.minute
    case 'weekday':
      return ((new Date(timeOf(written)).getUTCDay() + 6) % 7) + 1
    case 'date':
      return written.month * 100 + written.day
    default:
      return written[part]
  }
}

/** The time in UTC. `Date.UTC` would take the years up to 99 for those of the twentieth century. */
function timeOf({ year, month, day, hour, minute }: Written): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) + (hour * 60 + minute) * 60_000
}

/** Whether a text names a time zone. */
export function isTimeZone(text: string): boolean {
  return findTimeZone(text) !== undefined
}

/** Whether a part lies in the range that a question asks for. */
export function isInDatePart({ gte, gt, lte, lt }: DatePart, number: number): boolean {
  return (
    (gte === undefined || number >= gte) &&
    (gt === undefined || number > gt) &&
    (lte === undefined || number <= lte) &&
    (lt === undefined || number < lt)
  )
}

/** ISO 8601 week: weeks begin on Monday, and the first has the year's first Thursday. */
function weekOf(timeMs: number): number {
  const dayStart = Math.floor(timeMs / MS_A_DAY) * MS_A_DAY
  const weekday = (new Date(dayStart).getUTCDay() + 6) % 7
  const thursday = dayStart + (3 - weekday) * MS_A_DAY
  const yearStart = new Date(0).setUTCFullYear(new Date(thursday).getUTCFullYear(), 0, 1)
  return Math.floor((thursday - yearStart) / (7 * MS_A_DAY)) + 1
}
