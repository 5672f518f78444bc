import type { Aggregation } from '@timeskein/query'
import type { Aggregator } from '../aggregator.ts'
import { readCount } from '../parameters.ts'
import { APEX_CHARTS, APEX_PARAMETERS, readApexQuestion } from './apex-question.ts'

/** A field's commonest values. */
export const topTerms: Aggregator = {
  name: 'top_terms',
  displayName: 'Top Terms',
  description: 'Top Terms Aggregation for an ApexChart visualization',
  family: 'apex',
  isListed: false,
  formFields: [],
  parameters: APEX_PARAMETERS,
  async run(asked) {
    const question = readApexQuestion(asked, [...APEX_CHARTS, 'donut'])
    const terms: Aggregation = {
      kind: 'terms',
      field: question.fields[0]!.counted,
      size: readCount(question.options, 'max_items', 10),
      order: { by: '_count', direction: 'desc' },
      minCount: 1,
    }
    const result = await asked.store.search({
      scope: asked.scope,
      query: question.query,
      sort: 'asc',
      size: 0,
      aggregations: { aggregation: terms },
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    })
    const found = result.aggregations['aggregation']
    const buckets = found?.kind === 'buckets' ? found.buckets : []
    return {
      kind: 'series',
      series: { value_count: buckets.map((bucket) => bucket.count) },
      labels: buckets.map((bucket) => String(bucket.key)),
      chartType: question.chartType,
      chartOptions: question.chartOptions,
      raw: {
        buckets: buckets.map(({ key, count }) => ({ key, doc_count: count })),
        doc_count_error_upper_bound: 0,
        sum_other_doc_count: found?.kind === 'buckets' ? found.otherCount : 0,
      },
      total: result.total,
      tookMs: result.tookMs,
    }
  },
}
