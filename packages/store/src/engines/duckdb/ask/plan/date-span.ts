import { resolveDate } from '@timeskein/query'

/** A stretch of time in microseconds since 1970; `endUs` is exclusive, an end that is undefined is open. */
export interface DateSpan {
  readonly startUs: bigint | undefined
  readonly endUs: bigint | undefined
}

/** A range of dates as it was written. */
export interface DateRange {
  readonly gte?: string | number
  readonly gt?: string | number
  readonly lte?: string | number
  readonly lt?: string | number
  readonly timeZone?: string
}

/**
 * Reads the ends of a range of dates, rounding as OpenSearch does: `lte` and `gt` mean the end of what was written.
 * Nanoseconds are not looked at: an event counts with its whole microsecond.
 *
 * @returns Undefined when an end is no date: then nothing answers.
 */
export function readDateSpan(range: DateRange, nowMs: number): DateSpan | undefined {
  let startUs: bigint | undefined
  let endUs: bigint | undefined
  for (const end of ['gte', 'gt', 'lte', 'lt'] as const) {
    const written = range[end]
    if (written === undefined) continue
    const date = resolveDate(written, {
      roundUp: end === 'gt' || end === 'lte',
      nowUs: BigInt(nowMs) * 1000n,
      ...(range.timeZone !== undefined && { timeZone: range.timeZone }),
    })
    if (!date) return undefined
    const { us } = date
    if (end === 'gte' && (startUs === undefined || us > startUs)) startUs = us
    if (end === 'gt' && (startUs === undefined || us + 1n > startUs)) startUs = us + 1n
    if (end === 'lte' && (endUs === undefined || us + 1n < endUs)) endUs = us + 1n
    if (end === 'lt') {
      const before = date.nanos > 0 ? us + 1n : us
      if (endUs === undefined || before < endUs) endUs = before
    }
  }
  return { startUs, endUs }
}
