const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const DAY_MS = 86_400_000

type Write = (date: Date) => string | number

const two = (value: number): string => String(value).padStart(2, '0')
const three = (value: number): string => String(value).padStart(3, '0')

/** What stands after `%` (Python 3.13, module `datetime`, "strftime() and strptime() Format Codes"), in English and UTC. */
const CODES: Readonly<Record<string, Write>> = {
  Y: (date) => date.getUTCFullYear(),
  y: (date) => two(date.getUTCFullYear() % 100),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  f: (date) => `${three(date.getUTCMilliseconds())}000`,
  B: (date) => MONTHS[date.getUTCMonth()]!,
  b: (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  A: (date) => DAYS[date.getUTCDay()]!,
  a: (date) => DAYS[date.getUTCDay()]!.slice(0, 3),
  j: (date) => three(dayOfYear(date)),
  w: (date) => date.getUTCDay(),
  u: (date) => date.getUTCDay() || 7,
  G: (date) => isoWeek(date).year,
  V: (date) => two(isoWeek(date).week),
  s: (date) => Math.floor(date.getTime() / 1000),
  z: () => '+0000',
  Z: () => 'UTC',
  F: (date) => formatTime(date, '%Y-%m-%d'),
  T: (date) => formatTime(date, '%H:%M:%S'),
  '%': () => '%',
}

/** Writes a time as Python's `strftime` does; codes that it does not know stay as they are. */
export function formatTime(date: Date, format: string): string {
  return format.replace(/%(.)/gs, (whole, code: string) =>
    Object.hasOwn(CODES, code) ? String(CODES[code]!(date)) : whole,
  )
}

/** The week of ISO 8601, and the year it belongs to. */
export function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const day = date.getUTCDay() || 7
  const thursday = new Date(date.getTime() + (4 - day) * DAY_MS)
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) }
}

function dayOfYear(date: Date): number {
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())
  return (midnight - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS + 1
}
