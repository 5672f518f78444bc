import { readTime, type TimeResult } from '@timeskein/ingest/time'
import { formatIsoTime } from '@timeskein/model'

/** A date that was read, with how the event's `datetime` says it. */
export type WrittenDate =
  | { readonly ok: true; readonly us: bigint; readonly nanos: number; readonly text: string }
  | { readonly ok: false; readonly problem: string }

const CLOCK = /^T?(\d{1,2}:\d{2}.*|\d{1,2}\s*[ap]\.?m\.?)$/i
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?'
const MONTH_ALONE = new RegExp(`^${MONTH}$`, 'i')
const MONTH_AND_DAY = new RegExp(`^${MONTH}\\s*${DAY}$`, 'i')
const DAY_AND_MONTH = new RegExp(`^${DAY}\\s*(?:of\\s+)?${MONTH}(?:\\s+(\\d{4}))?$`, 'i')
const YEAR_AND_MONTH = new RegExp(`^(\\d{4})[\\s/]+(?:${MONTH}|(\\d{1,2}))$`, 'i')
const WEEKDAY =
  /^(sun(?:day)?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?)$/i
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ')
/** Below it a number is a part of a date, not seconds since 1970 (1973-03-03). */
const LEAST_EPOCH_DIGITS = 9

/**
 * Reads a date that somebody typed: whatever the reader of files takes, and texts that say a part only, as dateutil 2.9 reads them
 * (`2024`, `99`, `12:30`, `3 pm`, `15`, `Friday`). What lies below the part that is said begins; what lies above it is today's, in UTC.
 * There dateutil has today's day and month below a year as well.
 */
export function readWrittenDate(text: string, nowMs: number): WrittenDate {
  const trimmed = text.trim()
  if (isShortNumber(trimmed)) {
    const whole = completeNumber(trimmed, new Date(nowMs))
    return whole === undefined
      ? { ok: false, problem: 'no date has these digits' }
      : complete(readTime(whole))
  }
  const whole = completeWords(trimmed, new Date(nowMs))
  if (whole !== undefined) return complete(readTime(whole))
  const read = readTime(text)
  return read.ok ? { ok: true, ...read.time, text } : read
}

/** The event says the whole date, where the text that was typed says a part of it. */
function complete(read: TimeResult): WrittenDate {
  if (!read.ok) return read
  const { us, nanos } = read.time
  return { ok: true, us, nanos, text: formatIsoTime(us, nanos) }
}

function isShortNumber(text: string): boolean {
  return /^[+-]?\d+(?:\.\d*)?$/.test(text) && text.replace(/\..*|\D/g, '').length < LEAST_EPOCH_DIGITS
}

/** Digits alone: a day of this month, a year of two to four digits, or a date of six or eight. */
function completeNumber(text: string, now: Date): string | undefined {
  if (!/^\d+$/.test(text)) return undefined
  const value = Number(text)
  if (text.length === 8) return text
  if (text.length === 6) return completeSixDigits(text, now)
  if (text.length > 4) return undefined
  if (value > 31) return writeDay(text.length > 2 ? value : nearestCentury(value, now), 1, 1)
  return writeDay(now.getUTCFullYear(), now.getUTCMonth() + 1, value)
}

/** Year first where the first two digits can be no day, day first where they can be no month, else month first. */
function completeSixDigits(text: string, now: Date): string {
  const [first, second, third] = [0, 2, 4].map((at) => Number(text.slice(at, at + 2))) as [
    number,
    number,
    number,
  ]
  if (first > 31) return writeDay(nearestCentury(first, now), second, third)
  const year = nearestCentury(third, now)
  return first > 12 ? writeDay(year, second, first) : writeDay(year, first, second)
}

function completeWords(text: string, now: Date): string | undefined {
  const year = now.getUTCFullYear()
  const clock = CLOCK.exec(text)?.[1]
  // A clock behind which a date stands is read with it.
  if (clock !== undefined && !/\d{4}-|\d\/\d/.test(clock)) return `${dayOf(now)} ${clock}`
  const named = MONTH_ALONE.exec(text)
  if (named) return writeDay(year, monthOf(named[1]!), 1)
  const monthFirst = MONTH_AND_DAY.exec(text)
  if (monthFirst) return completeNamed(year, monthFirst[1]!, Number(monthFirst[2]))
  const dayFirst = DAY_AND_MONTH.exec(text)
  if (dayFirst) return completeNamed(Number(dayFirst[3] ?? year), dayFirst[2]!, Number(dayFirst[1]))
  const yearFirst = YEAR_AND_MONTH.exec(text)
  if (yearFirst)
    return writeDay(Number(yearFirst[1]), yearFirst[2] ? monthOf(yearFirst[2]) : Number(yearFirst[3]), 1)
  const weekday = WEEKDAY.exec(text)?.[1]
  return weekday === undefined ? undefined : nextWeekday(weekday, now)
}

/** A number behind a month that can be no day of it is a year. */
function completeNamed(year: number, month: string, number: number): string {
  return number > 31
    ? writeDay(nearestCentury(number, new Date(Date.UTC(year, 0))), monthOf(month), 1)
    : writeDay(year, monthOf(month), number)
}

/** Today, where it is that day of the week. */
function nextWeekday(name: string, now: Date): string {
  const ahead = (WEEKDAYS.indexOf(name.slice(0, 3).toLowerCase()) - now.getUTCDay() + 7) % 7
  return dayOf(new Date(now.getTime() + ahead * 86_400_000))
}

/** The year of two digits that is less than fifty years ahead, and not fifty years ago or more. */
function nearestCentury(digits: number, now: Date): number {
  const current = now.getUTCFullYear()
  const year = current - (current % 100) + digits
  if (year >= current + 50) return year - 100
  return year < current - 50 ? year + 100 : year
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function writeDay(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join(
    '-',
  )
}
