/** Times as dfDateTime keeps them: a class, and a number or a tuple in its own unit. */

const NS_PER_US = 1000n
/** Seconds from the epoch of each count of ticks to 1970. */
const FILETIME_OFFSET_S = 11_644_473_600n
const UUID_OFFSET_S = 12_219_292_800n
const DOTNET_OFFSET_S = 62_135_596_800n
const NS_PER_S = 1_000_000_000n

const CLASS = /"__class_name__": ?"(\w+)"/
const TIMESTAMP = /"timestamp": ?(-?\d{1,24})[,} ]/
const OFFSET = /"time_zone_offset": ?(-?\d{1,5})[,} ]/
const ELEMENTS =
  /"time_elements_tuple": ?\{[^[]{0,80}\[([\d, -]{1,80})\]|"time_elements_tuple": ?\[([\d, -]{1,80})\]/

/**
 * What the exact time of an event has beyond microseconds, where its class is finer and what it says agrees with the event's own time.
 *
 * @param text - JSON text of `date_time`.
 * @param us - The event's `timestamp`: microseconds since 1970, rounded half away from zero.
 * @returns Nanoseconds to be added to `us`, from -500 to 500; 0 where microseconds are all there is.
 */
export function findNanoseconds(text: string, us: bigint): number {
  const name = CLASS.exec(text)?.[1]
  if (name === undefined) return 0
  const exact = readExact(name, text)
  if (exact === undefined) return 0
  const offset = OFFSET.exec(text)?.[1]
  const ns = offset === undefined ? exact : exact - BigInt(offset) * 60n * NS_PER_S
  return roundToMicroseconds(ns) === us ? Number(ns - us * NS_PER_US) : 0
}

function readExact(name: string, text: string): bigint | undefined {
  switch (name) {
    case 'Filetime':
      return fromTicks(text, FILETIME_OFFSET_S)
    case 'UUIDTime':
      return fromTicks(text, UUID_OFFSET_S)
    case 'DotNetDateTime':
      return fromTicks(text, DOTNET_OFFSET_S)
    case 'PosixTimeInNanoseconds':
    case 'APFSTime':
      return readTimestamp(text)
    case 'TimeElementsInNanoseconds':
      return fromElements(text)
    default:
      return undefined
  }
}

function readTimestamp(text: string): bigint | undefined {
  const digits = TIMESTAMP.exec(text)?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

function fromTicks(text: string, offsetS: bigint): bigint | undefined {
  const ticks = readTimestamp(text)
  return ticks === undefined ? undefined : ticks * 100n - offsetS * NS_PER_S
}

function fromElements(text: string): bigint | undefined {
  const found = ELEMENTS.exec(text)
  const [year, month, day, hour, minute, second, fraction] = (found?.[1] ?? found?.[2] ?? '')
    .split(',')
    .map(Number)
  if (fraction === undefined || !Number.isSafeInteger(fraction)) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year!, month! - 1, day)
  const ms = date.setUTCHours(hour!, minute!, second!, 0)
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction)
}

function roundToMicroseconds(ns: bigint): bigint {
  const half = NS_PER_US / 2n
  return (ns < 0n ? ns - half : ns + half) / NS_PER_US
}

const US_PER_S = 1_000_000
const NANOS_PER_S = 1_000_000_000
const MS_PER_DAY = 86_400_000
const SECONDS_PER_DAY = 86_400
/** Where `Date` ends, in milliseconds from 1970 both ways (ECMAScript, section 21.4.1.1). */
const MAX_DATE_MS = 8_640_000_000_000_000

/** Writes times as ISO 8601 with six digits of a second, nine where there are more. Remembers the last second and the last day. */
export class DateTimeWriter {
  #second: number | undefined
  #text = ''
  #day: number | undefined
  #date = ''

  /**
   * @param us - Microseconds since 1970; as digits where a number does not hold them.
   * @param nanos - Nanoseconds to be added, less than a second of them; may be negative.
   * @returns Undefined for times that no calendar of ours reaches.
   */
  write(us: number | string, nanos: number): string | undefined {
    const [whole, micros] = typeof us === 'number' ? splitNumber(us) : splitDigits(us)
    let second = whole
    let rest = micros * 1000 + nanos
    if (rest < 0 || rest >= NANOS_PER_S) {
      const carry = Math.sign(rest)
      second += carry
      rest -= carry * NANOS_PER_S
    }
    if (second !== this.#second) {
      if (Math.abs(second) * 1000 > MAX_DATE_MS - MS_PER_DAY) return undefined
      const day = Math.floor(second / SECONDS_PER_DAY)
      if (day !== this.#day) {
        this.#day = day
        this.#date = writeDay(day * MS_PER_DAY)
      }
      this.#second = second
      this.#text = this.#date + writeClock(second - day * SECONDS_PER_DAY)
    }
    const fraction = rest % 1000 === 0 ? String(rest / 1000).padStart(6, '0') : String(rest).padStart(9, '0')
    return `${this.#text}.${fraction}+00:00`
  }
}

type SecondAndMicros = readonly [second: number, micros: number]

function splitNumber(us: number): SecondAndMicros {
  const second = Math.floor(us / US_PER_S)
  return [second, us - second * US_PER_S]
}

function splitDigits(us: string): SecondAndMicros {
  const whole = BigInt(us)
  const rest = whole % BigInt(US_PER_S)
  const micros = rest < 0n ? rest + BigInt(US_PER_S) : rest
  return [Number((whole - micros) / BigInt(US_PER_S)), Number(micros)]
}

/** `YYYY-MM-DDT` */
function writeDay(ms: number): string {
  const date = new Date(ms)
  const year = date.getUTCFullYear()
  // Without a sign also above the year 9999, as Plaso writes them.
  const shown = year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')
  const iso = date.toISOString()
  return `${shown}-${iso.slice(iso.indexOf('-', 1) + 1, iso.indexOf('T') + 1)}`
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, number) =>
  String(number).padStart(2, '0'),
)

/** `hh:mm:ss` of a second of the day. */
function writeClock(second: number): string {
  // Below 60, all three.
  const [hour, minute] = [Math.floor(second / 3600), Math.floor(second / 60) % 60]
  return `${TWO_DIGITS[hour]!}:${TWO_DIGITS[minute]!}:${TWO_DIGITS[second % 60]!}`
}

/** A time among the attributes of event data, for a message: its class's own number, or its elements as a date. */
export function describeTime(members: Readonly<Record<string, unknown>>): string {
  const { timestamp, string, time_elements_tuple: elements, fat_date_time: fat } = members
  if (typeof string === 'string') return string
  const list = Array.isArray(elements) ? elements : undefined
  if (list !== undefined) {
    const [year, month, day, hour, minute, second] = list.map((part) => String(part).padStart(2, '0'))
    return `${year}-${month}-${day}T${hour}:${minute}:${second}`
  }
  return String(timestamp ?? fat ?? members['__class_name__'] ?? '')
}
