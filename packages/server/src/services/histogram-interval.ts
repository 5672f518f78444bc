import type { DateHistogramAggregation } from '@timeskein/query'
import { invalid } from '../errors/domain-error.ts'

const CALENDAR_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/**
 * Reads an interval as people type it: a calendar unit (`day`) or a length (`30s`, `5m`, `6h`).
 *
 * @throws {DomainError} `invalid` (`bad-interval`).
 */
export function chooseInterval(text: string): DateHistogramAggregation['interval'] {
  const calendar = CALENDAR_UNITS.find((unit) => unit === text)
  if (calendar) return { calendar }
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  const unitMs = UNIT_MS.get(match?.[2] ?? '')
  const amount = Number(match?.[1])
  if (unitMs === undefined || amount < 1)
    throw invalid(
      'bad-interval',
      `An interval is ${CALENDAR_UNITS.join(', ')}, or a length such as 30s, 5m, 6h; found "${text}".`,
    )
  return { fixedMs: amount * unitMs }
}
