import type { Aggregator } from '../aggregator.ts'
import { APEX_PARAMETERS, readApexQuestion } from './apex-question.ts'
import { readValue } from './histogram.ts'
import { readMetric } from './metric.ts'

/** One figure over a field. */
export const singleMetric: Aggregator = {
  name: 'single_metric',
  displayName: 'Single Metric',
  description: 'Single Metric Aggregation for an ApexChart visualization',
  family: 'apex',
  isListed: false,
  formFields: [],
  parameters: APEX_PARAMETERS,
  async run(asked) {
    const question = readApexQuestion(asked)
    const metric = readMetric(question)
    const { name, counted } = question.fields[0]!
    const figure = { kind: metric, field: counted } as const
    const result = await asked.store.search({
      scope: asked.scope,
      query: question.query,
      sort: 'asc',
      size: 0,
      aggregations: { aggregation: figure },
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    })
    const value = readValue(result.aggregations['aggregation'])
    return {
      kind: 'series',
      series: { [name]: [value] },
      labels: [metric],
      chartType: question.chartType,
      chartOptions: question.chartOptions,
      raw: { value },
      total: result.total,
      tookMs: result.tookMs,
    }
  },
}
