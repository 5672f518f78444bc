import type { Reading } from './instant.ts'
import { readZoneOffset } from './zone-offset.ts'

/** Pieces of a time as they are written; what is left out is undefined. */
type Pieces = Readonly<Record<string, string | undefined>>

const WEEKDAY = '(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\\.?,?\\s+)?'
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH =
  '(?<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?'

/** Dates with a year. */
const DATES = [
  // 2024-03-01, 2024/3/1, 2024:03:01 (Exif)
  '(?<year>\\d{4})(?<mark>[-/.:])(?<month>\\d{1,2})\\k<mark>(?<day>\\d{1,2})',
  // 03/01/2024, 31/12/2024, 31.12.24
  '(?<first>\\d{1,2})(?<mark>[-/.])(?<second>\\d{1,2})\\k<mark>(?<year>\\d{4}|\\d\\d)',
  // Fri, 01 Mar 2024 (RFC 5322), 01-Mar-24, 01/Mar/2024 (Common Log Format)
  `${WEEKDAY}${DAY}[-/\\s]\\s*${MONTH}[-/,\\s]\\s*(?<year>\\d{4}|\\d\\d)`,
  // March 1st, 2024
  `${WEEKDAY}${MONTH}\\s+${DAY},?\\s+(?<year>\\d{4})`,
  // 2024-Mar-01
  `(?<year>\\d{4})[-/\\s]${MONTH}[-/\\s](?<day>\\d{1,2})`,
]
// The colon of the Common Log Format comes behind a whole year only: in `1 Mar 10:00` it is the clock's.
const GAP = '(?:[t_]|(?<=\\d{4}):|,?\\s+(?:at\\s+)?)'
const CLOCK =
  '(?<hour>\\d{1,2})(?::(?<minute>\\d\\d)(?::(?<seconds>\\d\\d)(?:[.,:](?<fraction>\\d+))?)?)?(?:\\s*(?<half>[ap])\\.?m\\.?)?'
/** In brackets may stand what an offset is called. */
const ZONE =
  '(?:\\s*(?:(?<zone>[a-z]{1,5})(?<offset>[-+](?:\\d{4}|\\d{1,2}(?::\\d\\d)?))?|(?<bare>[-+](?:\\d{4}|\\d{1,2}(?::\\d\\d)?)))(?:\\s*(?:\\([^()]*\\)|\\[[^\\][]*\\]))?)?'
const COMPACT_DATE = '(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)'
const COMPACT_CLOCK = '(?<hour>\\d\\d)(?<minute>\\d\\d)(?:(?<seconds>\\d\\d)(?:[.,](?<fraction>\\d+))?)?'

/** Ways of writing a time, of which no text fits two with different meanings. */
const SPELLINGS: readonly RegExp[] = [
  ...DATES.map((date) => `${date}(?:${GAP}${CLOCK}${ZONE})?`),
  ...DATES.map((date) => `${CLOCK},?\\s+${date}`),
  // 20240301, 20240301T101500Z, 20240301101500, 20240301 10:15
  COMPACT_DATE,
  `${COMPACT_DATE}(?:t|\\s+)?${COMPACT_CLOCK}${ZONE}`,
  `${COMPACT_DATE}(?:t|\\s+)${CLOCK}${ZONE}`,
  // 20240301101500.123456+060: of WMI, with minutes from UTC
  `${COMPACT_DATE}${COMPACT_CLOCK}(?<minutes>[-+]\\d{3})`,
  // Fri Mar  1 10:15:00 UTC 2024 (asctime, date)
  `${WEEKDAY}${MONTH}\\s+${DAY}\\s+${CLOCK}${ZONE}\\s+(?<year>\\d{4})`,
  // Mar  1 10:15:00 (syslog)
  `${WEEKDAY}${MONTH}\\s+${DAY}\\s+${CLOCK}${ZONE}`,
].map((source) => new RegExp(`^${source}$`, 'i'))

/** No way of writing a time needs more characters. */
const MAX_LENGTH = 96
const SECONDS_PER_DAY = 86_400

/**
 * Reads a time that is written with words or marks, as dateutil does, which Timesketch's importer reads times with, but for two things:
 * what is missing is not taken from the present day, and no day is guessed from a text that has two meanings. Without zone it is UTC.
 *
 * @param nowMs - A time without year gets the latest that puts it at most a day after this, as in the server's importer.
 */
