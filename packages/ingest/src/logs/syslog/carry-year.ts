import type { Buffer } from 'node:buffer'
import { findMonth } from '../../time/month-names.ts'
import type { LogCarry } from '../core/log-format.ts'
import { YearTracker } from '../core/year-tracker.ts'

/** A line that begins with a date without a year (RFC 3164, section 4.1.2). */
export const SYSLOG_DATE: RegExp = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) \d\d:\d\d:\d\d/

const LEAST_MONTH_BYTE = 0x41
const OPENING = 0x3c
const CLOSING = 0x3e
/** `<191>` */
const MAX_PRIORITY_BYTES = 5

/** The year at the end of a text, from what it was at its beginning: see `YearTracker`. */
export function carryYear(carried: LogCarry, text: Buffer): LogCarry {
  if (carried['year'] === undefined) return carried
  const years = new YearTracker(carried, 0)
  for (const { month, day } of listDates(text)) years.next(month, day)
  return years.carried
}

const DATE = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) /

/** A date without its year. */
export interface DayOfMonth {
  /** 1 to 12. */
  readonly month: number
  readonly day: number
}

/** The dates of lines that begin with one without a year; of lines with the same one only the first. */
export function* listDates(text: Buffer): Generator<DayOfMonth> {
  let last = ''
  for (let at = 0; at < text.length; ) {
    let start = at
    if (text[start] === OPENING) {
      const close = text.subarray(start, start + MAX_PRIORITY_BYTES).indexOf(CLOSING)
      if (close > 0) start += close + 1
    }
    const first = text[start]!
    if (first >= LEAST_MONTH_BYTE && first <= 0x5a && text[start + 3] === 0x20) {
      const head = text.toString('latin1', start, start + 7)
      if (head !== last) {
        last = head
        const match = DATE.exec(head)
        const month = match ? findMonth(match[1]!.toLowerCase()) : undefined
        const day = Number(match?.[2])
        if (month !== undefined && day >= 1 && day <= 31) yield { month, day }
      }
    }
    const found = text.indexOf(0x0a, at)
    if (found < 0) return
    at = found + 1
  }
}
