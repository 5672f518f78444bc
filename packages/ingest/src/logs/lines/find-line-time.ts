import { findMonth } from '../../time/month-names.ts'
import type { LogClock } from '../core/log-clock.ts'
import type { LogFields } from '../core/log-format.ts'

/** The part of a line in which its time is looked for. */
const SEARCHED_LENGTH = 256

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*'
const CLOCK = String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9}|:\d{3}(?!\d))?)?`
/** Zones by their letters, those of mail (RFC 5322, section 4.3) and of servers that write any; none that is a word as well. */
const LETTERS =
  'UTC|UT|GMT|[ECMP][SD]T|AK[SD]T|HST|CES?T|MES?Z|EES?T|BST|MSK|IST|SGT|HKT|JST|KST|A[CEW]ST|A[CE]DT|NZ[SD]T'
const ZONE = String.raw`(?: ?(?:Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b)| (?:${LETTERS})\b)?`

/** Fri Mar  1 10:00:00 2024 +0100, Fri Mar  1 10:00:00 CET 2024, Mar 01, 2024 10:00:00 AM, and all of them without the year. */
const MONTH_FIRST = new RegExp(
  String.raw`\b(?:[A-Z][a-z]{2},? )?${MONTH} {1,2}\d{1,2},? (?:\d{4},? )?${CLOCK}(?: ?[AP]M\b)?(?: [A-Z]{3,4}(?= \d{4}))?(?: \d{4}\b)?${ZONE}`,
)
/** 3/1/2024 10:00:00 AM, 01.03.2024 10:00, 03/01/24 10:00:00 */
const NUMERIC = new RegExp(
  String.raw`(?<![\d.])\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d\d),?[ \t]${CLOCK}(?: ?[AP]M\b)?${ZONE}`,
)
/** Spellings of times, those that say most first; of several in a line the first one counts. */
const SPELLINGS: readonly RegExp[] = [
  // 2024-03-01T10:00:00.123Z, 2024/03/01 10:00:00,123 +0200, 2024.03.01-10:00:00
  new RegExp(String.raw`(?<!\d)\d{4}([-/.])\d\d?\1\d\d?[T\t _-] ?${CLOCK}${ZONE}`),
  // 01/Mar/2024:10:00:00 +0100, 1-Mar-2024 10:00:00, Fri, 01 Mar 2024 10:00:00 EST, 01-Mar-24 10:00:00
  new RegExp(
    String.raw`(?:\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), |(?<!\d))\d{1,2}[-/ ]${MONTH}[-/ ](?:\d{4}[: T],? ?|\d\d,? )${CLOCK}${ZONE}`,
  ),
  MONTH_FIRST,
  NUMERIC,
  // 20240301T100000Z, 20240301 10:00:00
  new RegExp(String.raw`(?<!\d)(?:19|20)\d{6}[T ](?:\d{6}|${CLOCK})${ZONE}(?!\d)`),
]
const NUMERIC_DAY = String.raw`(\d\d)[/-]?(\d\d)`
/**
 * Times of programs that write month and day as numbers and nothing of the year, told by all that a line begins with: Snort
 * and Suricata (12/28-12:55:38.765402), Android's logcat (01-02 03:04:05.123  512  530 D Tag), glog and klog
 * (I0102 03:04:05.123456 1 main.go:12]).
 */
const WITHOUT_YEAR: readonly RegExp[] = [
  new RegExp(String.raw`^()${NUMERIC_DAY}-(\d\d:\d\d:\d\d\.\d{1,6})(?=\s)`),
  new RegExp(String.raw`^()${NUMERIC_DAY} (\d\d:\d\d:\d\d\.\d{3})(?= +(?:\d+ +\d+ )?[VDIWEFSA](?: +\S|/))`),
  new RegExp(String.raw`^([IWEF])${NUMERIC_DAY} (\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?=\s)`),
]
/** 03:04:05 2026-01-02 and 12/28/21-12:55:38.765402 (Snort, with the year) at the very beginning. */
const TURNED: readonly RegExp[] = [
  /^(?<clock>\d\d:\d\d:\d\d(?:[.,]\d{1,9})?) (?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)(?!\d|[T _-] ?\d{1,2}:)/,
  /^(?<month>\d\d)\/(?<day>\d\d)\/(?<year>\d\d)-(?<clock>\d\d:\d\d:\d\d\.\d{1,6})(?=\s)/,
]
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
/** Seconds or milliseconds since 1970 at the very beginning; seconds from 2001 on. */
const EPOCH = /^[[(]?(1\d{9}(?:\.\d{1,9})?|1\d{12})(?=[\])\s:,])/

/** What all of these begin with. */
const OWN_BEGINNING = /^(?:[IWEF]\d{4} |\d\d[-/]\d\d[-/ ]|\d\d:\d\d:\d\d)/
/** A zone at the end of a time, whose digits are no year. */
const OFFSET = /[+-]\d\d:?\d\d$/
const YEAR = /(?<![\d:.,])\d{4}(?!\d)/
const SHORT_YEAR = /^\d{1,2}([-/.])\d{1,2}\1\d\d(?!\d)/
/** The date that a year is put behind. */
const MONTH_AND_DAY = new RegExp(String.raw`(${MONTH}) {1,2}(\d{1,2})`)

/** A time in a line. */
export interface LineTime {
  /** ISO 8601. */
  readonly datetime: string
  /** Where its text begins and ends (exclusive). */
  readonly start: number
  readonly end: number
  /** It says nothing of the year, which was taken for the latest that fits, as that of the first line is not told. */
  readonly lacksYear: boolean
  /** Its date is of numbers, that of the year has two digits: which of them it is follows from others. */
  readonly hasShortYear: boolean
}

/**
 * Finds the time of a line of which nothing is known: of the spellings that are read the one that stands first.
 *
 * @returns Undefined where none stands in the line's first 256 characters.
 */
export function findLineTime(line: string, clock: LogClock): LineTime | undefined {
  const head = line.length > SEARCHED_LENGTH ? line.slice(0, SEARCHED_LENGTH) : line
  if (!/\d\d/.test(head)) return undefined
  const epoch = EPOCH.exec(head)
  if (epoch) {
    const datetime = clock.read(epoch[1]!)
    const start = epoch[0].length - epoch[1]!.length
    if (datetime !== undefined) return { datetime, start, end: start + epoch[1]!.length, ...WHOLE }
  }
  const own = findOwnBeginning(head, clock)
  if (own) return own
  let best: { spelling: RegExp; text: string; start: number } | undefined
  for (const spelling of SPELLINGS) {
    const match = spelling.exec(head)
    if (match && (best === undefined || match.index < best.start))
      best = { spelling, text: match[0], start: match.index }
  }
  if (best === undefined) return undefined
  const { spelling, text, start } = best
  const isYearless = spelling === MONTH_FIRST && !YEAR.test(text.replace(OFFSET, ''))
  const told = isYearless ? addYear(text, clock) : toUsualSpelling(text)
  const datetime = clock.read(told)
  if (datetime === undefined) return undefined
  const hasShortYear = spelling === NUMERIC && SHORT_YEAR.test(text)
  return { datetime, start, end: start + text.length, lacksYear: isYearless && told === text, hasShortYear }
}

const WHOLE = { lacksYear: false, hasShortYear: false } as const

/** The time with the year that follows from that of the first line; as it is where none was told. */
function addYear(text: string, clock: LogClock): string {
  const [date, name, day] = MONTH_AND_DAY.exec(text) ?? []
  const month = name === undefined ? undefined : findMonth(name.toLowerCase())
  if (date === undefined || month === undefined) return text
  const year = clock.findYear(month, Number(day))
  return year === undefined ? text : text.replace(date, `${date} ${year}`)
}

/** A time in one of the spellings that are known only by what stands around them. */
function findOwnBeginning(head: string, clock: LogClock): LineTime | undefined {
  if (!OWN_BEGINNING.test(head)) return undefined
  for (const spelling of TURNED) {
    const match = spelling.exec(head)
    if (!match) continue
    const { year, month, day, clock: time } = match.groups!
    const datetime = clock.read(`${year!.padStart(4, '20')}-${month}-${day} ${time}`)
    if (datetime !== undefined) return { datetime, start: 0, end: match[0].length, ...WHOLE }
  }
  for (const spelling of WITHOUT_YEAR) {
    const [text, mark, month, day, time] = spelling.exec(head) ?? []
    const name = MONTHS[Number(month) - 1]
    if (text === undefined || name === undefined) continue
    const date = `${name} ${day}`
    const told = addYear(date, clock)
    const datetime = clock.read(`${told} ${time}`)
    if (datetime === undefined) continue
    return { ...WHOLE, datetime, start: mark!.length, end: text.length, lacksYear: told === date }
  }
  return undefined
}

/** A line without any known form as an event. */
export function describeLine(line: string, { datetime }: LineTime): LogFields {
  return { datetime, data_type: 'text:log:line', message: line }
}

/** As the readers of times know it: some programs part date and clock by `-`, `_` or `:`. */
function toUsualSpelling(text: string): string {
  return text
    .replace(/^(\d{4}[-/.]\d\d?[-/.]\d\d?)[_-] ?/, '$1 ')
    .replace(/^(\d{4})\.(\d\d?)\.(\d\d?)/, '$1-$2-$3')
}
