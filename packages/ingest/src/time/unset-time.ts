import type { TimeFormat } from './time-format.ts'

/** The greatest numbers of 63 and of 64 bits, as doubles. */
const GREATEST: readonly number[] = [2 ** 63, 2 ** 64]
const GREATEST_DIGITS = /^(?:9223372036854775807|18446744073709551615)$/
/** What people and programs write where there is nothing to say. */
const NOTHING = /^(?:n\/?a|nil|null|none|nan|nat|never|unset|not set|unknown|undefined|-+|\?+)$/i

/** What mactime of The Sleuth Kit writes for a time of 0, without `-y` and with it. */
const UNSET_CLOCKS: readonly string[] = ['Xxx Xxx 00 0000 00:00:00', '0000-00-00T00:00:00Z']

/** Whether a text looks like a time and stands for one that was never set. */
export function isUnsetClock(text: string): boolean {
  return UNSET_CLOCKS.includes(text)
}

/**
 * Whether a number stands for a time that was never set: 0, -1 and the greatest of 63 or 64 bits; where counting begins in 1601
 * or earlier, all that is below zero or beyond 63 bits (a FILETIME below zero is a length of time).
 *
 * Source: Microsoft, "FILETIME structure" and the Active Directory attributes `lastLogon` (0) and `accountExpires` (0 and
 * 0x7FFFFFFFFFFFFFFF), 2025. A Unix time of 0 is mostly a field that nobody filled.
 */
export function isUnsetNumber(value: number, format?: TimeFormat): boolean {
  if (value === 0 || value === -1 || GREATEST.includes(value)) return true
  return countsFromBefore(format) && (value < 0 || value >= 2 ** 63)
}

/** As `isUnsetNumber`, for a number in digits; false for other texts. */
export function isUnsetDigits(bytes: Uint8Array, start: number, end: number, format?: TimeFormat): boolean {
  const first = bytes[start]
  // All others are above zero and below 2^63.
  if (first !== 0x2d && first !== 0x30 && end - start < 19) return false
  return isUnsetText(decoder.decode(bytes.subarray(start, Math.min(end, start + 40))), format)
}

function isUnsetText(text: string, format?: TimeFormat): boolean {
  if (!/^-?\d+$/.test(text)) return false
  if (/^-?0+$|^-0*1$/.test(text) || GREATEST_DIGITS.test(text)) return true
  return countsFromBefore(format) && (text.startsWith('-') || Number(text) >= 2 ** 63)
}

/** Formats that count from 1601 or earlier. */
function countsFromBefore(format: TimeFormat | undefined): boolean {
  return format === 'filetime' || format === 'webkit' || format === 'ticks'
}

/** Whether a value says nothing about what its field holds: empty, a word for nothing, or a number as of a time never set. */
export function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (typeof value === 'number') return isUnsetNumber(value)
  if (typeof value !== 'string') return false
  return NOTHING.test(value) || isUnsetClock(value) || isUnsetText(value)
}

const decoder = new TextDecoder()
