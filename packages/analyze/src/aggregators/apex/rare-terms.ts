import type { Aggregator } from '../aggregator.ts'
import { readCount } from '../parameters.ts'
import { findRareValues } from '../rare-values.ts'
import { APEX_PARAMETERS, readApexQuestion } from './apex-question.ts'

/** Values of a field that few events have. */
export const rareTerms: Aggregator = {
  name: 'rare_terms',
  displayName: 'Rare Terms',
  description: 'Rare Terms Aggregation for an ApexChart visualization',
  family: 'apex',
  isListed: false,
  formFields: [],
  parameters: APEX_PARAMETERS,
  async run(asked) {
    const question = readApexQuestion(asked)
    const { counted } = question.fields[0]!
    const { buckets, total, tookMs } = await findRareValues(
      asked,
      counted,
      question.query,
      readCount(question.options, 'max_items', 3),
    )
    return {
      kind: 'series',
      series: { value_count: buckets.map((bucket) => bucket.count) },
      labels: buckets.map((bucket) => String(bucket.key)),
      chartType: question.chartType,
      chartOptions: question.chartOptions,
      raw: { buckets: buckets.map(({ key, count }) => ({ key, doc_count: count })) },
      total,
      tookMs,
    }
  },
}
