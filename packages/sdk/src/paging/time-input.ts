/**
 * A moment: a Date, a time of RFC 3339 (`2024-05-06T11:41:46.716Z`; a date alone is midnight UTC; a time without a zone is UTC), or a
 * duration, which is that long ago: `90s`, `15m`, `24h`, `7d`, `2w`, in sequence (`1d12h`), or of ISO 8601 (`P1DT12H`). `now` is now.
 */
export type TimeInput = Date | string

/** A stretch of time; what is left out is open. */
export interface TimeRange {
  /** The first moment that belongs to it. */
  readonly start?: TimeInput | undefined
  /** The first moment after it. */
  readonly end?: TimeInput | undefined
}

/** A stretch of time in milliseconds, or as a duration: `90s`, `15m`, `PT15M`. */
export type DurationInput = number | string

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const PARTS = /(\d+(?:\.\d+)?)\s*(ms|[smhdw])/gi
const DURATION = /^-?(?:\d+(?:\.\d+)?\s*(?:ms|[smhdw])\s*)+$/i
const ISO_DURATION =
  /^-?P(?=.)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i
const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i

/**
 * Milliseconds of a duration.
 *
 * @throws {RangeError} For what is none; years and months, which differ in length, are none.
 */
export function readDuration(input: DurationInput): number {
  const ms = typeof input === 'number' ? input : parseDuration(input.trim())
  if (ms === undefined || !Number.isFinite(ms) || ms < 0)
    throw new RangeError(
      `a duration was expected, such as 90s, 15m, 24h, 7d or PT15M; found ${JSON.stringify(input)}`,
    )
  return ms
}

/**
 * Milliseconds since 1970 of a moment.
 *
 * @param nowMs - What durations are counted back from.
 * @throws {RangeError} For what is no moment.
 */
export function readTimeMs(input: TimeInput, nowMs: number = Date.now()): number {
  return Date.parse(toTimestamp(input, nowMs))
}

/**
 * A moment as RFC 3339 in UTC, with milliseconds; a text that has more digits of a second keeps them.
 *
 * @param nowMs - What durations are counted back from.
 * @throws {RangeError} For what is no moment.
 */
export function toTimestamp(input: TimeInput, nowMs: number = Date.now()): string {
  if (input instanceof Date) {
    if (Number.isNaN(input.getTime())) throw new RangeError('a time was expected, found an invalid Date')
    return input.toISOString()
  }
  const text = input.trim()
  if (text.toLowerCase() === 'now') return new Date(nowMs).toISOString()
  const durationMs = parseDuration(text)
  if (durationMs !== undefined) return new Date(nowMs - durationMs).toISOString()
  const match = TIME.exec(text)
  const [, day, time = '00:00', fraction = '', zone = 'Z'] = match ?? []
  const whole = match ? Date.parse(`${day}T${time}${toZone(zone)}`) : Number.NaN
  // Date.parse takes the 31st of a short month for the 1st of the next one.
  if (Number.isNaN(whole) || !isDay(day!))
    throw new RangeError(
      `a time was expected: a Date, RFC 3339 such as 2024-05-06T11:41:46Z, or a duration such as 7d; found ${JSON.stringify(input)}`,
    )
  return `${new Date(whole).toISOString().slice(0, 19)}.${fraction.padEnd(3, '0')}Z`
}

function toZone(zone: string): string {
  if (zone.toUpperCase() === 'Z') return 'Z'
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
}

function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

function parseDuration(text: string): number | undefined {
  if (DURATION.test(text))
    return [...text.matchAll(PARTS)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!.toLowerCase()]!,
      0,
    )
  const iso = ISO_DURATION.exec(text)
  if (!iso) return undefined
  const [weeks, days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0))
  return (
    weeks! * UNIT_MS['w']! +
    days! * UNIT_MS['d']! +
    hours! * UNIT_MS['h']! +
    minutes! * UNIT_MS['m']! +
    seconds! * 1000
  )
}
