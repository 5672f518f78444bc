import type { AggregationResult } from '@timeskein/query'

/** Buckets of one aggregation in the order of the answer; named ones, which have no order, by name. */
export interface BucketsAnswer {
  readonly kind: 'buckets'
  readonly buckets: readonly BucketAnswer[]
  readonly otherCount: number
  readonly interval: string | undefined
}

export interface BucketAnswer {
  readonly key: string
  readonly count: number
  readonly inner: Readonly<Record<string, BucketsAnswer | MetricAnswer>>
}

/** Figures by the names OpenSearch gives them; `value` where there is one only. */
export interface MetricAnswer {
  readonly kind: 'metric'
  readonly figures: Readonly<Record<string, number | null>>
}

type Definition = Readonly<Record<string, unknown>>

/** Brings a result of the embedded store to the common form. */
export function readOwnAggregation(
  definition: Definition,
  result: AggregationResult,
): BucketsAnswer | MetricAnswer {
  switch (result.kind) {
    case 'metric':
      return { kind: 'metric', figures: { value: result.value } }
    case 'stats': {
      const { count, min, max, avg, sum, sumOfSquares } = result
      const squares = sumOfSquares === undefined ? {} : { sum_of_squares: count > 0 ? sumOfSquares : null }
      return { kind: 'metric', figures: { count, min, max, avg, sum, ...squares } }
    }
    case 'buckets': {
      const buckets = result.buckets.map(({ key, count, aggregations }) => ({
        key: String(key),
        count,
        inner: mapValues(aggregations ?? {}, (inner, name) =>
          readOwnAggregation(readInner(definition)[name] ?? {}, inner),
        ),
      }))
      const { otherCount, interval } = result
      const isNamed = isNamedFilters(definition)
      return { kind: 'buckets', otherCount, interval, buckets: isNamed ? sortByName(buckets) : buckets }
    }
  }
}

/**
 * Brings one aggregation of an OpenSearch answer to the common form.
 *
 * @param definition - What was asked, for the names of inner aggregations and of the only bucket of `missing`.
 */
export function readPeerAggregation(
  definition: Definition,
  answer: PeerAggregation,
): BucketsAnswer | MetricAnswer {
  const inner = readInner(definition)
  const readBucket = (key: string, bucket: PeerBucket): BucketAnswer => ({
    key,
    count: bucket.doc_count,
    inner: mapValues(inner, (part, name) => readPeerAggregation(part, bucket[name] as PeerAggregation)),
  })
  const shared = {
    kind: 'buckets',
    otherCount: answer.sum_other_doc_count ?? 0,
    interval: answer.interval,
  } as const
  if (Array.isArray(answer.buckets)) {
    return {
      ...shared,
      buckets: answer.buckets.map((bucket, at) =>
        readBucket(isRanges(definition) ? String(at) : readBucketKey(bucket, at), bucket),
      ),
    }
  }
  if (answer.buckets) {
    const named = answer.buckets as Readonly<Record<string, PeerBucket>>
    const buckets = Object.entries(named).map(([key, bucket]) => readBucket(key, bucket))
    return { ...shared, buckets: sortByName(buckets) }
  }
  if (answer.doc_count !== undefined) {
    const missing = definition['missing'] as { readonly field: string } | undefined
    return {
      ...shared,
      buckets: [
        readBucket(definition['global'] ? 'global' : (missing?.field ?? 'filter'), answer as PeerBucket),
      ],
    }
  }
  const { value, count, min, max, avg, sum, sum_of_squares } = answer
  const squares = sum_of_squares === undefined ? {} : { sum_of_squares }
  return {
    kind: 'metric',
    figures:
      value === undefined
        ? ({ count, min, max, avg, sum, ...squares } as MetricAnswer['figures'])
        : { value },
  }
}

/** An aggregation in an OpenSearch answer. */
export interface PeerAggregation {
  readonly buckets?: readonly PeerBucket[] | Readonly<Record<string, PeerBucket>>
  readonly doc_count?: number
  readonly sum_other_doc_count?: number
  readonly interval?: string
  readonly value?: number | null
  readonly count?: number
  readonly min?: number | null
  readonly max?: number | null
  readonly avg?: number | null
  readonly sum?: number
  readonly sum_of_squares?: number | null
}

interface PeerBucket {
  readonly key?: string | number
  readonly key_as_string?: string
  readonly doc_count: number
  readonly [inner: string]: unknown
}

function readInner(definition: Definition): Readonly<Record<string, Definition>> {
  return (definition['aggs'] ?? {}) as Readonly<Record<string, Definition>>
}

function isNamedFilters(definition: Definition): boolean {
  const filters = definition['filters'] as { readonly filters?: unknown } | undefined
  return filters !== undefined && !Array.isArray(filters.filters)
}

/** Ranges are told by their order: the texts of their keys are the dialect's. */
function isRanges(definition: Definition): boolean {
  return 'range' in definition || 'date_range' in definition
}

function sortByName(buckets: readonly BucketAnswer[]): BucketAnswer[] {
  return buckets.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Booleans have the keys 1 and 0 there, and their names beside them; unnamed filters have no key. */
function readBucketKey(bucket: PeerBucket, at: number): string {
  const { key_as_string: name } = bucket
  return name === 'true' || name === 'false' ? name : String(bucket.key ?? at)
}

function mapValues<T, R>(
  object: Readonly<Record<string, T>>,
  map: (value: T, name: string) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]))
}
