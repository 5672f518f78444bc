import type { Buffer } from 'node:buffer'
import { findDateOrder } from '../core/find-date-order.ts'
import { LogClock } from '../core/log-clock.ts'
import type { LogCarry, LogFormat, LogReader } from '../core/log-format.ts'
import { areMostly, type LogSample } from '../core/log-sample.ts'
import { describeLine, findLineTime } from './find-line-time.ts'

/** Share of the lines that must have a time for a text to be a log. */
const ENOUGH_DATED = 0.1
/** Share of the lines that begin with a time after which no delimiter may follow for a text to be a log though it could be a table. */
const ENOUGH_BEGINNING = 0.8

/** Bytes of a line in which its time is looked for, whatever its letters take. */
const SEARCHED_BYTES = 1024

const UTC_CLOCK = { timeZone: 'UTC', dateOrder: 'month-first', referenceUs: 0, carried: {} } as const

/** Text logs of no known form: each line with a time is an event, with the lines below that have none. */
export const LINES_FORMAT: LogFormat = {
  name: 'lines',
  title: 'text log of no known form',
  recognisedBy: 'a time in one line of ten at least',
  description: 'Event Logged',
  constants: { data_type: 'text:log:line', source_short: 'LOG', source_long: 'Text Log' },
  matches: hasDatedLines,
  lacksYear: (line) => findLineTime(line, SPLIT_CLOCK)?.lacksYear === true,
  hasYearsByLine: true,
  carry: carryYear,
  findDateOrder: ({ lines }, referenceUs) => findDateOrder(lines, referenceUs),
  splits: (lines, at) => /\d\d/.test(lines[at]!) && findLineTime(lines[at]!, SPLIT_CLOCK) !== undefined,
  open: ({ sink, clock }): LogReader => ({
    read(line, number) {
      const time = findLineTime(line, clock)
      if (time === undefined) return false
      if (time.lacksYear) sink.note('yearless', number)
      if (time.hasShortYear) sink.note(clock.dateOrder, number)
      sink.keep(describeLine(line, time), number)
      return true
    },
  }),
}

/** Only asked whether there is a time; whatever it is. */
const SPLIT_CLOCK = new LogClock(UTC_CLOCK)

/** What the year of a text's first line says of those behind it, where it is told. */
function carryYear(carried: LogCarry, text: Buffer): LogCarry {
  if (carried['year'] === undefined) return carried
  const clock = new LogClock({ ...UTC_CLOCK, carried })
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf(0x0a, at)
    const end = found < 0 ? text.length : found
    findLineTime(text.toString('utf8', at, Math.min(end, at + SEARCHED_BYTES)), clock)
    at = end + 1
  }
  return clock.carried
}

/** Whether a text that nothing else can be made of is a log: enough of its lines have times. */
export function hasDatedLines({ lines }: LogSample): boolean {
  return areMostly(lines, (line) => findLineTime(line, SPLIT_CLOCK) !== undefined, ENOUGH_DATED)
}

/**
 * Whether lines are those of a log rather than a table's: the first of them begins with a time that no delimiter
 * follows, and so do most of those that begin with a time. Others may go on with the line above.
 *
 * @param delimiter - What would part its columns.
 */
export function areLogLines(lines: readonly string[], delimiter: string): boolean {
  const begins = (line: string): boolean | undefined => {
    const time = findLineTime(line, SPLIT_CLOCK)
    if (time === undefined || time.start > 1) return undefined
    return !line.startsWith(delimiter, time.end) && line[0] !== '"'
  }
  if (!begins(lines[0] ?? '')) return false
  const dated = lines.filter((line) => begins(line) !== undefined)
  return (
    dated.length >= lines.length * ENOUGH_DATED &&
    areMostly(dated, (line) => begins(line) === true, ENOUGH_BEGINNING)
  )
}
