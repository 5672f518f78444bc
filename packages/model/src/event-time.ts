/** Times of events: microseconds since 1970 as a bigint, with 0 to 999 nanoseconds beside them. */

const MICROS_PER_DAY = 86_400_000_000n
const LAST_EXACT_US = BigInt(Number.MAX_SAFE_INTEGER)
const DAYS_PER_400_YEARS = 146_097

/**
 * Writes a time as ISO 8601 in UTC, with as many fraction digits as it has (none, 6 or 9).
 *
 * Unlike `Date`, it knows every year that 64 bits of microseconds reach (about -290,000 to 290,000); years outside
 * 0000 to 9999 get a sign and six digits (ISO 8601, expanded representation).
 *
 * @param timeUs - Microseconds since 1970-01-01T00:00:00Z.
 * @param nanos - 0 to 999 nanoseconds more.
 * @example formatIsoTime(1_577_836_800_000_000n) // '2020-01-01T00:00:00+00:00'
 */
export function formatIsoTime(timeUs: bigint, nanos = 0): string {
  if (nanos === 0 && timeUs >= 0n && timeUs <= LAST_EXACT_US) return formatUsualTime(Number(timeUs))
  let day = timeUs / MICROS_PER_DAY
  let rest = timeUs % MICROS_PER_DAY
  if (rest < 0n) {
    rest += MICROS_PER_DAY
    day -= 1n
  }
  const { year, month, dayOfMonth } = splitDay(Number(day))
  const micros = Number(rest)
  const seconds = Math.floor(micros / 1_000_000)
  const fraction = micros % 1_000_000
  const yearText =
    year >= 0 && year <= 9999 ? pad(year, 4) : `${year < 0 ? '-' : '+'}${pad(Math.abs(year), 6)}`
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
  let fractionText = ''
  if (nanos > 0) fractionText = `.${pad(fraction, 6)}${pad(nanos, 3)}`
  else if (fraction > 0) fractionText = `.${pad(fraction, 6)}`
  return `${yearText}-${pad(month, 2)}-${pad(dayOfMonth, 2)}T${clock}${fractionText}+00:00`
}

/** From 1970 to 2255, where a double holds the microseconds. */
function formatUsualTime(micros: number): string {
  const text = new Date(Math.floor(micros / 1000)).toISOString()
  const fraction = micros % 1_000_000
  return fraction === 0 ? `${text.slice(0, 19)}+00:00` : `${text.slice(0, 19)}.${pad(fraction, 6)}+00:00`
}

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar (month 1 to 12). */
export function countDays(year: number, month: number, dayOfMonth: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_PER_400_YEARS + dayOfEra - 719_468
}

function splitDay(day: number): { year: number; month: number; dayOfMonth: number } {
  const shifted = day + 719_468
  const era = Math.floor(shifted / DAYS_PER_400_YEARS)
  const dayOfEra = shifted - era * DAYS_PER_400_YEARS
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  }
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
