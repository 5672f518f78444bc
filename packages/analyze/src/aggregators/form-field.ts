/** One field of the form by which people ask for an aggregation; types are the names of Timesketch's inputs. */
export interface FormField {
  readonly type:
    | 'ts-dynamic-form-select-input'
    | 'ts-dynamic-form-text-input'
    | 'ts-dynamic-form-datetime-input'
  /** The parameter it fills in. */
  readonly name: string
  readonly label: string
  readonly placeholder?: string
  readonly options?: readonly string[]
  readonly default_value?: string
  readonly display: boolean
}

/** Which chart to draw. */
export function chartField(options: readonly string[]): FormField {
  return {
    type: 'ts-dynamic-form-select-input',
    name: 'supported_charts',
    label: 'Chart type to render',
    options,
    display: true,
  }
}

/** A line of text. */
export function textField(
  name: string,
  label: string,
  placeholder: string,
  options: { defaultValue?: string; isHidden?: boolean } = {},
): FormField {
  return {
    type: 'ts-dynamic-form-text-input',
    name,
    label,
    placeholder,
    default_value: options.defaultValue ?? '',
    display: options.isHidden !== true,
  }
}

/** The field whose values are counted. */
export function fieldField(label: string): FormField {
  return textField('field', label, 'Enter a field to aggregate')
}

/** Most rows wanted. */
export const LIMIT_FIELD: FormField = textField(
  'limit',
  'Number of results to return',
  'Enter number of results',
  { defaultValue: '10' },
)

/** From when to when. */
export const TIME_FIELDS: readonly FormField[] = [
  {
    type: 'ts-dynamic-form-datetime-input',
    name: 'start_time',
    label: 'ISO formatted timestamp for the start time of the aggregated data',
    placeholder: 'Enter a start date for the aggregation',
    default_value: '',
    display: true,
  },
  {
    type: 'ts-dynamic-form-datetime-input',
    name: 'end_time',
    label: 'ISO formatted end time for the aggregation',
    placeholder: 'Enter an end date for the aggregation',
    default_value: '',
    display: true,
  },
]
