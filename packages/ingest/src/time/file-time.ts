const TICKS_PER_SECOND = 10_000_000
const SECONDS_PER_DAY = 86_400
const TWO_TO_16 = 65_536
const TWO_TO_32 = 4_294_967_296
const MS_PER_DAY = 86_400_000
/** From 1601 to 1970. */
const DAYS_BEFORE_1970 = 134_774
const NO_TIME = '0000-00-00T00:00:00.0000000Z'

/**
 * Writes FILETIMEs (100 ns since 1601-01-01 UTC) as ISO 8601 with all seven digits. Remembers the last second, since events
 * come by the dozen in one; one for each thread.
 */
export class FileTimeWriter {
  #seconds = -1
  #text = ''
  #day = -1
  #date = ''

  /** @returns The text; years keep their last four digits, and all is zero above the range of a signed 64-bit number. */
  write(low: number, high: number): string {
    if (high >= 0x80000000) return NO_TIME
    // Division of 64 bits in three steps, each within the 53 bits that a double holds.
    let rest = high % TICKS_PER_SECOND
    let seconds = Math.floor(high / TICKS_PER_SECOND) * TWO_TO_32
    const middle = rest * TWO_TO_16 + (low >>> 16)
    seconds += Math.floor(middle / TICKS_PER_SECOND) * TWO_TO_16
    rest = middle % TICKS_PER_SECOND
    const last = rest * TWO_TO_16 + (low & 0xffff)
    seconds += Math.floor(last / TICKS_PER_SECOND)
    const ticks = last % TICKS_PER_SECOND
    if (seconds !== this.#seconds) {
      this.#seconds = seconds
      this.#text = this.#writeSeconds(seconds)
    }
    return `${this.#text}${ticks === 0 ? '0000000' : pad(ticks, 7)}Z`
  }

  /** `YYYY-MM-DDThh:mm:ss.` of seconds since 1601. */
  #writeSeconds(seconds: number): string {
    const day = Math.floor(seconds / SECONDS_PER_DAY)
    const second = seconds % SECONDS_PER_DAY
    if (day !== this.#day) {
      this.#day = day
      this.#date = writeDay(day)
    }
    // Below 100, all three.
    const hours = TWO_DIGITS[Math.floor(second / 3600)]!
    const minutes = TWO_DIGITS[Math.floor(second / 60) % 60]!
    return `${this.#date}T${hours}:${minutes}:${TWO_DIGITS[second % 60]!}.`
  }
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, number) => pad(number, 2))

/** `YYYY-MM-DD` of days since 1601. */
function writeDay(day: number): string {
  const date = new Date((day - DAYS_BEFORE_1970) * MS_PER_DAY)
  const year = pad(date.getUTCFullYear() % 10_000, 4)
  return `${year}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`
}

/** Days of the months of a common year. */
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Writes a SYSTEMTIME (year, month, day of the week, day, hour, minute, second, millisecond); no date is the first of 1601. */
export function writeSystemTime(parts: readonly number[]): string {
  const [year = 0, month = 0, , day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0)
  const isDate = year >= 1601 && year <= 30_827 && day >= 1 && day <= days
  if (!isDate || hour > 23 || minute > 59 || second > 59 || ms > 999) return '1601-01-01T00:00:00.0000000Z'
  return `${pad(year % 10_000, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(ms, 3)}0000Z`
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
