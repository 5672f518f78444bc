import type { Aggregations, MetricAggregation } from '@timeskein/query'
import { refuse } from '../parameters.ts'
import type { ApexQuestion } from './apex-question.ts'

const METRICS: readonly MetricAggregation['kind'][] = [
  'avg',
  'cardinality',
  'min',
  'max',
  'sum',
  'value_count',
]

/** The figure that is wanted: the option `metric`. @default value_count */
export function readMetric({ options }: ApexQuestion): MetricAggregation['kind'] {
  const name = options['metric'] ?? 'value_count'
  return METRICS.find((metric) => metric === name) ?? refuse('metric', `one of ${METRICS.join(', ')}`, name)
}

/** The wanted figure over the last of the fields, under its own name. */
export function askForMetric(question: ApexQuestion): Aggregations {
  const kind = readMetric(question)
  return { [kind]: { kind, field: question.fields.at(-1)!.counted } }
}
