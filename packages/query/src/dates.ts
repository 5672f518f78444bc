import { findTimeZone, localToUtcMs, type OffsetAt } from './time-zone.ts'

/** An instant: microseconds since 1970 and the nanoseconds beyond them (0 to 999). */
export interface ResolvedDate {
  readonly us: bigint
  readonly nanos: number
}

/** How a date is read. */
export interface DateOptions {
  /**
   * True for the ends `gt` and `lte`: what the text leaves out is filled with the latest value instead of the earliest
   * (hours to nanoseconds; a missing month or day is the first in both cases), and `/d` rounds up to the end of the day.
   */
  readonly roundUp: boolean
  /** What `now` means, in microseconds since 1970. */
  readonly nowUs: bigint
  /** Zone of dates without an offset and of rounding: IANA name or offset. @default UTC */
  readonly timeZone?: string
}

/**
 * Reads a date as an OpenSearch `date` field with its usual format does (`strict_date_optional_time||epoch_millis`), with
 * date maths: `2024`, `2024-05`, `2024-05-01T10:00:00.123+02:00`, `1714557600000`, `now-1d/d`, `2024-01-01||+1M/d`.
 *
 * OpenSearch keeps milliseconds: an end rounded up therefore covers the rest of the millisecond it names. A blank
 * between date and time is taken like the `T`, more than OpenSearch takes.
 *
 * @returns The instant, or undefined when the text is no date (or the zone nobody knows): such a question finds nothing.
 * @example resolveDate('now/d', { roundUp: false, nowUs: 0n }) // { us: 0n, nanos: 0 }
 */
export function resolveDate(text: string | number, options: DateOptions): ResolvedDate | undefined {
  const offsetAt = findTimeZone(options.timeZone ?? 'UTC')
  if (offsetAt === undefined) return undefined
  const source = String(text).trim()
  let start: bigint | undefined
  let maths = ''
  if (source.startsWith('now')) {
    start = options.nowUs * 1000n
    maths = source.slice(3)
  } else {
    const bars = source.indexOf('||')
    maths = bars < 0 ? '' : source.slice(bars + 2)
    start = readDate(bars < 0 ? source : source.slice(0, bars), bars < 0 && options.roundUp, offsetAt)
  }
  const ns = start === undefined ? undefined : applyMaths(start, maths, options.roundUp, offsetAt)
  if (ns === undefined || ns > MAX_NS || ns < -MAX_NS) return undefined
  const us = floorDivide(ns, 1000n)
  return { us, nanos: Number(ns - us * 1000n) }
}

/** JavaScript's own clock ends here, and with it the zone tables: about 275,000 years either way. */
const MAX_NS = 8_640_000_000_000_000n * 1_000_000n

const DATE =
  /^([+-]?\d{4,9})(?:-(\d\d)(?:-(\d\d)(?:[T ](?:(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?|[A-Za-z]+\/[A-Za-z_/+-]+)?)?)?)?)?$/

function readDate(text: string, roundUp: boolean, offsetAt: OffsetAt): bigint | undefined {
  const found = DATE.exec(text)
  if (found === null || (/^\d{5,}/.test(text) && !text.includes('-'))) return readEpochMillis(text, roundUp)
  const [, year, month = '1', day = '1', hour, minute, second, fraction, zone] = found
  if (year!.length > 4 && !/^[+-]/.test(year!)) return undefined
  const fill = (given: string | undefined, latest: number) => Number(given ?? (roundUp ? latest : 0))
  const days = daysOf(Number(year), Number(month), Number(day))
  const [h, m, s] = [fill(hour, 23), fill(minute, 59), fill(second, 59)]
  if (days === undefined || h > 23 || m > 59 || s > 59) return undefined
  const zoneOffsetAt = zone === undefined ? offsetAt : findTimeZone(zone)
  if (zoneOffsetAt === undefined) return undefined
  const utcMs = localToUtcMs(days * 86_400_000 + ((h * 60 + m) * 60 + s) * 1000, zoneOffsetAt)
  return BigInt(utcMs) * 1_000_000n + BigInt(nanosOf(fraction, roundUp))
}

function readEpochMillis(text: string, roundUp: boolean): bigint | undefined {
  const found = /^(-?\d{1,17})(?:\.(\d{1,6}))?$/.exec(text)
  if (found === null) return undefined
  const nanos = found[2] === undefined ? (roundUp ? 999_999 : 0) : Number(found[2].padEnd(6, '0'))
  return BigInt(found[1]!) * 1_000_000n + BigInt(nanos)
}

