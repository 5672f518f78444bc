import { type Aggregations, findTimeZone } from '@timeskein/query'
import { invalid } from '../../errors/domain-error.ts'

/** Longest stretch of a histogram over time: with it the begin of every bucket is a date that can be written. */
export const MAX_INTERVAL_MS = 864_000_000_000_000

/**
 * Refuses aggregations that no engine can carry out, wherever they come from.
 *
 * @param path - Where they stand in the request, for the message.
 * @throws {DomainError} `invalid` (`bad-interval`, `bad-time-zone`), naming the parameter, what was expected and what was found.
 */
export function requireAggregations(aggregations: Aggregations, path = 'aggregations'): void {
  for (const [name, aggregation] of Object.entries(aggregations)) {
    const place = `${path}.${name}`
    if (aggregation.kind === 'date_histogram') {
      const { interval, timeZone } = aggregation
      if ('fixedMs' in interval) requireLength(interval.fixedMs, `${place}.interval`, 'milliseconds')
      if (timeZone !== undefined && findTimeZone(timeZone) === undefined)
        throw invalid(
          'bad-time-zone',
          `${place}.time_zone: an offset such as +02:00 or a zone such as Europe/Berlin was expected, found ${JSON.stringify(timeZone)}.`,
          { parameter: `${place}.time_zone` },
        )
    }
    if (aggregation.kind === 'histogram') requireLength(aggregation.interval, `${place}.interval`)
    if ('aggregations' in aggregation && aggregation.aggregations)
      requireAggregations(aggregation.aggregations, place)
  }
}

function requireLength(length: number, parameter: string, unit?: 'milliseconds'): void {
  const isTime = unit !== undefined
  if (isTime ? length >= 1 && length <= MAX_INTERVAL_MS : length > 0 && Number.isFinite(length)) return
  const expected = isTime ? `a length from 1 to ${MAX_INTERVAL_MS} ${unit}` : 'a number above 0'
  throw invalid('bad-interval', `${parameter}: ${expected} was expected, found ${length}.`, { parameter })
}
