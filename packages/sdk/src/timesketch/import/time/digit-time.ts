import type { Reading } from './instant.ts'
import { readTextTime } from './text-time.ts'

const DIGITS = /^-?\d+(?:\.\d+)?$/
/** A day, or a day with a clock, written without marks. */
const COMPACT = /^(?:19\d\d|20\d\d|2100)\d{4}(?<clock>\d{4}|\d{6})?(?:\.\d+)?$/
/**
 * Shorter ones are days, years, counts and ids, of which dateutil makes a day of this month or this day of a year; in seconds they would
 * lie before 1973.
 */
const LEAST_DIGITS = 9
/** A text of digits is taken for a time before the year 2100. */
const END_OF_TEXTS = 4_102_444_800
/** From 1601, where Windows and Chromium begin to count, to 1970. */
const SECONDS_FROM_1601 = 11_644_473_600

/** Whether a text is a number, with a fraction or without. */
export function isDigits(text: string): boolean {
  return DIGITS.test(text)
}

/**
 * Reads a text of nothing but digits. Of 8, 12 and 14 digits it is a date (`20240301101500`), as dateutil has it; of others a number since
 * 1970. Ten digits that may be both are neither.
 */
export function readDigitTime(text: string, nowMs: number): Reading {
  if (COMPACT.test(text)) return readTextTime(text, nowMs)
  const whole = text.split('.')[0] ?? ''
  if (/^(?:19|20)\d{8}$/.test(text) && 'seconds' in readTextTime(`${text}00`, nowMs))
    return {
      problem: 'it may be a day with an hour or seconds since 1970: write YYYY-MM-DD hh:mm, or a number',
    }
  if (whole.length < LEAST_DIGITS)
    return { problem: 'so short a number may be a day, a year or a count: write YYYY-MM-DD' }
  const reading = readEpoch(text)
  if (!('seconds' in reading) || reading.seconds < END_OF_TEXTS) return reading
  return { problem: 'as a number since 1970 it lies after 2100' }
}

/**
 * As `readDigitTime`, for what is a number: only of 12 and 14 digits it is a date, since in no unit it would lie between 1980 and 2100. A
 * minute with a fraction is neither.
 */
export function readNumberTime(digits: string, nowMs: number): Reading {
  return COMPACT.exec(digits)?.groups?.['clock'] === undefined
    ? readEpoch(digits)
    : readTextTime(digits, nowMs)
}

/**
 * A number's size says its unit: seconds, milliseconds, microseconds or nanoseconds since 1970 (Timesketch, `lib/utils.py`), or since 1601
 * the microseconds of Chromium and the tenths of microseconds of Windows, of 1970 to 2108.
 *
 * @param text - Digits, with a fraction or without.
 */
function readEpoch(text: string): Reading {
  if (!DIGITS.test(text)) return { problem: '' }
  const [whole = '', fraction = ''] = text.split('.')
  const size = Math.abs(Number(whole))
  const { digits, since } = findUnit(size)
  const nanoseconds = BigInt(whole + fraction.slice(0, 9 - digits).padEnd(9 - digits, '0'))
  const second = 1_000_000_000n
  const rest = ((nanoseconds % second) + second) % second
  return {
    seconds: Number((nanoseconds - rest) / second) - since,
    fraction: String(rest).padStart(9, '0'),
  }
}

function findUnit(size: number): { readonly digits: number; readonly since: number } {
  if (size >= 1.164_447_36e17 && size < 1.6e17) return { digits: 7, since: SECONDS_FROM_1601 }
  if (size >= 1.164_447_36e16 && size < 1.6e16) return { digits: 6, since: SECONDS_FROM_1601 }
  return { digits: size > 1e17 ? 9 : size > 1e14 ? 6 : size > 1e11 ? 3 : 0, since: 0 }
}