function nanosOf(fraction: string | undefined, roundUp: boolean): number {
  if (fraction === undefined) return roundUp ? 999_999_999 : 0
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0')) * 1_000_000
  if (fraction.length <= 3) return millis + (roundUp ? 999_999 : 0)
  return Number(fraction.padEnd(9, '0'))
}

/** Steps such as `-1d`, `+2M`, `/w`, one after the other, in the zone's local time. */
function applyMaths(ns: bigint, maths: string, roundUp: boolean, offsetAt: OffsetAt): bigint | undefined {
  let at: bigint | undefined = ns
  let position = 0
  const step = /([+-])(\d{0,9})([yMwdhHms])|\/(1?)([yMwdhHms])/y
  while (position < maths.length) {
    step.lastIndex = position
    const found = step.exec(maths)
    if (found === null || at === undefined || at > MAX_NS || at < -MAX_NS) return undefined
    position = step.lastIndex
    const [, sign, count, unit, , roundUnit] = found
    if (roundUnit !== undefined) at = roundTo(at, roundUnit, roundUp, offsetAt)
    else at = addUnits(at, (sign === '-' ? -1 : 1) * Number(count === '' ? 1 : count), unit!, offsetAt)
  }
  return at
}

const FIXED_MS: Readonly<Record<string, number>> = { h: 3_600_000, H: 3_600_000, m: 60_000, s: 1000 }

function addUnits(ns: bigint, count: number, unit: string, offsetAt: OffsetAt): bigint | undefined {
  const fixed = FIXED_MS[unit]
  if (fixed !== undefined) return ns + BigInt(count) * BigInt(fixed) * 1_000_000n
  const { localMs, restNs } = toLocal(ns, offsetAt)
  const days = Math.floor(localMs / 86_400_000)
  const timeMs = localMs - days * 86_400_000
  if (unit === 'd' || unit === 'w') {
    return fromLocal((days + count * (unit === 'w' ? 7 : 1)) * 86_400_000 + timeMs, restNs, offsetAt)
  }
  const date = new Date(days * 86_400_000)
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (unit === 'y' ? 12 : 1)
  const year = Math.floor(months / 12)
  const month = months - year * 12 + 1
  const moved = daysOf(year, month, Math.min(date.getUTCDate(), daysInMonth(year, month)))
  return moved === undefined ? undefined : fromLocal(moved * 86_400_000 + timeMs, restNs, offsetAt)
}

function roundTo(ns: bigint, unit: string, roundUp: boolean, offsetAt: OffsetAt): bigint | undefined {
  const start = startOf(ns, unit, offsetAt)
  if (!roundUp || start === undefined) return start
  const next = addUnits(start, 1, unit, offsetAt)
  return next === undefined ? undefined : next - 1n
}

function startOf(ns: bigint, unit: string, offsetAt: OffsetAt): bigint | undefined {
  const { localMs } = toLocal(ns, offsetAt)
  const fixed = FIXED_MS[unit]
  if (fixed !== undefined) {
    const intoUnitMs = localMs - Math.floor(localMs / fixed) * fixed
    const ms = floorDivide(ns, 1_000_000n)
    return (ms - BigInt(intoUnitMs)) * 1_000_000n
  }
  let days = Math.floor(localMs / 86_400_000)
  const date = new Date(days * 86_400_000)
  if (unit === 'w') days -= (date.getUTCDay() + 6) % 7
  else if (unit === 'M') days -= date.getUTCDate() - 1
  else if (unit === 'y') days = daysOf(date.getUTCFullYear(), 1, 1) ?? Number.NaN
  return Number.isNaN(days) ? undefined : fromLocal(days * 86_400_000, 0n, offsetAt)
}

function toLocal(ns: bigint, offsetAt: OffsetAt): { localMs: number; restNs: bigint } {
  const ms = floorDivide(ns, 1_000_000n)
  const utcMs = Number(ms)
  return { localMs: utcMs + offsetAt(utcMs), restNs: ns - ms * 1_000_000n }
}

function fromLocal(localMs: number, restNs: bigint, offsetAt: OffsetAt): bigint | undefined {
  if (!(Math.abs(localMs) <= 8.64e15)) return undefined
  return BigInt(localToUtcMs(localMs, offsetAt)) * 1_000_000n + restNs
}

/** Days since 1970 of a date of the proleptic Gregorian calendar; undefined when there is none such. */
function daysOf(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month) || Math.abs(year) > 270_000) {
    return undefined
  }
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() / 86_400_000
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}
