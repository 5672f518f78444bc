import type { Query } from '@timeskein/query'
import type { AggregatorRun } from './aggregator.ts'

/** The percentiles that OpenSearch gives when nobody names any. */
const PERCENTS = [1, 5, 25, 50, 75, 95, 99] as const

/**
 * By which time so many per cent of the events had happened, exactly: between two events the time is on the line between them,
 * the middle of each being its place (as OpenSearch's digest has it while it holds every value).
 *
 * @param total - Events that answer the question.
 * @returns Milliseconds since 1970 as `1.0`, `5.0` … and ISO text as `1.0_as_string` …; null where there is no event.
 */
export async function findTimePercentiles(
  { store, scope, signal }: AggregatorRun,
  query: Query,
  total: number,
): Promise<Record<string, number | string | null>> {
  const values: Record<string, number | string | null> = {}
  for (const percent of PERCENTS) {
    const name = percent.toFixed(1)
    if (total === 0) {
      values[name] = null
      continue
    }
    const place = Math.min(Math.max((percent / 100) * total - 0.5, 0), total - 1)
    const page = await store.search({
      scope,
      query,
      sort: 'asc',
      size: 2,
      from: Math.floor(place),
      ...(signal === undefined ? {} : { signal }),
    })
    const [before, after] = page.events.map((event) => Math.floor(Number(event.timeUs) / 1000))
    if (before === undefined) {
      values[name] = null
      continue
    }
    const time = before + ((after ?? before) - before) * (place - Math.floor(place))
    values[name] = time
    values[`${name}_as_string`] = new Date(Math.floor(time)).toISOString()
  }
  return values
}
