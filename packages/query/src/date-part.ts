import type { DatePart } from './query.ts'

const DATE = /^\s*(\d{4})[-/.](\d{2})[-/.](\d{2})(?:[T ](\d{2}):(\d{2}))?/
const MS_A_DAY = 86_400_000

/**
 * The part of a date as it is written (`2024-01-31T22:15:00+02:00` has hour 22), years first; no time zone is reckoned in, unless one
 * is named: then a date without a zone of its own is one of UTC.
 *
 * @returns Undefined for text that is no such date, or has no time of day where one is asked for.
 */
export function readDatePart(text: string, part: DatePart['part'], timeZone?: string): number | undefined {
  const found = DATE.exec(text)
  if (!found) return undefined
  const [year, month, day, hour, minute] = found
    .slice(1)
    .map((digits) => (digits ? Number(digits) : undefined))
  if (hour === undefined && TIMES_OF_DAY.has(part)) return undefined
  const written: Written = { year: year!, month: month!, day: day!, hour: hour ?? 0, minute: minute ?? 0 }
  if (timeZone === undefined || hour === undefined) return partOf(written, part)
  return datePartOf(timeOf(written) - readOffsetMs(text), part, timeZone)
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

/** The part of a time, milliseconds since 1970, in UTC or by the clocks of a time zone. */
export function datePartOf(timeMs: number, part: DatePart['part'], timeZone?: string): number {
  const date = new Date(timeZone === undefined ? timeMs : timeMs + offsetOf(timeMs, timeZone))
  const written: Written = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  }
  return partOf(written, part)
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

const QUARTER_MS = 900_000
/** Offsets of the quarters of an hour that were asked for last: zones change theirs at none other. */
const offsets = new Map<string, number>()
const MAX_OFFSETS = 10_000
/** There are as many as the database has zones, and to make one takes long. */
const clocks = new Map<string, Intl.DateTimeFormat>()

/** Milliseconds by which the clocks of a zone are ahead of UTC at a time. */
function offsetOf(timeMs: number, timeZone: string): number {
  const quarterMs = Math.floor(timeMs / QUARTER_MS) * QUARTER_MS
  const key = `${timeZone} ${quarterMs}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const parts = clockOf(timeZone).formatToParts(quarterMs)
  const read = (type: string): number => Number(parts.find((one) => one.type === type)?.value)
  const own: Written = {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
  }
  const ownMs = timeOf(own) + read('second') * 1000
  if (offsets.size >= MAX_OFFSETS) offsets.clear()
  offsets.set(key, ownMs - quarterMs)
  return ownMs - quarterMs
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone)
  if (!clock) {
    const numeric = 'numeric'
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    })
    clocks.set(timeZone, clock)
  }
  return clock
}

/** Whether a text names a time zone of the IANA database. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text })
    return true
  } catch {
    // That is how unknown names are told.
    return false
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
  const yearStart = new Date(0).setUTCFullYear(new Date(thursday).getUTCFullYear(), 0, 1)
  return Math.floor((thursday - yearStart) / (7 * MS_A_DAY)) + 1
}
