import { parseLucene, parseSearchBody, type Query } from '@timeskein/query'
import { AnalyzeError } from '../analyze-error.ts'
import type { Aggregator } from './aggregator.ts'
import { countFieldValues, VALUE_CHARTS } from './count-values.ts'
import { chartField, fieldField, LIMIT_FIELD, TIME_FIELDS, textField } from './form-field.ts'
import { asRecord, type Parameters, readText, refuse } from './parameters.ts'

/** The commonest values of a field among the events that answer a question. */
export const queryBucket: Aggregator = {
  name: 'query_bucket',
  displayName: 'Filtered Terms Aggregation',
  description: 'Aggregating values of a field after applying a filter',
  family: 'legacy',
  isListed: true,
  formFields: [
    chartField(VALUE_CHARTS),
    textField('query_string', 'The filter query to narrow down the result set', 'Query'),
    textField('query_dsl', 'The filter query DSL to narrow down the result', 'Query DSL', { isHidden: true }),
    fieldField('What field to aggregate.'),
    ...TIME_FIELDS,
    LIMIT_FIELD,
  ],
  parameters: ['field', 'query_string', 'query_dsl', 'limit', 'start_time', 'end_time', 'order_field'],
  async run(asked) {
    return countFieldValues(
      asked,
      readFilter(asked.parameters),
      (field) => `Top filtered results for "${field}"`,
    )
  },
}

function readFilter(parameters: Parameters): Query {
  const queryString = readText(parameters, 'query_string')
  const dsl = readDsl(parameters['query_dsl'])
  if (dsl) return parseSearchBody(dsl).query
  if (queryString) return parseLucene(queryString, { defaultOperator: 'and' })
  throw new AnalyzeError('bad-parameter', 'Both query_string and query_dsl are missing', 'query_string')
}

function readDsl(value: unknown): Parameters | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const expected = 'a search body, as an object or as JSON text of one,'
  if (typeof value !== 'string') return asRecord(value) ?? refuse('query_dsl', expected, value)
  try {
    return asRecord(JSON.parse(value)) ?? refuse('query_dsl', expected, value)
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('query_dsl', expected, value)
    throw error
  }
}
