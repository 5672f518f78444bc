import type { LogClock } from '../core/log-clock.ts'
import type { LogFields } from '../core/log-format.ts'

/** The part of a line in which its time is looked for. */
const SEARCHED_LENGTH = 256

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*'
const CLOCK = String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?`
const ZONE = String.raw`(?: ?(?:Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?`

/** Spellings of times, those that say most first; of several in a line the first one counts. */
const SPELLINGS: readonly RegExp[] = [
  // 2024-03-01T10:00:00.123Z, 2024/03/01 10:00:00,123 +0200, 2024.03.01-10:00:00
  new RegExp(String.raw`(?<!\d)\d{4}([-/.])\d\d?\1\d\d?[T _-] ?${CLOCK}${ZONE}`),
  // 01/Mar/2024:10:00:00 +0100, 1-Mar-2024 10:00:00, 01 Mar 2024 10:00:00
  new RegExp(String.raw`(?<!\d)\d{1,2}[-/ ]${MONTH}[-/ ]\d{4}[: T],? ?${CLOCK}${ZONE}`),
  // Fri Mar  1 10:00:00 2024, Fri Mar  1 10:00:00 CET 2024, Mar 01, 2024 10:00:00 AM
  new RegExp(
    String.raw`\b(?:[A-Z][a-z]{2},? )?${MONTH} {1,2}\d{1,2},? (?:\d{4},? )?${CLOCK}(?: ?[AP]M\b)?(?: [A-Z]{3,4}(?= \d{4}))?(?: \d{4}\b)?${ZONE}`,
  ),
  // 3/1/2024 10:00:00 AM, 01.03.2024 10:00
  new RegExp(String.raw`(?<!\d)\d{1,2}([-/.])\d{1,2}\1\d{4},? ${CLOCK}(?: ?[AP]M\b)?${ZONE}`),
  // 20240301T100000Z, 20240301 10:00:00
  new RegExp(String.raw`(?<!\d)(?:19|20)\d{6}[T ](?:\d{6}|${CLOCK})${ZONE}(?!\d)`),
]
/** Seconds or milliseconds since 1970 at the very beginning; seconds from 2001 on. */
const EPOCH = /^[[(]?(1\d{9}(?:\.\d{1,9})?|1\d{12})(?=[\])\s:,])/

/** A time in a line. */
export interface LineTime {
  /** ISO 8601. */
  readonly datetime: string
  /** Where its text begins and ends (exclusive). */
  readonly start: number
  readonly end: number
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
    if (datetime !== undefined) return { datetime, start, end: start + epoch[1]!.length }
  }
  let best: { text: string; start: number } | undefined
  for (const spelling of SPELLINGS) {
    const match = spelling.exec(head)
    if (match && (best === undefined || match.index < best.start))
      best = { text: match[0], start: match.index }
  }
  if (best === undefined) return undefined
  const datetime = clock.read(toUsualSpelling(best.text))
  return datetime === undefined
    ? undefined
    : { datetime, start: best.start, end: best.start + best.text.length }
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