export function readTextTime(text: string, nowMs: number): Reading {
  const bare = /^(?:\[([^\][]*)\]|"([^"]*)")$/.exec(text)
  const written = (bare?.[1] ?? bare?.[2] ?? text).trim()
  if (written.length > MAX_LENGTH) return { problem: '' }
  for (const spelling of SPELLINGS) {
    const pieces = spelling.exec(written)?.groups
    if (pieces) return assemble(pieces, nowMs)
  }
  return { problem: /^\d{1,2}(?::\d\d|\s*[ap]\.?m\b)/i.test(written) ? 'it has no day' : '' }
}

function assemble(pieces: Pieces, nowMs: number): Reading {
  const clock = readClock(pieces)
  const offset =
    pieces['minutes'] === undefined
      ? readZoneOffset(pieces['zone'], pieces['offset'] ?? pieces['bare'])
      : Number(pieces['minutes']) * 60
  const date = readMonthAndDay(pieces)
  for (const one of [date, clock, offset]) if (typeof one === 'string') return { problem: one }
  // None of them is a problem.
  const [month, day] = date as readonly [number, number]
  const rest = (clock as number) - (offset as number)
  const year = pieces['year'] === undefined ? findYear(month, day, rest, nowMs) : readYear(pieces['year'])
  if (year < 1) return { problem: `there is no year ${year}` }
  const last = countMonthDays(year, month)
  if (day < 1 || day > last)
    return { problem: `day ${day} is not 1 to ${last}, as month ${month} of ${year} has` }
  return { seconds: toSeconds(year, month, day) + rest, fraction: pieces['fraction'] ?? '' }
}

function readMonthAndDay({
  name,
  month,
  day,
  first,
  second,
  mark,
}: Pieces): readonly [number, number] | string {
  let found: readonly [number, number]
  if (name !== undefined) found = [MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1, Number(day)]
  else if (first === undefined) found = [Number(month), Number(day)]
  else {
    const isDayFirst = Number(first) > 12
    // Of 1.2.2024 dateutil makes the 2nd of January, and everybody who writes so means the 1st of February.
    if (mark === '.' && !isDayFirst && Number(second) <= 12 && Number(first) !== Number(second))
      return 'which is the day and which is the month is not known: write YYYY-MM-DD'
    found = isDayFirst ? [Number(second), Number(first)] : [Number(first), Number(second)]
  }
  return found[0] < 1 || found[0] > 12 ? `month ${found[0]} is not 1 to 12` : found
}

/** Seconds since midnight. */
function readClock(pieces: Pieces): number | string {
  const { half } = pieces
  const hour = Number(pieces['hour'] ?? 0)
  const minute = Number(pieces['minute'] ?? 0)
  const second = Number(pieces['seconds'] ?? 0)
  if (pieces['hour'] !== undefined && pieces['minute'] === undefined && half === undefined)
    return 'the clock time has no minutes'
  if (half !== undefined && (hour < 1 || hour > 12)) return `hour ${hour} is not 1 to 12, as AM and PM want`
  if (hour > 24 || (hour === 24 && minute + second > 0)) return `hour ${hour} is not 0 to 23`
  if (minute > 59) return `minute ${minute} is not 0 to 59`
  // A leap second is the first of the next minute.
  if (second > 60) return `second ${second} is not 0 to 60`
  const hourOfDay = half === undefined ? hour : (hour % 12) + (/p/i.test(half) ? 12 : 0)
  return hourOfDay * 3600 + minute * 60 + second
}

/** Two digits are of the years 1969 to 2068, as POSIX has it. */
function readYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return year
  return year >= 69 ? 1900 + year : 2000 + year
}

/** The latest year that puts a day at most one day after the present; 29 February waits for a year that has it. */
function findYear(month: number, day: number, rest: number, nowMs: number): number {
  const present = new Date(nowMs).getUTCFullYear()
  const latest = nowMs / 1000 + SECONDS_PER_DAY
  for (let year = present + 1; year > present - 9; year -= 1)
    if (day <= countMonthDays(year, month) && toSeconds(year, month, day) + rest <= latest) return year
  return present
}

function countMonthDays(year: number, month: number): number {
  return new Date(toSeconds(year, month + 1, 0) * 1000).getUTCDate()
}

// Date.UTC takes the years 0 to 99 for those of 1900.
function toSeconds(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / 1000
}
