import type { DateHistogramAggregation } from '@timeskein/query'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

const CALENDAR_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads an interval: a calendar unit (`day`) or a length (`30s`, `5m`, `6h`). */
export function chooseInterval(text: string): DateHistogramAggregation['interval'] {
  const calendar = CALENDAR_UNITS.find((unit) => unit === text)
  if (calendar) return { calendar }
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text)
  const unitMs = UNIT_MS[match?.[2] ?? '']
  const amount = Number(match?.[1])
  if (unitMs === undefined || amount < 1)
    throw new CliError(
      `--interval takes ${CALENDAR_UNITS.join(', ')}, or a length such as 30s, 5m, 6h; found "${text}"`,
      EXIT.usage,
    )
  return { fixedMs: amount * unitMs }
}
