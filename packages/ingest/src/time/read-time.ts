import type { TimeOptions } from './time-format.ts'
import { TimeReader } from './time-reader.ts'

/** A time of an event. */
export interface ParsedTime {
  /** Microseconds since 1970-01-01T00:00:00Z, rounded down. */
  readonly us: bigint
  /** 0 to 999 nanoseconds more. */
  readonly nanos: number
}

/** What became of one text: a time, or why it is none. */
export type TimeResult =
  | { readonly ok: true; readonly time: ParsedTime }
  | { readonly ok: false; readonly problem: string }

/**
 * Reads one time, whatever its shape, or says why it is none; for many rows make a `TimeReader`.
 *
 * @throws {UnknownZoneError} When `options.timeZone` is not known.
 * @example readTime('2020-10-21 15:04:05.1234567') // { ok: true, time: { us: 1603292645123456n, nanos: 700 } }
 */
export function readTime(value: string | number | bigint, options: TimeOptions = {}): TimeResult {
  const reader = new TimeReader(undefined, options)
  if (!reader.read(value)) return { ok: false, problem: reader.explain() }
  return { ok: true, time: { us: reader.us, nanos: reader.nanos } }
}
