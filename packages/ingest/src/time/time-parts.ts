import type { TimeFormat } from './time-format.ts'

/** What a parser fills in: one object is used for all rows, so that a row allocates nothing. */
export interface TimeParts {
  /** Whole seconds since 1970-01-01T00:00:00, rounded down: in UTC when `hasZone`, else on the clock of an unnamed zone. */
  seconds: number
  /** 0 to 999,999,999 nanoseconds more. */
  nanos: number
  hasZone: boolean
  /** The shape that was found. */
  format: TimeFormat
  /** For `slash` dates: what the value itself shows of the order of day and month; undefined when both are possible. */
  order: 'day-first' | 'month-first' | undefined
  /** Why the text is no time; empty after a success. */
  problem: string
}

/** A fresh object for parsers to fill. */
export function makeTimeParts(): TimeParts {
  return {
    seconds: 0,
    nanos: 0,
    hasZone: false,
    format: 'iso',
    order: undefined,
    problem: '',
  }
}

/** Seconds since 1970 that 64 bits of microseconds reach, both ways. */
export const MAX_EVENT_SECONDS = 9_223_372_036_854

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** How many days a month (1 to 12) of a year of the Gregorian calendar has. */
export function countMonthDays(year: number, month: number): number {
  if (month === 2 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return 28
  return DAYS_IN_MONTH[month - 1]!
}
