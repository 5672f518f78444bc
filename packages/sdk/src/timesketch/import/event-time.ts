/** A time as an event carries it. */
export interface EventTime {
  /** ISO 8601 with six to nine digits of a second and `+00:00`. */
  readonly datetime: string
  /** Microseconds since 1970, UTC. */
  readonly timestamp: number
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i
const DIGITS = /^-?\d+(?:\.\d+)?$/
const HAS_ZONE = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d|\b[ECMP][SD]T)\s*$/i

/**
 * Reads a time: ISO 8601, what `Date` reads, and numbers since 1970, whose size says whether they are seconds, milliseconds,
 * microseconds or nanoseconds (as Timesketch tells them apart in `lib/utils.py`). Without zone it is UTC.
 *
 * @returns Undefined for what is not a time.
 */
export function readEventTime(value: unknown): EventTime | undefined {
  if (value instanceof Date) return fromMilliseconds(value.getTime(), '')
  if (typeof value === 'number' || typeof value === 'bigint') return fromEpoch(String(value))
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (DIGITS.test(text) && text.length >= 9) return fromEpoch(text)
  return fromIso(text) ?? fromOther(text)
}

function fromIso(text: string): EventTime | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match
  const date = `${year}-${month}-${day}`
  const milliseconds = Date.parse(`${date}T${hour}:${minute}:${second}${toZone(zone)}`)
  // A day that its month has not would be taken for one of the next month.
  const isDay =
    !Number.isNaN(Date.parse(`${date}T00:00:00Z`)) &&
    new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
  return isDay ? fromMilliseconds(milliseconds, fraction) : undefined
}

function toZone(zone: string): string {
  if (!/^[+-]/.test(zone)) return 'Z'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}

// A text must have a word or a stroke in it: Date takes bare numbers for years.
function fromOther(text: string): EventTime | undefined {
  if (text.length < 8 || !/[a-z]|\d\/\d/i.test(text) || !/\d/.test(text)) return undefined
  const milliseconds = Date.parse(HAS_ZONE.test(text) ? text : `${text} UTC`)
  return fromMilliseconds(milliseconds, '')
}

/** @param text - Digits, with a fraction or without. */
function fromEpoch(text: string): EventTime | undefined {
  if (!DIGITS.test(text)) return undefined
  const [whole = '', fraction = ''] = text.split('.')
  const size = Math.abs(Number(whole))
  const digitsOfSecond = size > 1e17 ? 9 : size > 1e14 ? 6 : size > 1e11 ? 3 : 0
  const nanoseconds = BigInt(whole + fraction.slice(0, 9 - digitsOfSecond).padEnd(9 - digitsOfSecond, '0'))
  const second = 1_000_000_000n
  const rest = ((nanoseconds % second) + second) % second
  const seconds = (nanoseconds - rest) / second
  return fromMilliseconds(Number(seconds) * 1000, String(rest).padStart(9, '0'))
}

/** @param fraction - Digits of the second beyond those of `milliseconds`, when these are whole seconds. */
function fromMilliseconds(milliseconds: number, fraction: string): EventTime | undefined {
  if (Number.isNaN(milliseconds) || Math.abs(milliseconds) > 8.64e15) return undefined
  const iso = new Date(milliseconds).toISOString()
  const digits = (fraction === '' ? iso.slice(-4, -1) : fraction)
    .padEnd(6, '0')
    .replace(/(?<=^\d{6}\d*?)0+$/, '')
  const seconds = Math.floor(milliseconds / 1000)
  return {
    datetime: `${iso.slice(0, -5)}.${digits}+00:00`,
    timestamp: seconds * 1_000_000 + Number(digits.slice(0, 6)),
  }
}
