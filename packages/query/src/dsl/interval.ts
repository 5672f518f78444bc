import type { DateHistogramAggregation } from '../aggregation.ts'
import { describe, fail } from './json.ts'

type Interval = DateHistogramAggregation['interval']

const CALENDAR: ReadonlyMap<string, Interval> = new Map<string, Interval>([
  ...(['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const).flatMap((calendar) => {
    const short = calendar === 'month' ? '1M' : `1${calendar[0]}`
    return [[calendar, { calendar }] as const, [short, { calendar }] as const]
  }),
  ['second', { fixedMs: 1000 }],
  ['1s', { fixedMs: 1000 }],
])

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `day`, `1d`, `1M` and so on: one calendar unit, never more. */
export function readCalendarInterval(value: unknown, path: string): Interval {
  const found = typeof value === 'string' ? CALENDAR.get(value) : undefined
  if (found !== undefined) return found
  return fail(path, `one of ${[...CALENDAR.keys()].join(', ')} was expected, found ${describe(value)}`)
}

/** `30s`, `12h`, `7d`: a length in milliseconds. */
export function readFixedInterval(value: unknown, path: string): Interval {
  const found = typeof value === 'string' ? /^(\d{1,12})\s?(ms|s|m|h|d)$/.exec(value) : null
  const fixedMs = found === null ? 0 : Number(found[1]) * UNIT_MS[found[2]!]!
  if (Number.isSafeInteger(fixedMs) && fixedMs > 0) return { fixedMs }
  return fail(path, `a length such as "30s" or "12h" (ms, s, m, h, d) was expected, found ${describe(value)}`)
}

/** The older `interval`, which takes either; a number is milliseconds. */
export function readLegacyInterval(value: unknown, path: string): Interval {
  if (typeof value === 'number') return readFixedInterval(`${value}ms`, path)
  if (typeof value === 'string' && CALENDAR.has(value)) return CALENDAR.get(value)!
  return readFixedInterval(value, path)
}
