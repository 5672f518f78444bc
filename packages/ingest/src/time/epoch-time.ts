import { isPlausibleTime } from './plausible-time.ts'
import type { TimeFormat } from './time-format.ts'
import { MAX_EVENT_SECONDS, type TimeParts } from './time-parts.ts'

/** Seconds from 1601-01-01 to 1970-01-01. */
const SECONDS_1601_TO_1970 = 11_644_473_600
/** Seconds from 0001-01-01 to 1970-01-01. */
const SECONDS_1_TO_1970 = 62_135_596_800

type Unit = Extract<TimeFormat, `epoch-${string}` | 'filetime' | 'webkit' | 'ticks'>

/** Digits behind the seconds, and the seconds before 1970 at which counting begins. */
const UNITS: Readonly<Record<Unit, { readonly digits: number; readonly base: number }>> = {
  'epoch-s': { digits: 0, base: 0 },
  'epoch-ms': { digits: 3, base: 0 },
  'epoch-us': { digits: 6, base: 0 },
  'epoch-ns': { digits: 9, base: 0 },
  filetime: { digits: 7, base: SECONDS_1601_TO_1970 },
  webkit: { digits: 6, base: SECONDS_1601_TO_1970 },
  ticks: { digits: 7, base: SECONDS_1_TO_1970 },
}

/** Whether a format counts time as one number. */
export function isNumberFormat(format: TimeFormat): boolean {
  return format === 'epoch' || format in UNITS
}

/**
 * The unit of a number by its size, as Timesketch's CSV reader has it: from 1e17 on nanoseconds, from 1e14 on
 * microseconds, from 1e11 on milliseconds, else seconds.
 */
function chooseEpochUnit(absolute: number): 'epoch-s' | 'epoch-ms' | 'epoch-us' | 'epoch-ns' {
  if (absolute >= 1e17) return 'epoch-ns'
  if (absolute >= 1e14) return 'epoch-us'
  return absolute >= 1e11 ? 'epoch-ms' : 'epoch-s'
}

/**
 * As `chooseEpochUnit`, but a number that would be a FILETIME or WebKit time between 1970 and 2108 is taken for one:
 * read as nanoseconds it would lie between 1973 and 1975, read as microseconds after the year 2338.
 */
function guessUnit(absolute: number): Unit {
  if (absolute >= 1.164_447_36e17 && absolute < 1.6e17) return 'filetime'
  if (absolute >= 1.164_447_36e16 && absolute < 1.6e16) return 'webkit'
  return chooseEpochUnit(absolute)
}

/**
 * Reads a count of seconds or smaller units written in digits, with a sign and a decimal fraction if any; exact.
 *
 * @param format - The column's unit, which counts unless the number is a plausible time only in another; `epoch` for Timesketch's
 * rule of sizes, or undefined for that and FILETIME and WebKit.
 * @param isFixed - The unit counts whatever time that gives.
 * @returns False when the text is no number or lies beyond the times that can be kept. Nothing is allocated.
 */
export function readEpochDigits(
  bytes: Uint8Array,
  start: number,
  end: number,
  format: TimeFormat | undefined,
  parts: TimeParts,
  isFixed = false,
): boolean {
  let at = start
  const sign = bytes[at]
  const isNegative = sign === 0x2d
  if (isNegative || sign === 0x2b) at++
  while (at < end - 1 && bytes[at] === 0x30 && isDigit(bytes[at + 1]!)) at++
  const first = at
  let size = 0
  while (at < end && isDigit(bytes[at]!)) size = size * 10 + bytes[at++]! - 0x30
  const wholeEnd = at
  if (wholeEnd === first || wholeEnd - first > 22) return false
  let fractionStart = end
  if (at < end) {
    if (bytes[at] !== 0x2e && bytes[at] !== 0x2c) return false
    fractionStart = ++at
    while (at < end && isDigit(bytes[at]!)) at++
    if (at < end) return false
  }
  const unit = chooseUnit(isNegative ? -size : size, format, isFixed)
  const { digits, base } = UNITS[unit]
  const split = Math.max(first, wholeEnd - digits)
  let seconds = 0
  for (let i = first; i < split; i++) seconds = seconds * 10 + bytes[i]! - 0x30
  let nanos = 0
  let taken = digits - (wholeEnd - split)
  for (let i = split; i < wholeEnd; i++, taken++) nanos = nanos * 10 + bytes[i]! - 0x30
  for (let i = fractionStart; i < end && taken < 9; i++, taken++) nanos = nanos * 10 + bytes[i]! - 0x30
  for (; taken < 9; taken++) nanos *= 10
  return finish(parts, unit, isNegative, seconds, nanos, base)
}

/**
 * Reads a count of seconds or smaller units held as a number. A fraction is kept to the microsecond; a whole number
 * beyond 2^53 has already lost digits, so give those as text.
 *
 * @param format - As for `readEpochDigits`, and so is `isFixed`.
 * @returns False when the number is not finite or lies beyond the times that can be kept.
 */
export function readEpochNumber(
  value: number,
  format: TimeFormat | undefined,
  parts: TimeParts,
  isFixed = false,
): boolean {
  if (!Number.isFinite(value)) return false
  const absolute = Math.abs(value)
  const unit = chooseUnit(value, format, isFixed)
  const { digits, base } = UNITS[unit]
  const perSecond = 10 ** digits
  let seconds = Math.floor(absolute / perSecond)
  let rest = absolute - seconds * perSecond
  if (rest < 0) {
    seconds--
    rest += perSecond
  }
  let nanos = Number.isInteger(absolute)
    ? Math.round(rest * 10 ** (9 - digits))
    : Math.round((rest / perSecond) * 1e6) * 1000
  if (nanos >= 1e9) {
    nanos -= 1e9
    seconds++
  }
  return finish(parts, unit, value < 0, seconds, nanos, base)
}

/** In a column of one unit that one, unless the number is a plausible time only in another. */
function chooseUnit(value: number, format: TimeFormat | undefined, isFixed: boolean): Unit {
  const absolute = Math.abs(value)
  if (format === undefined) return guessUnit(absolute)
  if (!isUnit(format)) return chooseEpochUnit(absolute)
  if (isFixed || isPlausibleIn(format, value)) return format
  const other = guessUnit(absolute)
  return isPlausibleIn(other, value) ? other : format
}

function isPlausibleIn(unit: Unit, value: number): boolean {
  const { digits, base } = UNITS[unit]
  return isPlausibleTime(value / 10 ** digits - base)
}

function isUnit(format: TimeFormat): format is Unit {
  return format in UNITS
}

function finish(
  parts: TimeParts,
  unit: Unit,
  isNegative: boolean,
  seconds: number,
  nanos: number,
  base: number,
): boolean {
  if (isNegative) {
    seconds = nanos > 0 ? -seconds - 1 : -seconds
    nanos = nanos > 0 ? 1_000_000_000 - nanos : 0
  }
  seconds -= base
  if (Math.abs(seconds) > MAX_EVENT_SECONDS) return false
  parts.seconds = seconds
  parts.nanos = nanos
  parts.hasZone = true
  parts.format = unit
  parts.problem = ''
  return true
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
