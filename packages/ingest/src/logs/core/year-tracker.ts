import { countDays } from '@timeskein/model/events'
import { countMonthDays } from '../../time/time-parts.ts'
import type { LogCarry } from './log-format.ts'

/** Days by which a line may lie before the one above it and still be of the same year: clocks are set back, and relays mix lines up. */
const DISORDER_DAYS = 31
const DAY_US = 86_400_000_000
/** Longest search for a year that has a 29th of February. */
export const LEAP_YEARS = 8

/**
 * Finds the years of times that have none.
 *
 * Where the year of a log's first line is known, a line that lies more than 31 days before the one above it begins a new year, and
 * one of the last two days of December below one of the first two of January is of the old one. Where it is not known, each line
 * gets the latest year that does not put it more than a day behind a point of reference, usually the file's time of change.
 */
export class YearTracker {
  readonly #reference: Date
  #year: number | undefined
  #dayOfYear: number

  /** @param carried - `year` and `day` (of the year, 0 for none) as they were at the line before. */
  constructor(carried: LogCarry, referenceUs: number) {
    this.#year = typeof carried['year'] === 'number' ? carried['year'] : undefined
    this.#dayOfYear = typeof carried['day'] === 'number' ? carried['day'] : 0
    this.#reference = new Date((referenceUs + DAY_US) / 1000)
  }

  /** What the line below is to know. */
  get carried(): LogCarry {
    return this.#year === undefined ? {} : { year: this.#year, day: this.#dayOfYear }
  }

  /** The year of the next line. */
  next(month: number, day: number): number {
    if (this.#year === undefined) return findLatestYear(month, day, this.#reference)
    const dayOfYear = countDays(2000, month, day) - FIRST_DAY + 1
    const previous = this.#dayOfYear
    if (previous <= 2 && previous > 0 && dayOfYear >= 365) return this.#year - 1
    if (dayOfYear < previous - DISORDER_DAYS) {
      this.#year++
      this.#dayOfYear = dayOfYear
    } else if (dayOfYear > previous) this.#dayOfYear = dayOfYear
    return this.#year
  }
}

/** Of a year with a 29th of February, in which every date has a number. */
const FIRST_DAY = countDays(2000, 1, 1)

/** The latest year in which a date is no later than the point of reference. */
export function findLatestYear(month: number, day: number, reference: Date): number {
  const last = reference.getUTCFullYear()
  for (let year = last; year > last - LEAP_YEARS; year--) {
    if (day > countMonthDays(year, month)) continue
    if (countDays(year, month, day) * 86_400_000 <= reference.getTime()) return year
  }
  return last
}
