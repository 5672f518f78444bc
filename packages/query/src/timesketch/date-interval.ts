import { resolveDate } from '../dates.ts'
import { QueryError } from '../query-error.ts'

const UNIT_US: Readonly<Record<string, bigint>> = {
  s: 1_000_000n,
  m: 60_000_000n,
  h: 3_600_000_000n,
  d: 86_400_000_000n,
}

/**
 * Start and end of a `datetime_interval` chip, `"2024-02-10T09:00:00 -5m +5m"`, both inclusive, as text without a zone
 * and with whole seconds. As in Timesketch the unit of the last word counts for both.
 *
 * @throws {QueryError} When the text is not of that form.
 */
export function readDateInterval(text: string): { start: string; end: string } {
  const words = text.trim().split(/\s+/)
  const [minus, plus] = words.slice(-2)
  const date = words.slice(0, -2).join('T')
  const at = resolveDate(date, { roundUp: false, nowUs: 0n })?.us
  const unit = UNIT_US[plus?.replaceAll(/[^A-Za-z]/g, '') ?? '']
  const before = readDigits(minus)
  const after = readDigits(plus)
  if (
    at === undefined ||
    date.startsWith('now') ||
    unit === undefined ||
    before === undefined ||
    after === undefined
  ) {
    throw new QueryError(
      `Cannot read the time interval: a date and two offsets in s, m, h or d were expected, as in "2024-02-10T09:00:00 -5m +5m", found ${JSON.stringify(text.slice(0, 80))}.`,
      text,
      1,
    )
  }
  return { start: writeSeconds(at - before * unit, text), end: writeSeconds(at + after * unit, text) }
}

function readDigits(word: string | undefined): bigint | undefined {
  const digits = word?.replaceAll(/\D/g, '') ?? ''
  return digits === '' || digits.length > 12 ? undefined : BigInt(digits)
}

function writeSeconds(us: bigint, text: string): string {
  const ms = Math.floor(Number(us) / 1000)
  if (Math.abs(ms) > 8.64e15) {
    throw new QueryError('Cannot read the time interval: it leaves the calendar.', text, 1)
  }
  return new Date(ms).toISOString().replace(/\.\d+Z$/, '')
}
