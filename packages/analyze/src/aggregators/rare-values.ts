import type { Query } from '@timeskein/query'
import { AnalyzeError } from '../analyze-error.ts'
import type { AggregatorRun } from './aggregator.ts'
import { MAX_BUCKETS } from './parameters.ts'

/** Values with how many events have them. */
export interface RareValues {
  readonly buckets: readonly { readonly key: string | number; readonly count: number }[]
  /** Events that answer the question. */
  readonly total: number
  readonly tookMs: number
}

/**
 * Values that at most so many events have, the rarest first, those of equal count by value.
 *
 * @param field - As it is counted (`valueField`).
 * @throws {AnalyzeError} `too-many-buckets` when there are more than `MAX_BUCKETS` of them.
 */
export async function findRareValues(
  { store, scope, signal }: AggregatorRun,
  field: string,
  query: Query,
  maxCount: number,
): Promise<RareValues> {
  const result = await store.search({
    scope,
    query,
    sort: 'asc',
    size: 0,
    aggregations: {
      values: {
        kind: 'terms',
        field,
        size: MAX_BUCKETS,
        order: { by: '_count', direction: 'asc' },
        minCount: 1,
      },
    },
    ...(signal === undefined ? {} : { signal }),
  })
  const found = result.aggregations['values']
  const all = found?.kind === 'buckets' ? found.buckets : []
  const buckets = all.filter((bucket) => bucket.count <= maxCount)
  if (buckets.length === MAX_BUCKETS)
    throw new AnalyzeError(
      'too-many-buckets',
      `${field} has ${MAX_BUCKETS} or more values that at most ${maxCount} events have; narrow the question.`,
      'field',
    )
  return { buckets, total: result.total, tookMs: result.tookMs }
}
