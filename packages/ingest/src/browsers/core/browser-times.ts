import type { SQLOutputValue } from 'node:sqlite'

/** Microseconds from 1601-01-01 to 1970-01-01. */
const WEBKIT_EPOCH_US = 11_644_473_600_000_000n
/** Seconds from 1970-01-01 to 2001-01-01. */
const COCOA_EPOCH_SECONDS = 978_307_200
/** Times that 64 bits of microseconds hold. */
const MOST_US = 2n ** 62n
/** What Firefox has for cookies without an end in some releases: seconds up to here, milliseconds above. */
const MOST_EXPIRY_SECONDS = 100_000_000_000n

/** Microseconds since 1601-01-01 (Chromium's `base::Time`); 0 is no time. */
export function readWebkitTime(value: SQLOutputValue | undefined): bigint | undefined {
  const us = toInteger(value)
  return us === undefined || us === 0n ? undefined : limit(us - WEBKIT_EPOCH_US)
}

/** Microseconds since 1970 (Firefox's `PRTime`); 0 is no time. */
export function readPosixMicros(value: SQLOutputValue | undefined): bigint | undefined {
  const us = toInteger(value)
  return us === undefined || us === 0n ? undefined : limit(us)
}

/** Seconds since 1970; 0 is no time. */
export function readPosixSeconds(value: SQLOutputValue | undefined): bigint | undefined {
  const seconds = toInteger(value)
  return seconds === undefined || seconds === 0n ? undefined : limit(seconds * 1_000_000n)
}

/** When a cookie of Firefox ends: in seconds, in newer releases in milliseconds. */
export function readExpiry(value: SQLOutputValue | undefined): bigint | undefined {
  const number = toInteger(value)
  if (number === undefined || number === 0n) return undefined
  return limit(number > MOST_EXPIRY_SECONDS ? number * 1000n : number * 1_000_000n)
}

/** Seconds since 2001-01-01, with a fraction (Apple's `CFAbsoluteTime`). */
export function readCocoaTime(value: SQLOutputValue | undefined): bigint | undefined {
  const seconds = typeof value === 'bigint' ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds === 0) return undefined
  // Rounded to microseconds: a double has no more behind so many seconds.
  return limit(BigInt(Math.round((seconds + COCOA_EPOCH_SECONDS) * 1e6)))
}

function toInteger(value: SQLOutputValue | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value))
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined
}

/** What is beyond all times is kept as the last of them, which is rejected with the record. */
function limit(us: bigint): bigint {
  return us > MOST_US ? MOST_US : us < -MOST_US ? -MOST_US : us
}
