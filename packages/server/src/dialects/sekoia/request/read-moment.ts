import { invalid } from '../../../errors/domain-error.ts'
import { isTimeUs, readTimeUs } from '../../../services/intakes/describe-event.ts'

const UNIT_US: Readonly<Record<string, bigint>> = {
  s: 1_000_000n,
  m: 60_000_000n,
  h: 3_600_000_000n,
  d: 86_400_000_000n,
  w: 604_800_000_000n,
}
const RELATIVE = /^(?:now)?([+-])(\d{1,9})([smhdw])$/

/**
 * Microseconds since 1970 of a moment as requests name it: ISO 8601 (without a zone: UTC), `now`, `-30d`, `now-1h`, or a number of
 * seconds or milliseconds.
 *
 * @param what - The parameter, for the refusal.
 * @throws {DomainError} `invalid` (`bad-time`).
 */
export function readMoment(value: string | number, what: string, nowMs: number): bigint {
  const text = typeof value === 'string' ? value.trim() : value
  if (text === 'now') return BigInt(nowMs) * 1000n
  const [, sign, count, unit] = (typeof text === 'string' && RELATIVE.exec(text)) || []
  if (count !== undefined) {
    const length = BigInt(count) * UNIT_US[unit!]!
    const us = BigInt(nowMs) * 1000n + (sign === '-' ? -length : length)
    if (isTimeUs(us)) return us
  }
  // A plus sign of an offset is a blank where nobody encoded it.
  const us = readTimeUs(typeof text === 'string' ? text.replace(/ (\d\d:\d\d)$/, '+$1') : text)
  if (us !== undefined) return us
  throw invalid(
    'bad-time',
    `${what} cannot be read: a time was expected, such as 2026-01-31T12:00:00Z, now, -7d, now-1h or seconds since 1970; found ${JSON.stringify(value).slice(0, 80)}.`,
  )
}

/** A moment of a request and the parameter that it came in, for the refusal. */
export interface NamedMoment {
  readonly value: string | number
  readonly what: string
}

/**
 * A stretch of time whose ends both belong to it; one moment is a stretch too.
 *
 * @throws {DomainError} `invalid` (`bad-time`, `bad-time-range`).
 */
export function readSpan(
  earliest: NamedMoment,
  latest: NamedMoment,
  nowMs: number,
): { readonly earliestUs: bigint; readonly latestUs: bigint } {
  const earliestUs = readMoment(earliest.value, earliest.what, nowMs)
  const latestUs = readMoment(latest.value, latest.what, nowMs)
  if (latestUs < earliestUs)
    throw invalid(
      'bad-time-range',
      `The range ends before it begins: ${[earliest, latest].map(({ value, what }) => `${what} ${JSON.stringify(value).slice(0, 80)}`).join(', ')}.`,
    )
  return { earliestUs, latestUs }
}
