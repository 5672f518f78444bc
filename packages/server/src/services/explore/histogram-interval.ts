import type { DateHistogramAggregation } from '@timeskein/query'
import { invalid } from '../../errors/domain-error.ts'
import { MAX_INTERVAL_MS } from './check-aggregations.ts'

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
  if (unitMs === undefined || amount < 1 || amount * unitMs > MAX_INTERVAL_MS)
    throw invalid(
      'bad-interval',
      `interval: ${CALENDAR_UNITS.join(', ')}, or a length such as 30s, 5m, 6h was expected, found "${text}".`,
      { parameter: 'interval' },
    )
  return { fixedMs: amount * unitMs }
}
