import type { Aggregation, AggregationResult, Query } from '@timeskein/query'
import type { Aggregator, AggregatorRun, RowsAnswer } from './aggregator.ts'
import { askForField } from './field-question.ts'
import { TIME_FIELDS, textField } from './form-field.ts'
import { readCount, readText, readTimeRange, requireField } from './parameters.ts'
import { findRareValues } from './rare-values.ts'
import { findTimePercentiles } from './time-percentiles.ts'
import { valueField } from './value-field.ts'

/**
 * What a field holds: how many values, which are common and which rare over all events, and when the events are that have it
 * (or these words in it). One row, shaped as OpenSearch answers the aggregations that Timesketch asks for.
 */
export const fieldSummary: Aggregator = {
  name: 'field_summary',
  displayName: 'Field summary aggregations',
  description: 'Summary/descriptive statistics for a user supplied field.',
  family: 'legacy',
  isListed: false,
  formFields: [
    textField('field', 'What field to aggregate on', 'Enter a field to aggregate'),
    textField('field_query_string', 'The filter query to narrow down the result set', 'Query', {
      defaultValue: '*',
    }),
    ...TIME_FIELDS,
  ],
  parameters: [
    'field',
    'field_query_string',
    'start_time',
    'end_time',
    'most_common_limit',
    'rare_value_document_limit',
  ],
  run: summarise,
}

async function summarise(asked: AggregatorRun): Promise<RowsAnswer> {
  const { store, scope, parameters, signal } = asked
  const field = requireField(parameters)
  const counted = await valueField(asked, field)
  const range = readTimeRange(parameters)
  const query: Query = {
    kind: 'and',
    of: [askForField(field, readText(parameters, 'field_query_string', '*')), range],
  }
  const ask = { scope, sort: 'asc', size: 0, ...(signal === undefined ? {} : { signal }) } as const
  const matching = await store.search({ ...ask, query, aggregations: figures(counted) })
  const everything = await store.search({
    ...ask,
    query: { kind: 'all' },
    aggregations: {
      ...figures(counted),
      top: {
        kind: 'terms',
        field: counted,
        size: readCount(parameters, 'most_common_limit', 10),
        order: { by: '_count', direction: 'desc' },
        minCount: 1,
      },
    },
  })
  const rare = await findRareValues(
    asked,
    counted,
    { kind: 'all' },
    readCount(parameters, 'rare_value_document_limit', 5),
  )
  const percentiles = await findTimePercentiles(asked, query, matching.total)
  const top = everything.aggregations['top']
  return {
    kind: 'rows',
    rows: [
      {
        datetime_percentiles: { values: percentiles },
        datetime_min: date(matching.aggregations['first']),
        datetime_max: date(matching.aggregations['last']),
        value_cardinality: { value: metric(matching.aggregations['distinct']) },
        value_count: { value: metric(matching.aggregations['values']) },
        all_values: {
          doc_count: everything.total,
          datetime_min: date(everything.aggregations['first']),
          datetime_max: date(everything.aggregations['last']),
          field_cardinality: { value: metric(everything.aggregations['distinct']) },
          field_count: { value: metric(everything.aggregations['values']) },
          top_terms: {
            doc_count_error_upper_bound: 0,
            sum_other_doc_count: top?.kind === 'buckets' ? top.otherCount : 0,
            buckets: top?.kind === 'buckets' ? top.buckets.map(toBucket) : [],
          },
          rare_terms: { buckets: rare.buckets.map(toBucket) },
        },
      },
    ],
    title: `Summary aggregations for "${field}"`,
    chart: undefined,
    tookMs: matching.tookMs + everything.tookMs,
  }
}

function figures(field: string): Record<string, Aggregation> {
  return {
    first: { kind: 'min', field: 'datetime' },
    last: { kind: 'max', field: 'datetime' },
    distinct: { kind: 'cardinality', field },
    values: { kind: 'value_count', field },
  }
}

function metric(found: AggregationResult | undefined): number | null {
  return found?.kind === 'metric' ? found.value : null
}

function date(found: AggregationResult | undefined): Record<string, unknown> {
  const value = metric(found)
  return value === null ? { value } : { value, value_as_string: new Date(value).toISOString() }
}

function toBucket({ key, count }: { key: string | number; count: number }): Record<string, unknown> {
  return { key, doc_count: count }
}
