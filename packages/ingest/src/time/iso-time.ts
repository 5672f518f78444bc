import { countDays } from '@timeskein/model/events'
import { countMonthDays, type TimeParts } from './time-parts.ts'

/**
 * Reads the frequent spellings of ISO 8601 (and RFC 3339): `YYYY-MM-DD`, `T` or a space, `hh:mm:ss`, a fraction of any
 * length after a point or comma, and `Z`, `±hh:mm`, `±hhmm`, `±hh` or nothing. Digits beyond the ninth are cut off.
 *
 * @returns False for anything else, right or wrong: the general parser then says what it is. Nothing is allocated.
 */
export function readIsoTime(bytes: Uint8Array, start: number, end: number, parts: TimeParts): boolean {
  if (end - start < 19) return false
  if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return false
  if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return false
  const gap = bytes[start + 10]
  if (gap !== 0x54 && gap !== 0x20) return false
  const year = readTwo(bytes, start) * 100 + readTwo(bytes, start + 2)
  const month = readTwo(bytes, start + 5)
  const day = readTwo(bytes, start + 8)
  const hour = readTwo(bytes, start + 11)
  const minute = readTwo(bytes, start + 14)
  const second = readTwo(bytes, start + 17)
  // A pair that is not two digits is below zero, and so is a year with one.
  if (year < 0 || month < 1 || month > 12 || day < 1) return false
  if (day > 28 && day > countMonthDays(year, month)) return false
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false

  let at = start + 19
  let nanos = 0
  if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
    at++
    let scale = 100_000_000
    const first = at
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) break
      nanos += digit * scale
      scale = (scale / 10) | 0
    }
    if (at === first) return false
  }

  let offset = 0
  let hasZone = true
  const left = end - at
  if (left === 0) hasZone = false
  else if (left === 1) {
    if (bytes[at] !== 0x5a) return false
  } else {
    const sign = bytes[at]
    if (sign !== 0x2b && sign !== 0x2d) return false
    const hours = readTwo(bytes, at + 1)
    let minutes = 0
    if (left === 6 && bytes[at + 3] === 0x3a) minutes = readTwo(bytes, at + 4)
    else if (left === 5) minutes = readTwo(bytes, at + 3)
    else if (left !== 3) return false
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return false
    offset = hours * 3600 + minutes * 60
    if (sign === 0x2d) offset = -offset
  }
  parts.seconds = countDays(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
  parts.nanos = nanos
  parts.hasZone = hasZone
  parts.format = 'iso'
  parts.problem = ''
  return true
}

/** The number that two digits make; far below zero when one of them is none. */
function readTwo(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return -100_000
  return tens * 10 + ones
}
