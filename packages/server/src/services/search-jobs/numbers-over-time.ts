import type { MetricAggregation, Query } from '@timeskein/query'
import { nameEventField } from '@timeskein/query'
import type { EventStore, Scope } from '@timeskein/store'
import { invalid } from '../../errors/domain-error.ts'
import type { SearchJobService } from './search-job-service.ts'

/** Stretches of time of one answer at most. */
const MAX_STRETCHES = 10_000

/** See `SearchJobService.countOverTime`. @throws {DomainError} `invalid` (`too-many-buckets`, `no-field`). */
export async function numbersOverTime(
  store: EventStore,
  scope: Scope,
  query: Query,
  { kind, field, bucketMs, earliestUs, latestUs }: Parameters<SearchJobService['countOverTime']>[1],
  signal?: AbortSignal,
): Promise<Awaited<ReturnType<SearchJobService['countOverTime']>>> {
  if (Number(latestUs - earliestUs) / 1000 / bucketMs > MAX_STRETCHES)
    throw invalid(
      'too-many-buckets',
      `At most ${MAX_STRETCHES} stretches of time expected; make them longer.`,
    )
  if (kind !== 'count' && field === undefined)
    throw invalid('no-field', `A field is expected for the aggregation ${kind}, found none.`)
  const metric: MetricAggregation | undefined =
    kind === 'count' ? undefined : { kind, field: nameEventField(field ?? '') }
  const { aggregations } = await store.search({
    scope,
    query,
    sort: 'desc',
    size: 0,
    ...(signal && { signal }),
    aggregations: {
      times: {
        kind: 'date_histogram',
        field: 'datetime',
        interval: { fixedMs: bucketMs },
        minCount: 0,
        ...(metric && { aggregations: { value: metric } }),
      },
    },
  })
  const times = aggregations['times']
  if (times?.kind !== 'buckets') return []
  return times.buckets.map((bucket) => {
    const value = bucket.aggregations?.['value']
    return {
      atMs: Number(bucket.key),
      value: !metric ? bucket.count : value?.kind === 'metric' ? (value.value ?? undefined) : undefined,
    }
  })
}
