import type { Aggregator } from '../aggregator.ts'
import { readText, refuse } from '../parameters.ts'
import { APEX_PARAMETERS, readApexQuestion } from './apex-question.ts'
import { runHistogram } from './histogram.ts'
import { askForMetric } from './metric.ts'

const CALENDAR_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const

/** Events over time in stretches of the calendar. */
export const calendarDateHistogram: Aggregator = {
  name: 'calendar_date_histogram',
  displayName: 'Calendar Date Histogram',
  description: 'Calendar Date Histogram Aggregation for use with ApexCharts',
  family: 'apex',
  isListed: false,
  formFields: [],
  parameters: APEX_PARAMETERS,
  async run(asked) {
    const question = readApexQuestion(asked)
    const name = readText(question.options, 'calendar_interval', 'year')
    const calendar =
      CALENDAR_UNITS.find((unit) => unit === name) ??
      refuse('calendar_interval', `one of ${CALENDAR_UNITS.join(', ')}`, name)
    return runHistogram(asked, question, {
      kind: 'date_histogram',
      field: 'datetime',
      interval: { calendar },
      minCount: 0,
      aggregations: askForMetric(question),
    })
  },
}
