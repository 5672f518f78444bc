/** The aggregators that are listed, with the fields of their forms (reference, section 7.1). */

interface FormField {
  readonly type: string
  readonly name: string
  readonly label: string
  readonly placeholder?: string
  readonly options?: readonly string[]
  readonly default_value?: string
  readonly display: boolean
}

interface AggregatorInfo {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly formFields: readonly FormField[]
}

const SELECT = 'ts-dynamic-form-select-input'
const TEXT = 'ts-dynamic-form-text-input'
const DATETIME = 'ts-dynamic-form-datetime-input'

const CHARTS = ['table', 'barchart', 'hbarchart', 'circlechart', 'linechart']

function chartField(options: readonly string[]): FormField {
  return { type: SELECT, name: 'supported_charts', label: 'Chart type to render', options, display: true }
}

function fieldField(label: string): FormField {
  return {
    type: TEXT,
    name: 'field',
    label,
    placeholder: 'Enter a field to aggregate',
    default_value: '',
    display: true,
  }
}

const TIME_FIELDS: readonly FormField[] = [
  {
    type: DATETIME,
    name: 'start_time',
    label: 'ISO formatted timestamp for the start time of the aggregated data',
    placeholder: 'Enter a start date for the aggregation',
    default_value: '',
    display: true,
  },
  {
    type: DATETIME,
    name: 'end_time',
    label: 'ISO formatted end time for the aggregation',
    placeholder: 'Enter an end date for the aggregation',
    default_value: '',
    display: true,
  },
]

const LIMIT_FIELD: FormField = {
  type: TEXT,
  name: 'limit',
  label: 'Number of results to return',
  placeholder: 'Enter number of results',
  default_value: '10',
  display: true,
}

/** The listed aggregators. */
export const AGGREGATORS: readonly AggregatorInfo[] = [
  {
    name: 'field_bucket',
    displayName: 'Terms Aggregation',
    description: 'Aggregating values of a particular field',
    formFields: [chartField(CHARTS), fieldField('What field to aggregate on'), ...TIME_FIELDS, LIMIT_FIELD],
  },
  {
    name: 'date_histogram',
    displayName: 'Date Histogram Aggregation',
    description: 'Aggregates values of a field into a time interval bucket.',
    formFields: [
      chartField(['table', 'heatmap', 'date_histogram']),
      {
        type: SELECT,
        name: 'supported_intervals',
        label: 'Time interval',
        options: ['year', 'month', 'day', 'day_of_week', 'hour'],
        default_value: 'day',
        display: true,
      },
      fieldField('What field to aggregate on'),
      {
        type: TEXT,
        name: 'field_query_string',
        label: 'The filter query to narrow down the result set',
        placeholder: 'Query',
        default_value: '*',
        display: true,
      },
      ...TIME_FIELDS,
    ],
  },
  {
    name: 'query_bucket',
    displayName: 'Filtered Terms Aggregation',
    description: 'Aggregating values of a field after applying a filter',
    formFields: [
      chartField(CHARTS),
      {
        type: TEXT,
        name: 'query_string',
        label: 'The filter query to narrow down the result set',
        placeholder: 'Query',
        default_value: '',
        display: true,
      },
      {
        type: TEXT,
        name: 'query_dsl',
        label: 'The filter query DSL to narrow down the result',
        placeholder: 'Query DSL',
        default_value: '',
        display: false,
      },
      fieldField('What field to aggregate.'),
      ...TIME_FIELDS,
      LIMIT_FIELD,
    ],
  },
]

/** `meta.aggregators` of a sketch. */
export const AGGREGATOR_FORMS: Readonly<Record<string, unknown>> = Object.fromEntries(
  AGGREGATORS.map((aggregator) => [
    aggregator.name,
    {
      form_fields: aggregator.formFields,
      display_name: aggregator.displayName,
      description: aggregator.description,
    },
  ]),
)

/** One line of `/aggregation/info/`. */
export function marshalAggregatorInfo(aggregator: AggregatorInfo): Record<string, unknown> {
  return {
    name: aggregator.name,
    display_name: aggregator.displayName,
    description: aggregator.description,
    fields: aggregator.formFields.map((field) => ({ name: field.name, description: field.label })),
  }
}
