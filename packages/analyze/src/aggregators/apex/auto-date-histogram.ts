import type { Aggregator } from '../aggregator.ts'
import { readCount } from '../parameters.ts'
import { APEX_PARAMETERS, readApexQuestion } from './apex-question.ts'
import { runHistogram } from './histogram.ts'
import { askForMetric } from './metric.ts'

/** Events over time in at most so many stretches of a round length. */
export const autoDateHistogram: Aggregator = {
  name: 'auto_date_histogram',
  displayName: 'Auto Date Histogram',
  description: 'Auto Date Histogram Aggregation for an ApexChart visualization',
  family: 'apex',
  isListed: false,
  formFields: [],
  parameters: APEX_PARAMETERS,
  async run(asked) {
    const question = readApexQuestion(asked)
    return runHistogram(asked, question, {
      kind: 'auto_date_histogram',
      field: 'datetime',
      buckets: readCount(question.options, 'max_items', 10),
      aggregations: askForMetric(question),
    })
  },
}
