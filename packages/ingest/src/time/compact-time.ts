const FIRST_YEAR = 1900
const LAST_YEAR = 2100

const LEAST_MINUTES = FIRST_YEAR * 1e8
const END_OF_MINUTES = (LAST_YEAR + 1) * 1e8
const LEAST_SECONDS = LEAST_MINUTES * 100
const END_OF_SECONDS = END_OF_MINUTES * 100

/**
 * Whether a text begins as a compact time does and no count: with 12 or 14 digits (`yyyyMMddHHmm`, `yyyyMMddHHmmss`), the first four of
 * them a year from 1900 to 2100. Whether there is such a day is not looked at: one that is none is no count either.
 */
export function startsAsCompactTime(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start]
  if (first !== 0x31 && first !== 0x32) return false
  let year = 0
  let at = start
  for (; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) break
    if (at - start < 4) year = year * 10 + digit
    else if (at - start === 4 && !isCompactYear(year)) return false
  }
  const count = at - start
  return (count === 12 || count === 14) && isCompactYear(year)
}

/** Whether a number is written as a compact time is. */
export function isCompactNumber(value: number): boolean {
  if (value >= LEAST_SECONDS) return value < END_OF_SECONDS
  return value >= LEAST_MINUTES && value < END_OF_MINUTES
}

/**
 * Whether four digits are a year with which dates without marks begin. Of 8, 12 and 14 digits that begin so none is between 1980 and 2100
 * as a count, in whichever unit.
 */
export function isCompactYear(year: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR
}
