import type { DatePart } from './query.ts'

const DATE = /^\s*(\d{4})[-/.](\d{2})[-/.](\d{2})(?:[T ](\d{2}):(\d{2}))?/
const MS_A_DAY = 86_400_000

/**
 * The part of a date as it is written (`2024-01-31T22:15:00+02:00` has hour 22), years first; no time zone is reckoned in.
 *
 * @returns Undefined for text that is no such date, or has no time of day where one is asked for.
 */
export function readDatePart(text: string, part: DatePart['part']): number | undefined {
  const found = DATE.exec(text)
  if (!found) return undefined
  const [year, month, day, hour, minute] = found
    .slice(1)
    .map((digits) => (digits ? Number(digits) : undefined))
  switch (part) {
    case 'year':
      return year
    case 'month':
      return month
    case 'day':
      return day
    case 'hour':
      return hour
    case 'minute':
      return minute
    case 'week':
      return weekOf(Date.UTC(year!, month! - 1, day!))
  }
}

/** The part of a time, milliseconds since 1970, in UTC. */
export function datePartOf(timeMs: number, part: DatePart['part']): number {
  const date = new Date(timeMs)
  switch (part) {
    case 'year':
      return date.getUTCFullYear()
    case 'month':
      return date.getUTCMonth() + 1
    case 'day':
      return date.getUTCDate()
    case 'hour':
      return date.getUTCHours()
    case 'minute':
      return date.getUTCMinutes()
    case 'week':
      return weekOf(timeMs)
  }
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
  const yearStart = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)
  return Math.floor((thursday - yearStart) / (7 * MS_A_DAY)) + 1
}
