import { isDigits, readDigitTime, readNumberTime } from './time/digit-time.ts'
import type { Instant, Reading } from './time/instant.ts'
import { readTextTime } from './time/text-time.ts'

/** A time as an event carries it. */
export interface EventTime {
  /** ISO 8601 with six to nine digits of a second and `+00:00`. */
  readonly datetime: string
  /** Microseconds since 1970, UTC. */
  readonly timestamp: number
}

/** A time, or why there is none: a sentence, empty where nothing more can be said. */
export type TimeReading = { readonly time: EventTime } | { readonly problem: string }

/** The years 1 to 9999, in seconds since 1970: those that Timesketch can keep. */
const FIRST_SECOND = -62_135_596_800
const LAST_SECOND = 253_402_300_799
// What nearly every row has.
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9})\d*)?(?:Z|\+00:?00)?$/

/**
 * Reads a time: ISO 8601, what logs, mails and tables write, and numbers since 1970 or 1601, whose size says their unit. Without zone it is
 * UTC. A day that its month has not, and a text with two meanings, are no times.
 *
 * @returns Undefined for what is not a time.
 */
export function readEventTime(value: unknown): EventTime | undefined {
  const reading = explainEventTime(value)
  return 'time' in reading ? reading.time : undefined
}

/** As `readEventTime`, and says why there is no time. @param nowMs - What a time without year is not much later than. */
export function explainEventTime(value: unknown, nowMs: number = Date.now()): TimeReading {
  const reading = readInstant(value, nowMs)
  if ('problem' in reading) return reading
  if (!(reading.seconds >= FIRST_SECOND && reading.seconds <= LAST_SECOND))
    return { problem: 'it is not of the years 1 to 9999' }
  return { time: toEventTime(reading) }
}

function readInstant(value: unknown, nowMs: number): Reading {
  if (value instanceof Date) return fromDate(value)
  if (typeof value === 'number' || typeof value === 'bigint') return readNumberTime(String(value), nowMs)
  if (typeof value !== 'string') return { problem: '' }
  const text = value.trim()
  return readIso(text) ?? (isDigits(text) ? readDigitTime(text, nowMs) : readTextTime(text, nowMs))
}

/** The frequent form of ISO 8601 in UTC; undefined for all others, right or wrong. */
function readIso(text: string): Instant | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction = ''] = match
  // Years below 100 are those of 1900 for it.
  const milliseconds = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const isDay = Number(year) > 99 && Number(month) < 13 && new Date(milliseconds).getUTCDate() === Number(day)
  if (!isDay) return undefined
  return {
    seconds: milliseconds / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second),
    fraction,
  }
}

function fromDate(date: Date): Reading {
  const milliseconds = date.getTime()
  if (Number.isNaN(milliseconds)) return { problem: '' }
  const seconds = Math.floor(milliseconds / 1000)
  return { seconds, fraction: String(milliseconds - seconds * 1000).padStart(3, '0') }
}

function toEventTime({ seconds, fraction }: Instant): EventTime {
  const digits = fraction
    .slice(0, 9)
    .padEnd(6, '0')
    .replace(/(?<=^\d{6}\d*?)0+$/, '')
  return {
    datetime: `${new Date(seconds * 1000).toISOString().slice(0, -5)}.${digits}+00:00`,
    timestamp: seconds * 1_000_000 + Number(digits.slice(0, 6)),
  }
}
