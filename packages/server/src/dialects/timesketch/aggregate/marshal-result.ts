import type { Aggregation, AggregationResult, Aggregations, Bucket, BucketRange } from '@timeskein/query'
import { marshalStats } from './marshal-stats.ts'

/** Results of aggregations as OpenSearch answers them. */
export function marshalAggregations(
  asked: Aggregations,
  results: Readonly<Record<string, AggregationResult>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(asked).map(([name, aggregation]) => [name, marshalResult(aggregation, results[name])]),
  )
}

function marshalResult(asked: Aggregation, result: AggregationResult | undefined): unknown {
  if (!result) return null
  switch (result.kind) {
    case 'metric':
      return { value: result.value }
    case 'stats':
      return marshalStats(result)
    case 'buckets':
      return marshalBuckets(asked, result)
    default:
      return result satisfies never
  }
}

function marshalBuckets(asked: Aggregation, result: AggregationResult & { kind: 'buckets' }): unknown {
  const inner = 'aggregations' in asked ? (asked.aggregations ?? {}) : {}
  const body = (bucket: Bucket): Record<string, unknown> => ({
    doc_count: bucket.count,
    ...marshalAggregations(inner, bucket.aggregations ?? {}),
  })
  const onlyBucket = () => (result.buckets[0] ? body(result.buckets[0]) : { doc_count: 0 })
  switch (asked.kind) {
    case 'terms':
      return {
        doc_count_error_upper_bound: 0,
        sum_other_doc_count: result.otherCount,
        buckets: result.buckets.map((bucket) => ({ key: bucket.key, ...body(bucket) })),
      }
    case 'filters':
      if (asked.single) return onlyBucket()
      if (asked.ranges)
        return {
          buckets: asked.ranges.map((range, at) => ({
            ...marshalRange(range),
            ...body(result.buckets[at]!),
          })),
        }
      if (asked.anonymous) return { buckets: result.buckets.map(body) }
      return { buckets: Object.fromEntries(result.buckets.map((bucket) => [bucket.key, body(bucket)])) }
    case 'missing':
    case 'global':
      return onlyBucket()
    case 'date_histogram':
    case 'auto_date_histogram':
      return {
        buckets: result.buckets.map((bucket) => ({
          key_as_string: new Date(Number(bucket.key)).toISOString(),
          key: bucket.key,
          ...body(bucket),
        })),
        ...(result.interval === undefined ? {} : { interval: result.interval }),
      }
    default:
      return { buckets: result.buckets.map((bucket) => ({ key: bucket.key, ...body(bucket) })) }
  }
}

/** What a bucket of a range is about, ahead of what is in it. */
function marshalRange({ key, from, to, isDate }: BucketRange): Record<string, unknown> {
  const end = (name: 'from' | 'to', value: number | undefined): Record<string, unknown> =>
    value === undefined
      ? {}
      : { [name]: value, ...(isDate ? { [`${name}_as_string`]: new Date(value).toISOString() } : {}) }
  return { key, ...end('from', from), ...end('to', to) }
}
