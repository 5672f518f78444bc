import { resolveDate } from './dates.ts'

/** Seconds since 1970 have so many digits from 2001 to 2286. */
const SECONDS = /^\d{10}$/

/**
 * A moment that somebody typed: a date as `resolveDate` reads it, `now-30d`, or ten digits, which are seconds since 1970.
 *
 * @param nowMs - What `now` means, in milliseconds since 1970.
 * @returns Milliseconds since 1970, rounded down; undefined where the text is no moment.
 */
export function readTypedMoment(text: string, nowMs: number): number | undefined {
  const typed = text.trim()
  if (SECONDS.test(typed)) return Number(typed) * 1000
  const date = resolveDate(typed, { roundUp: false, nowUs: BigInt(nowMs) * 1000n })
  return date && Math.floor(Number(date.us) / 1000)
}
