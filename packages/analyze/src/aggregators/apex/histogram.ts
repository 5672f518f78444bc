import type { Aggregation, AggregationResult } from '@timeskein/query'
import type { AggregatorRun, SeriesAnswer } from '../aggregator.ts'
import type { ApexQuestion } from './apex-question.ts'
import { readMetric } from './metric.ts'

/** Puts a histogram over time to the store: the numbers of events and the wanted figure, beside the begins of the stretches. */
export async function runHistogram(
  { store, scope, signal }: AggregatorRun,
  question: ApexQuestion,
  asked: Aggregation,
): Promise<SeriesAnswer> {
  const result = await store.search({
    scope,
    query: question.query,
    sort: 'asc',
    size: 0,
    aggregations: { aggregation: asked },
    ...(signal === undefined ? {} : { signal }),
  })
  const found = result.aggregations['aggregation']
  const buckets = found?.kind === 'buckets' ? found.buckets : []
  const metric = readMetric(question)
  return {
    kind: 'series',
    series: {
      doc_count: buckets.map((bucket) => bucket.count),
      [metric]: buckets.map((bucket) => readValue(bucket.aggregations?.[metric])),
    },
    labels: buckets.map((bucket) => new Date(Number(bucket.key)).toISOString()),
    chartType: question.chartType,
    chartOptions: question.chartOptions,
    raw: {
      buckets: buckets.map((bucket) => ({
        doc_count: bucket.count,
        [metric]: { value: readValue(bucket.aggregations?.[metric]) },
      })),
      ...(found?.kind === 'buckets' && found.interval !== undefined ? { interval: found.interval } : {}),
    },
    total: result.total,
    tookMs: result.tookMs,
  }
}

/** A figure; null where there is none. */
export function readValue(found: AggregationResult | undefined): number | null {
  return found?.kind === 'metric' ? found.value : null
}
